"""Work that is asked for faster than it can be done: of what was asked meanwhile only the last is done."""

from collections.abc import Awaitable, Callable


class Latest:
    """Runs a piece of work, once at a time; asked for during a run, it runs once more after it."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self._work = work
        self._is_running = self._is_wanted = False

    async def ask(self) -> None:
        """Have it done with what holds now."""
        self._is_wanted = True
        if self._is_running:
            return
        self._is_running = True
        try:
            while self._is_wanted:
                self._is_wanted = False
                await self._work()
        finally:
            self._is_running = False
