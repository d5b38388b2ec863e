"""The chat that is open: its turns, its composer, and what is asked in it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import ElementWithCleanup
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.chat.bar import ChatBar
from lorewright.studio.screens.chat.beginning import show_begin
from lorewright.studio.screens.chat.chat_list import ChatList
from lorewright.studio.screens.chat.composer import Composer
from lorewright.studio.screens.chat.contract import in_browser, moved_to
from lorewright.studio.screens.chat.live_updates import ChatWatch
from lorewright.studio.screens.chat.log import ChatLog
from lorewright.studio.screens.chat.sources import Sources
from lorewright.studio.visit import Visit
from lorewright.workspace.chats.asking import ask, ask_again, find_live, stop_answers
from lorewright.workspace.chats.chats import Chat, change_chat, find_chat, find_shared, new_chat
from lorewright.workspace.chats.choices import Choice
from lorewright.workspace.chats.files import ChatFile, files_of
from lorewright.workspace.chats.turns import Turn, branch, select_branch, turns_of


class OpenChat:
    """One conversation on one page; it follows what happens to it here and on other pages.

    With a `token` it is somebody's who shares it: it can only be read.
    """

    def __init__(
        self,
        visit: Visit,
        chat: Chat,
        choices: Sequence[Choice],
        *,
        listed: ChatList | None = None,
        token: str = "",
        starters: Sequence[str] = (),
    ) -> None:
        self.visit, self.chat, self.choices, self.is_fixed = visit, chat, choices, bool(token)
        self.starters = starters
        self.turns: dict[str, Turn] = {}
        self._files: list[ChatFile] = []
        self._listed, self._token = listed, token
        self._composer: Composer | None = None
        self._lock = asyncio.Lock()

    async def show(self, question: str = "") -> None:
        """Show the conversation; `question` is asked at once."""
        with (
            ElementWithCleanup("section", self.leave)
            .classes("chat-middle")
            .props(f'aria-label="{t("Conversation")}"') as self.whole
        ):
            self._bar = ChatBar(self)
            with ui.element("div").classes("chat-scroll").props('tabindex="0"') as self._scroll:
                self._scroll.props(f'role="region" aria-label="{t("Questions and answers")}"')
                with ui.element("div").classes("chat-turns"):
                    self._heading = Text("h1", "", classes="lw-unseen")
                    self._begin = ui.element("div").classes("chat-begin")
                    self._log = ChatLog(self)
            end = ui.button(icon="arrow_downward").props(f'round dense aria-label="{t("Scroll to the end")}"')
            end.classes("chat-to-end")
            self._composer = None if self.is_fixed else Composer(self)
        self.sources = Sources(self)
        in_browser("follow", self._scroll.html_id, end.html_id)
        self._watch = ChatWatch(self.visit.server.live, self.whole, self.refresh)
        self._watch.begin(self.chat.id)
        await self.refresh()
        if question:
            await self.ask(question)

    async def ask(self, question: str, *, before: str | None = None) -> bool:
        """Ask at the end of the branch, or after another turn: then a new branch begins there."""
        visit = self.visit
        if not await self.keep():
            return False
        work = partial(ask, visit.server, visit.caller, self.chat.id, question, before=before)
        turn = await visit.attempt(work)
        if turn is None:
            return False
        await self.refresh()
        if self.whole.is_deleted:
            return True
        with self.whole:  # what was clicked may be gone by now, an edited question with its field
            in_browser("end", self._scroll.html_id)
        if self._listed:
            await self._listed.refresh()
        return True

    async def again(self, turn: Turn) -> None:
        """Ask the same once more: another version beside those there are."""
        if await self.visit.attempt(ask_again, self.visit.server, self.visit.caller, turn.id):
            await self.refresh()

    async def keep(self) -> bool:
        """Keep a chat that was new until now; return whether it is kept."""
        if self.chat.id:
            return True
        visit, draft = self.visit, self.chat
        work = partial(
            new_chat, models=draft.models, stores=draft.stores, tools=draft.tools, is_blind=draft.is_blind
        )
        chat = await visit.attempt(lambda: work(visit.server, visit.caller))
        if chat is None:
            return False
        self.chat = chat
        moved_to(visit, f"/chat/{chat.id}")
        self._watch.begin(chat.id)
        if self._listed:
            self._listed.open_id = chat.id
        return True

    async def change(self, **changes: Any) -> None:
        """Change the chat; one that is new is kept with its first question."""
        if not self.chat.id:
            fitted: dict[str, Any] = {
                name: tuple(v) if isinstance(v, list) else v for name, v in changes.items()
            }
            self.chat = replace(self.chat, **fitted)
            self._draw()
            return
        work = partial(change_chat, self.visit.server, self.visit.caller, self.chat.id, **changes)
        if await self.visit.attempt(work):
            await self.refresh()
            if self._listed and {"title", "folder"} & set(changes):
                await self._listed.refresh()

    async def see(self, turn: Turn) -> None:
        """Show another branch, as far as it goes."""
        await self.visit.attempt(select_branch, self.visit.server, self.visit.caller, self.chat.id, turn.id)
        await self.refresh()

    async def stop(self) -> None:
        """Stop every answer that is being written here."""
        await self.visit.attempt(stop_answers, self.visit.server, self.visit.caller, self.chat.id)

    async def refresh(self) -> None:
        """Show everything as it is kept now; what is shown already stays where it is."""
        async with self._lock:
            loaded = await self.visit.attempt(self._load) if self.chat.id else (self.chat, {}, [])
            if self.whole.is_deleted:
                return
            if loaded is None:
                self._show_gone()
                return
            self.chat, self.turns, self._files = loaded
            self._draw()

    def _show_gone(self) -> None:
        """Say that there is nothing to show any more; where a session is over, it may come again."""
        if self.visit.is_known:
            self.leave()
            self.whole.clear()
            with self.whole:
                empty(
                    "search_off",
                    t("This chat is no longer available."),
                    t("It was deleted or is no longer shared."),
                )

    def _load(self) -> tuple[Chat, dict[str, Turn], list[ChatFile]]:
        visit = self.visit
        if self._token:
            chat = find_shared(visit.server, visit.caller, self._token)
            return chat, turns_of(visit.server, visit.caller, chat), []
        chat = find_chat(visit.server, visit.caller, self.chat.id)
        caller = visit.caller
        return chat, turns_of(visit.server, caller, chat), files_of(visit.server, caller, chat)

    def _draw(self) -> None:
        title = self.chat.title or t("New chat")
        ui.page_title(f"{title} · Lorewright")
        self._heading.set_text(title)
        self._bar.refresh()
        path = branch(self.turns, self.chat.leaf)
        self._log.draw(path, self.turns)
        self._draw_begin(is_new=not path)
        is_running = any(
            find_live(self.visit.server, self.visit.caller, turn, place)
            for turn in path
            for place in range(len(turn.answers))
        )
        if self._composer:
            self._composer.refresh(is_running=is_running, files=self._files)

    def _draw_begin(self, *, is_new: bool) -> None:
        self._begin.clear()
        if is_new:
            with self._begin:
                show_begin(self)

    def leave(self) -> None:
        """Follow nothing any more: the page, or the chat, is gone."""
        self._watch.end()
        self._log.leave()
