"""A flow's answer as it is written: what its checks let through, then the answer."""

import contextvars
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from lorewright.flows import Answer
from lorewright.models import Stopped

Step = Mapping[str, Any]
Tell = Callable[[str | Step], None]


def as_written(answer: Callable[[Tell, Stopped], Answer], stopped: Stopped) -> Iterator[str | Step | Answer]:
    """Yield the pieces and steps that `answer` tells, in a thread, and at last what it returns."""
    heard: queue.SimpleQueue[str | Step | Answer | BaseException] = queue.SimpleQueue()
    is_left = threading.Event()

    def work() -> None:
        try:
            heard.put(answer(heard.put, lambda: is_left.is_set() or stopped()))
        except BaseException as error:  # noqa: BLE001 - raised where the pieces are read
            heard.put(error)

    # In the context of the request: what is traced there belongs to its trace.
    worker = threading.Thread(
        target=partial(contextvars.copy_context().run, work), name="answer", daemon=True
    )
    worker.start()
    try:
        while True:
            piece = heard.get()
            if isinstance(piece, BaseException):
                raise piece
            yield piece
            if isinstance(piece, Answer):
                return
    finally:
        is_left.set()
        worker.join()


def rest_of(answer: Answer, sent: str) -> str | None:
    """Return what is still to be told of an answer, `None` where what was told is withdrawn.

    It is where a check at the end withheld the whole. Of a text that was ended because it went in
    circles, the last circle was told.
    """
    if answer.text.startswith(sent):
        return answer.text[len(sent) :]
    return "" if sent.startswith(answer.text) and not answer.refused else None
