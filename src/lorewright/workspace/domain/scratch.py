"""Folders for work that is not finished: gone at its end, and at the next opening where it was killed."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

FETCHED, BACKUP = ".fetched-", ".backup-"


@contextmanager
def scratch_folder(place: Path, prefix: str) -> Iterator[Path]:
    """Give an empty folder in `place` that is gone at the end.

    It is locked as long as its process lives: `remove_abandoned` leaves it alone.
    """
    while True:
        folder = Path(mkdtemp(prefix=prefix, dir=place))
        handle = _locked(folder)
        if handle is not None and folder.is_dir():
            break
        if handle is not None:  # somebody took it for abandoned before it was locked
            os.close(handle)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def remove_abandoned(place: Path) -> None:
    """Remove the folders whose process ended before it could."""
    for prefix in (FETCHED, BACKUP):
        for folder in place.glob(f"{prefix}*"):
            handle = _locked(folder)
            if handle is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(handle)


def _locked(folder: Path) -> int | None:
    """Return the folder opened and locked until it is closed, or `None` where somebody else holds it."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
