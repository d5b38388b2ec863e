"""The files of a folder."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FolderScan:
    """The files of a folder, sorted; `unreadable` says of other paths below it why they are none."""

    files: tuple[Path, ...]
    unreadable: Mapping[str, str]


def find_files(folder: Path) -> list[Path]:
    """Return every file below `folder`, sorted; hidden ones and office lock files are left out.

    Links to folders are not followed: a loop of them would have no end.
    """
    return list(scan_folder(folder).files)


def scan_folder(folder: Path) -> FolderScan:
    """Return the files below `folder` as `find_files` does, and what there could not be one of them."""
    files: list[Path] = []
    unreadable: dict[str, str] = {}

    def refused(error: OSError) -> None:
        unreadable[printable(os.path.relpath(error.filename, folder))] = f"{error.strerror}"

    for parent, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            if name.startswith((".", "~$")):
                continue
            reason = why_no_file(path)
            if not reason:
                files.append(path)
            elif reason != _A_FOLDER:
                unreadable[printable(path.relative_to(folder).as_posix())] = reason
    return FolderScan(tuple(sorted(files)), unreadable)


_A_FOLDER = "it is a folder"


def why_no_file(path: Path) -> str:
    """Return why a path is no file that can be read, '' for one that is: reading a pipe would never end."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "it is a broken link" if path.is_symlink() else "it no longer exists"
    except OSError as error:
        return f"{error.strerror}"
    if stat.S_ISDIR(mode):
        return _A_FOLDER
    if not stat.S_ISREG(mode):
        return "it is a pipe, a socket or a device, not a file"
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "its name is not UTF-8: rename it"
    return ""


def printable(name: str) -> str:
    """Return a name as it can be shown and stored, also where it is not UTF-8."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
