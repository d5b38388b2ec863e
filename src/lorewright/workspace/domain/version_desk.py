"""The bundled version desk as a domain: its material, copied into a folder."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from lorewright.errors import AlreadyADomain
from lorewright.workspace.domain.folder import SETTINGS_FILE

BUNDLED = "lorewright.version_desk"
MARK = "README.md"


def create_demo(folder: Path) -> Path:
    """Copy the bundled version desk into `folder`, unless it lies there already, and return it.

    Raises `AlreadyADomain` where another domain or anything else is in the folder.
    """
    with as_file(files(BUNDLED) / "domain") as bundled:
        if (folder / SETTINGS_FILE).exists() and _is_copy(folder, bundled):
            return folder
        if folder.exists() and any(folder.iterdir()):
            raise AlreadyADomain(
                f"{folder} is not empty and does not contain the version desk.",
                hint="Choose another folder for the demo.",
            )
        unfinished = folder.with_name(f".{folder.name}.partial")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(bundled, unfinished)
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    return folder


def _is_copy(folder: Path, bundled: Path) -> bool:
    ours, theirs = folder / MARK, bundled / MARK
    return ours.exists() and ours.read_bytes() == theirs.read_bytes()
