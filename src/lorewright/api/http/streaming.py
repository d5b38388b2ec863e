"""Work in a thread, its pieces on the wire: stopped when the client leaves."""

import asyncio
import contextlib
import contextvars
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

from fastapi import Request
from fastapi.responses import StreamingResponse

from lorewright.api.http.errors import status_and_body
from lorewright.models import Stopped

_LOOK_EVERY_SECONDS = 0.5
_SILENCE_SECONDS = 10.0
_END = object()

Pieces = Callable[[Stopped], Iterator[str]]
"""Makes the pieces of a stream; asked between two of them whether to stop."""


def event(body: Any, *, name: str = "") -> str:
    """Return a server-sent event with a JSON body."""
    return f"{f'event: {name}' + chr(10) if name else ''}data: {json.dumps(body, ensure_ascii=False)}\n\n"


async def streamed(
    request: Request, pieces: Pieces, *, failed: Callable[[dict[str, Any]], str] = event
) -> StreamingResponse:
    """Return a response that streams what `pieces` yields.

    An error before the first piece is raised: it becomes a status. After it, `failed` makes the
    last event out of the error's body: the status is sent already.
    """
    pump = _Pump(pieces)
    try:
        first = await pump.first(request)
    except BaseException:
        pump.stop()
        raise

    async def rest() -> AsyncIterator[str]:
        try:
            piece = first
            while piece is not _END:
                if isinstance(piece, BaseException):
                    yield failed(status_and_body(piece)[1])
                    return
                yield piece
                while (piece := await pump.next(_SILENCE_SECONDS)) is None:
                    yield ": still at work\n\n"  # a comment: or proxies take the silence for an end
        finally:
            pump.stop()

    return StreamingResponse(rest(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


async def finished(request: Request, work: Callable[[Stopped], Any]) -> Any:
    """Return what `work` returns, done in a thread; it is told to stop when the client leaves."""

    def once(stopped: Stopped) -> Iterator[Any]:
        yield work(stopped)

    pump = _Pump(once)
    try:
        return await pump.first(request)
    finally:
        pump.stop()


class _Pump:
    """A thread that makes pieces, and a queue from which the event loop takes them."""

    def __init__(self, pieces: Callable[[Stopped], Iterator[Any]]) -> None:
        self._queue: asyncio.Queue[Any] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._pieces = pieces
        # In the context of the request: what is traced there belongs to its trace.
        work = partial(contextvars.copy_context().run, self._work)
        threading.Thread(target=work, name="stream", daemon=True).start()

    async def first(self, request: Request) -> Any:
        """Return the first piece; raise the error that came before one."""
        taken = asyncio.ensure_future(self._queue.get())
        while not taken.done():
            await asyncio.wait([taken], timeout=_LOOK_EVERY_SECONDS)
            if not taken.done() and await request.is_disconnected():
                self.stop()
        piece = taken.result()
        if isinstance(piece, BaseException):
            raise piece
        return piece

    async def next(self, patience_seconds: float) -> Any:
        """Return the next piece, an error, or the end; `None` where none of them comes in time."""
        try:
            return await asyncio.wait_for(self._queue.get(), patience_seconds)
        except TimeoutError:
            return None

    def stop(self) -> None:
        """Let the thread end after the piece it is at."""
        self._stopped.set()

    def _work(self) -> None:
        try:
            for piece in self._pieces(self._stopped.is_set):
                self._put(piece)
            self._put(_END)
        except BaseException as error:  # noqa: BLE001 - told to whoever waits for the pieces
            self._put(error)

    def _put(self, piece: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the server has ended
            self._loop.call_soon_threadsafe(self._queue.put_nowait, piece)
