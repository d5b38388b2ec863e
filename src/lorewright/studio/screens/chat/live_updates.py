"""What happens to a chat elsewhere, on other pages and in the threads that write, shows on this one."""

import asyncio
from collections.abc import Awaitable, Callable

from nicegui import background_tasks, ui

from lorewright.workspace.server.live_answers import LiveAnswers

_WAIT_SECONDS = 0.05


class ChatWatch:
    """Watches one chat for a page: several changes at once are shown at once."""

    def __init__(self, live: LiveAnswers, whole: ui.element, show: Callable[[], Awaitable[None]]) -> None:
        self._live, self._whole, self._show = live, whole, show
        self._loop = asyncio.get_running_loop()
        self._chat, self._is_due = "", False

    def begin(self, chat_id: str) -> None:
        """Watch a chat from here on; one without an id is not kept yet."""
        if chat_id and not self._chat:
            self._chat = chat_id
            self._live.watch(chat_id, self._hear)

    def end(self) -> None:
        """Watch no more."""
        self._live.unwatch(self._chat, self._hear)

    def _hear(self) -> None:
        """Take note, in any thread, that the chat has changed."""
        self._loop.call_soon_threadsafe(self._soon)

    def _soon(self) -> None:
        if self._whole.is_deleted:
            self.end()
        elif not self._is_due:
            self._is_due = True
            background_tasks.create(self._catch_up(), name="chat: catch up")

    async def _catch_up(self) -> None:
        await asyncio.sleep(_WAIT_SECONDS)
        self._is_due = False
        with self._whole:
            await self._show()
