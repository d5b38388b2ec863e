"""Which of the folders inside an index's folder is the index: the one named in a file beside them."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

_POINTER = "current"
_PLACES = ("a", "b")


def current_place(folder: Path) -> Path:
    """Return where the index of a folder lies: in one of its two places, or in the folder itself."""
    try:
        name = (folder / _POINTER).read_text()
    except (FileNotFoundError, NotADirectoryError):
        return folder
    return folder / name


def other_place(folder: Path) -> Path:
    """Return where another index may be built while the current one answers."""
    current = current_place(folder).name
    return folder / next(name for name in _PLACES if name != current)


def make_current(folder: Path, place: Path) -> None:
    """Have `place` be the index of a folder from now on, at one stroke; what was before is removed.

    Killed before the stroke the old index goes on answering, killed after it the new one does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{_POINTER}.partial"
    with draft.open("w") as file:
        file.write(place.name)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / _POINTER)
    clear_places(folder)


def clear_places(folder: Path) -> None:
    """Remove everything in a folder that is not its current index."""
    kept = current_place(folder)
    for path in list(folder.iterdir()) if folder.is_dir() and kept != folder else []:
        if path.is_dir() and path != kept:
            shutil.rmtree(path, ignore_errors=True)


def index_id(folder: Path) -> tuple[str, int, int]:
    """Identify the index that lies there now: one that took the place of another is not the same."""
    place = current_place(folder)
    with suppress(FileNotFoundError):
        stat = place.stat()
        return place.name, stat.st_dev, stat.st_ino
    return place.name, 0, 0
