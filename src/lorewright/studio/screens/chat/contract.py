"""What the parts of a chat's page need of it, and of each other."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from nicegui import ui

from lorewright.studio.address import look, shown_at
from lorewright.studio.visit import Visit
from lorewright.workspace.chats.chats import Chat
from lorewright.workspace.chats.choices import Choice
from lorewright.workspace.chats.turns import Turn

LETTERS = "ABCDEF"


class SourcesPanel(Protocol):
    """The panel beside a conversation."""

    async def open_citation(self, answer: Mapping[str, Any], number: int) -> None:
        """Show the source of a citation, at its page."""

    async def open_passage(self, passage: Mapping[str, Any]) -> None:
        """Show the document of a passage that stands beside an answer, at its place."""

    async def open_evidence(self, answer: Mapping[str, Any]) -> None:
        """Show what was retrieved, and why."""


class ChatPage(Protocol):
    """A chat that is open on a page; `is_fixed` where it may only be read.

    `starters` are questions to begin with.
    """

    visit: Visit
    chat: Chat
    choices: Sequence[Choice]
    is_fixed: bool
    starters: Sequence[str]

    @property
    def whole(self) -> ui.element:
        """Everything of the chat."""

    @property
    def sources(self) -> SourcesPanel:
        """The panel beside it."""

    async def ask(self, question: str, *, before: str | None = None) -> bool:
        """Ask at the end of the branch, or after another turn; return whether that worked."""

    async def again(self, turn: Turn) -> None:
        """Ask the same once more."""

    async def keep(self) -> bool:
        """Keep a chat that was new until now; return whether it is kept."""

    async def change(self, **changes: Any) -> None:
        """Change the chat."""

    async def refresh(self) -> None:
        """Show everything as it is kept now."""

    async def see(self, turn: Turn) -> None:
        """Show another branch."""

    async def stop(self) -> None:
        """Stop every answer that is being written."""

    def leave(self) -> None:
        """Follow nothing any more."""


def in_browser(name: str, *given: object) -> None:
    """Call a function of the chat's script in the browser."""
    arguments = ", ".join(json.dumps(value) for value in given)
    ui.run_javascript(f"import({json.dumps(look('chat.js'))}).then((it) => it.{name}({arguments}))")


def moved_to(visit: Visit, path: str) -> None:
    """Let the page be at another address from here on, as it is: nothing is built again."""
    router = visit.client.sub_pages_router
    router.current_path = path
    for element in visit.client.layout.descendants():
        if isinstance(element, ui.sub_pages):
            # Else a way back to the address before would lead nowhere: it would count as being there.
            element._set_match(element._find_matching_path())
    ui.run_javascript(shown_at(path))


def short_name(page: ChatPage, model: str) -> str:
    """Return what a model is called on the page."""
    return next((choice.name for choice in page.choices if choice.id == model), model.rpartition("/")[2])
