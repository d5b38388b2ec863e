"""Where a call comes from: through which door, from which address, in which request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a call comes from: `door` is `api`, `studio`, `mcp` or `cli`; '' stands for unknown."""

    door: str = ""
    address: str = ""
    request_id: str = ""


_UNKNOWN = Origin()
_ORIGIN: ContextVar[Origin] = ContextVar("origin", default=_UNKNOWN)


def current_origin() -> Origin:
    """Return where the call that is under way comes from."""
    return _ORIGIN.get()


def set_origin(origin: Origin) -> None:
    """Say once where everything that this process does comes from."""
    _ORIGIN.set(origin)


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    """Let everything inside know where the call comes from."""
    token = _ORIGIN.set(origin)
    try:
        yield
    finally:
        _ORIGIN.reset(token)
