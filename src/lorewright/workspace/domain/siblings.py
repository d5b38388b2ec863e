"""The other domains that are served with one: those that were created in its studio."""

import json
import os
import re
from collections.abc import Iterable
from pathlib import Path

from lorewright.errors import BadParameter, NotADomain
from lorewright.whole_files import write_whole
from lorewright.workspace.domain.folder import SETTINGS_FILE, STATE, find_domain, init_domain

FILE = "domains.json"
MAX_CHARACTERS = 60
_NAME = re.compile(r"[^\W_](?:[\w .-]*[\w-])?")


def domains_at(place: Path) -> list[Path]:
    """Return the domain at a place, else those right below it by name, else the one that it lies in."""
    if place.is_dir() and not (place / SETTINGS_FILE).is_file():
        below = sorted(entry for entry in place.iterdir() if (entry / SETTINGS_FILE).is_file())
        if below:
            return [folder.resolve() for folder in below]
    return [find_domain(place)]


def served_with(folder: Path) -> list[Path]:
    """Return the domains that were created in the studio of one, less those that are gone."""
    try:
        names = json.loads((folder / STATE / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    others = [(folder / str(name)).resolve() for name in names] if isinstance(names, list) else []
    return [other for other in others if (other / SETTINGS_FILE).is_file()]


def create_sibling(folder: Path, name: str, *, below: Path) -> Path:
    """Return a new, empty domain with this name `below` a folder, to be served with another one.

    Raises `BadParameter` for a name that no folder can have, or that is taken.
    """
    new = below / _checked(name)
    if new.exists():
        raise BadParameter("name", f"There is already a folder named {new.name!r}. Choose another name.")
    try:
        init_domain(new)
    except OSError as error:
        raise NotADomain(
            f"The folder {new.name!r} could not be created: {error.strerror or error}.",
            hint="Check the permissions of the folder above.",
        ) from error
    _keep(folder, [*served_with(folder), new])
    return new


def _keep(folder: Path, others: Iterable[Path]) -> None:
    """Write down what is served with a domain, by paths that hold when both are moved."""
    (folder / STATE).mkdir(mode=0o700, exist_ok=True)
    paths = [os.path.relpath(other.resolve(), folder.resolve()) for other in others]
    write_whole(folder / STATE / FILE, json.dumps(paths, ensure_ascii=False))


def _checked(name: str) -> str:
    bare = " ".join(name.split())
    if len(bare) > MAX_CHARACTERS or not _NAME.fullmatch(bare):
        raise BadParameter(
            "name",
            f"{bare[:MAX_CHARACTERS]!r} cannot be the name of a domain. "
            f"Use up to {MAX_CHARACTERS} letters, digits, spaces and hyphens.",
        )
    return bare
