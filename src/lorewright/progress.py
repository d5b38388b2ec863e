"""How long work reports itself and hears that it was cancelled."""

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called as `progress(done, total)` between pieces; raises `errors.Cancelled` when work must stop."""

Say = Callable[[str], None]
"""Called with one line a user may want to read while the work goes on."""


def quiet(done: int, total: int) -> None:
    """Listen to nothing."""


def silent(line: str) -> None:
    """Read nothing."""
