"""What the parts of a chat's page need of it."""

from typing import Any, Protocol

from lorewright.studio.screens.chat_sources import Sources
from lorewright.studio.visit import Visit
from lorewright.workspace.chats import Chat, Turn


class ChatPage(Protocol):
    """A chat that is open on a page."""

    visit: Visit
    chat: Chat
    turns: dict[str, Turn]
    sources: Sources
    is_fixed: bool

    async def ask(self, question: str, *, parent: str | None = None) -> None:
        """Ask at the end of the branch, or after another turn."""

    async def change(self, **changes: Any) -> None:
        """Change the chat."""

    async def reload(self) -> None:
        """Show everything as it is kept now."""

    async def see(self, turn: Turn) -> None:
        """Show another branch."""

    async def over(self) -> None:
        """Take note that an answer is complete."""

    def stop(self) -> None:
        """Stop every answer that is being written in sight."""
