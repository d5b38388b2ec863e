"""What errors of the system and of libraries mean to a user."""

import errno

import pytest

from lorewright.errors import Busy, OutOfSpace, ReadOnly, known_error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("lance error: LanceError(IO): No space left on device (os error 28)"),
        RuntimeError("(sqlite3.OperationalError) database or disk is full"),
    ],
)
def test_a_full_disk_is_named_whoever_noticed(error: Exception) -> None:
    """A library's message with a link tells nobody that there is no room."""
    known = known_error(error)
    assert isinstance(known, OutOfSpace)
    assert "run it again" in known.hint


def test_the_cause_is_found_behind_a_library_s_own_error() -> None:
    """Libraries wrap what happened in errors of their own."""
    error = RuntimeError("flush failed")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert isinstance(known_error(error), OutOfSpace)


def test_what_may_only_be_read_is_named() -> None:
    """A domain on a read-only disk is no bug."""
    assert isinstance(known_error(OSError(errno.EROFS, "Read-only file system")), ReadOnly)


def test_what_is_ours_stays_and_what_nobody_knows_is_unknown() -> None:
    """A bug must not be taken for something the user can mend."""
    ours = Busy("Another process is doing this.")
    assert known_error(ours) is ours
    assert known_error(ValueError("x")) is None
