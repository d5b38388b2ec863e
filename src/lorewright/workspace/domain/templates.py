"""Domains that come with lorewright: one for every use, ready to be copied and made yours."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from lorewright.errors import AlreadyADomain, NotADomain, UnknownName
from lorewright.whole_files import write_whole
from lorewright.workspace.domain.folder import DOCUMENTS, EXAMPLES, QUESTIONS, SETTINGS_FILE

VERSION_DESK = "version-desk"
Kind = Literal["documents", "tuning", "both"]
KINDS: tuple[Kind, ...] = ("documents", "tuning", "both")


@dataclass(frozen=True, kw_only=True, slots=True)
class Template:
    """A bundled domain; `kind` says what it shows the worth of.

    `warning` is what whoever uses it must know, '' where nothing is. `place` holds `domain/` and,
    where it was measured, the comparison that is kept with it.
    """

    name: str
    title: str
    kind: Kind
    summary: str
    place: Traversable
    warning: str = ""

    @property
    def domain(self) -> Traversable:
        """Return the folder that is copied."""
        return self.place / "domain"

    def to_json(self) -> dict[str, str]:
        """Return what a list of templates shows."""
        card = {"name": self.name, "title": self.title, "kind": self.kind, "summary": self.summary}
        return {**card, "warning": self.warning} if self.warning else card


@cache
def templates() -> Mapping[str, Template]:
    """Return every template by name, by kind and title."""
    gallery = files("lorewright.templates")
    places = {entry.name: entry for entry in gallery.iterdir() if (entry / "card.toml").is_file()}
    found = [_template(name, place) for name, place in places.items()]
    found.append(_template(VERSION_DESK, files("lorewright.version_desk")))
    found.sort(key=lambda template: (KINDS.index(template.kind), template.title))
    return {template.name: template for template in found}


def get_template(name: str) -> Template:
    """Return a template; raise `UnknownName` with the names there are."""
    if name not in templates():
        raise UnknownName(f"No template named {name!r}.", hint=f"Available: {', '.join(templates())}.")
    return templates()[name]


def create_from_template(folder: Path, name: str) -> Path:
    """Make a domain out of a template and return it.

    Files that lie there already stay as they are. Raises `AlreadyADomain` where there is a domain,
    or a file that the template would replace; nothing is written then.
    """
    template = get_template(name)
    if (folder / SETTINGS_FILE).exists():
        raise AlreadyADomain(
            f"{folder} already contains a domain ({SETTINGS_FILE}). Nothing was changed.",
            hint="Choose another folder for the template.",
        )
    if folder.exists() and not folder.is_dir():
        raise NotADomain(f"{folder} is a file.", hint="Provide the path of a folder.")
    _refuse_other_files(template, folder)
    # The settings come last: what was interrupted is no domain yet, and is completed by the same command.
    for path, entry in files_of(template.domain):
        if path != SETTINGS_FILE:
            write_bundled(entry, folder / path)
    write_bundled(template.domain / SETTINGS_FILE, folder / SETTINGS_FILE)
    for part in (DOCUMENTS, EXAMPLES, QUESTIONS):
        (folder / part).mkdir(exist_ok=True)
    return folder


def files_of(place: Traversable, path: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield the files below a bundled folder with their paths."""
    for entry in place.iterdir():
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir():
            yield from files_of(entry, f"{path}{entry.name}/")
        else:
            yield f"{path}{entry.name}", entry


def write_bundled(entry: Traversable, target: Path) -> None:
    """Copy a bundled file."""
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, [entry.read_bytes()])


def _refuse_other_files(template: Template, folder: Path) -> None:
    for path, entry in files_of(template.domain):
        target = folder / path
        if target.exists() and not (target.is_file() and target.read_bytes() == entry.read_bytes()):
            raise AlreadyADomain(
                f"{folder} already contains {path}, which differs from the template's. Nothing was changed.",
                hint="Choose another folder for the template, or move the file.",
            )


def _template(name: str, place: Traversable) -> Template:
    card = tomllib.loads((place / "card.toml").read_text(encoding="utf-8"))
    return Template(name=name, place=place, **card)
