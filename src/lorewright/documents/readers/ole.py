"""Old Office files, and what is embedded in new ones: the files inside an OLE container."""

import re
from pathlib import Path

import olefile

from lorewright.documents.kinds import kind_of

_PACKAGE = "\x01Ole10Native"
_OOXML = {b"word/document.xml": ".docx", b"xl/workbook.xml": ".xlsx", b"ppt/presentation.xml": ".pptx"}
_OLD_OFFICE = {"WordDocument": ".doc", "Workbook": ".xls", "Book": ".xls", "PowerPoint Document": ".ppt"}
_NAME = re.compile(rb"([^\x00-\x1f]{1,260})\x00")


def embedded(path: Path) -> list[tuple[str, bytes]]:
    """Return the names and the bytes of the files embedded in an OLE container; nothing for other files."""
    if not olefile.isOleFile(str(path)):
        return []
    try:
        with olefile.OleFileIO(str(path)) as file:
            return _inside(file)
    except (OSError, ValueError, IndexError):  # damaged: what could be read of it was read
        return []


def unwrapped(name: str, data: bytes) -> list[tuple[str, bytes]]:
    """Return what an OLE object that a file embeds is: the files in it, or itself under its true suffix."""
    if not data.startswith(olefile.MAGIC):
        is_known = kind_of(Path(name)) is not None
        return [(name, data)] if is_known else _known(data, [name.rpartition(".")[0], ""]) or [(name, data)]
    try:
        with olefile.OleFileIO(data) as file:
            inside = _inside(file)
            streams = {entry[-1] for entry in file.listdir() if len(entry) == 1}
    except (OSError, ValueError, IndexError):
        return []
    kind = next((suffix for stream, suffix in _OLD_OFFICE.items() if stream in streams), "")
    stem = name.rpartition(".")[0] or name
    return inside or ([(f"{stem}{kind}", data)] if kind else [])


def _inside(file: olefile.OleFileIO) -> list[tuple[str, bytes]]:
    objects: list[tuple[str, bytes]] = []
    for entry in file.listdir():
        if entry[-1] == _PACKAGE:
            objects += native(file.openstream(entry).read())
        elif entry[-1] in ("CONTENTS", "Package"):
            objects += _known(file.openstream(entry).read(), entry)
    return objects


def native(stream: bytes) -> list[tuple[str, bytes]]:
    """Return the file that Windows' packager put into a stream: its name stands before its bytes."""
    place = 6  # the size of the stream and a version
    name = _NAME.match(stream, place)
    if name is None:
        return []
    path = _NAME.match(stream, name.end())
    if path is None:
        return []
    place = path.end() + 4
    size_at_temporary = int.from_bytes(stream[place : place + 4], "little")
    place += 4 + size_at_temporary
    size = int.from_bytes(stream[place : place + 4], "little")
    data = stream[place + 4 : place + 4 + size]
    return [(name[1].decode("cp1252", "replace"), data)] if data else []


def _known(data: bytes, entry: list[str]) -> list[tuple[str, bytes]]:
    """Return a stream that is a file of a kind that its first bytes tell."""
    owner = " ".join(part for part in entry[-2:-1] if part.isprintable()) or "embedded"
    if data.startswith(b"%PDF"):
        return [(f"{owner}.pdf", data)]
    if data.startswith(b"PK"):
        kind = next((suffix for mark, suffix in _OOXML.items() if mark in data), ".zip")
        return [(f"{owner}{kind}", data)]
    return []
