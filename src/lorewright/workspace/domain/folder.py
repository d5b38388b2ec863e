"""A domain is a folder: its layout, a new one, and finding the one you stand in."""

import os
from pathlib import Path

from lorewright.errors import AlreadyADomain, NotADomain
from lorewright.whole_files import write_whole
from lorewright.workspace.domain.settings_template import SETTINGS_TEMPLATE

SETTINGS_FILE = "lorewright.toml"
DOCUMENTS, EXAMPLES, QUESTIONS, UPDATE, STATE = "documents", "examples", "questions", "update", ".lorewright"
DATABASE = "lorewright.db"
"""The file in the state folder, where the state is not in another database."""


def init_domain(folder: Path) -> Path:
    """Make the folder of a domain with a commented lorewright.toml, and return it.

    Files that lie there already stay as they are. Raises `AlreadyADomain` where there is one.
    """
    if (folder / SETTINGS_FILE).exists():
        raise AlreadyADomain(
            f"{folder} already contains a domain ({SETTINGS_FILE}).",
            hint="Use it, or choose another folder.",
        )
    if folder.exists() and not folder.is_dir():
        raise NotADomain(f"{folder} is a file.", hint="Provide the path of a folder.")
    for name in (DOCUMENTS, EXAMPLES, QUESTIONS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    write_whole(folder / SETTINGS_FILE, SETTINGS_TEMPLATE)
    return folder


def find_domain(start: Path) -> Path:
    """Return the domain that `start` lies in: it, or the nearest folder above with lorewright.toml."""
    if not start.exists():
        raise NotADomain(f"No folder at {start}.", hint="Create a domain with: lorewright init FOLDER")
    inside = start.resolve()
    for folder in (inside, *inside.parents):
        if (folder / SETTINGS_FILE).is_file():
            return folder
    raise NotADomain(
        f"{os.fspath(start)} is not inside a domain: there is no {SETTINGS_FILE} here or above.",
        hint="Create a domain with: lorewright init FOLDER, then use it or add --domain FOLDER.",
    )
