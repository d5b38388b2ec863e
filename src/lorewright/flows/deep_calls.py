"""Calls that nest as deep as a flow is long: every few levels they go on with an empty stack."""

import contextvars
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

LEVELS = 40

Value = TypeVar("Value")


def call_deep(level: int, work: Callable[[], Value]) -> Value:
    """Return what `work` returns, at a level counted from 1; every fortieth runs in a thread of its own.

    Python allows about a thousand calls within each other, and hundreds of nodes in one line need
    more. The caller waits: nothing runs at the same time.
    """
    return _aside(work) if level % LEVELS == 0 else work()


def _aside(work: Callable[[], Value]) -> Value:
    results: list[Value] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where somebody waits for it
            failed.append(error)

    thread = Thread(target=contextvars.copy_context().run, args=(run,), name="deep-flow", daemon=True)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return results[0]
