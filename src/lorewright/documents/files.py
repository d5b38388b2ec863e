"""The files of a folder."""

import os
from pathlib import Path


def find_files(folder: Path) -> list[Path]:
    """Return every file below `folder`, sorted; hidden ones and office lock files are left out.

    Links to folders are not followed: a loop of them would have no end.
    """
    found = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in names if not name.startswith((".", "~$"))]
    return sorted(path for path in found if path.is_file())
