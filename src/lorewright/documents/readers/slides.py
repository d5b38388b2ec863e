"""The order of a presentation's slides, and which slide its speaker's notes belong to."""

import posixpath
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from lorewright.documents.readers.package import tree
from lorewright.documents.readers.package_xml import paragraphs_of, tag_of

_SLIDE = re.compile(r"ppt/slides/slide(\d+)\.xml", re.IGNORECASE)
_PRESENTATION = "ppt/presentation.xml"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True, slots=True)
class Slides:
    """The numbers in the slides' file names, in the order in which they are shown, and their notes.

    The names tell in which order slides were made; notes are numbered by themselves.
    """

    order: tuple[int, ...]
    notes: Mapping[int, str]


def slides_of(path: Path) -> Slides | None:
    """Return what a presentation says of its slides; `None` for a file that is none, or is broken."""
    try:
        with zipfile.ZipFile(path) as package:
            names = set(package.namelist())
            if _PRESENTATION not in names:
                return None
            numbers = sorted(int(match[1]) for name in names if (match := _SLIDE.fullmatch(name)))
            return Slides(_order(package, names), _notes(package, names, numbers))
    except (zipfile.BadZipFile, OSError, EOFError, ElementTree.ParseError, RuntimeError, ValueError):
        return None


def _order(package: zipfile.ZipFile, names: set[str]) -> tuple[int, ...]:
    targets = {key: target for key, _, target in _relations(package, names, _PRESENTATION)}
    shown = [e.get(_ID, "") for e in tree(package, _PRESENTATION).iter() if tag_of(e) == "sldId"]
    found = (_SLIDE.fullmatch(targets.get(key, "")) for key in shown)
    return tuple(int(match[1]) for match in found if match)


def _notes(package: zipfile.ZipFile, names: set[str], numbers: list[int]) -> dict[int, str]:
    notes: dict[int, str] = {}
    for number in numbers:
        for _, kind, target in _relations(package, names, f"ppt/slides/slide{number}.xml"):
            if kind.endswith("/notesSlide") and target in names:
                notes[number] = "\n".join(_said(tree(package, target)))
    return {number: text for number, text in notes.items() if text}


def _said(root: ElementTree.Element) -> list[str]:
    """Return the paragraphs of the notes' body; the page also has the slide's picture and its number."""
    return [
        text
        for shape in root.iter()
        if tag_of(shape) == "sp"
        and any(tag_of(e) == "ph" and e.get("type", "body") == "body" for e in shape.iter())
        for text in paragraphs_of(shape)
    ]


def _relations(package: zipfile.ZipFile, names: set[str], member: str) -> list[tuple[str, str, str]]:
    """Return the id, the kind and the path of everything that a member of the package points at."""
    folder, name = posixpath.split(member)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in names:
        return []
    return [
        (
            element.get("Id", ""),
            element.get("Type", ""),
            posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
        )
        for element in tree(package, relations)
    ]
