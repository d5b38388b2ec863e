"""Messages of Outlook: the text by xberg, the attachments as the files that their names say."""

import re
from dataclasses import replace
from pathlib import Path

import olefile

from lorewright.documents.content import Content
from lorewright.documents.parts import demoted, reading_parts, with_parts
from lorewright.documents.readers.office import PICTURES, content_of, extracted

_ATTACHMENT = "__attach_version1.0_"
_LISTED = re.compile(r"^Attachments:\n", re.MULTILINE)
_DATA = "__substg1.0_37010102"
_NAMES = ("3707001F", "3704001F", "3001001F", "3707001E", "3704001E", "3001001E")
"""Where the name of an attachment may stand: long, short and shown, in UTF-16 or in an older encoding."""


def read_outlook(path: Path) -> Content:
    """Return a message with its attachments under headings of their own."""
    extraction = extracted(path)
    content = content_of(extraction)
    held = _attachments(path)
    children = {child.path: child.result.content for child in extraction.children or () if child.result}
    if children:  # xberg lists them, and reads them in another way than files
        content = replace(content, text=_LISTED.split(content.text)[0])
    with reading_parts() as parts:
        for name, data in held:
            if not name.lower().endswith(PICTURES):
                parts.add(name, data)
        known = {name for name, _ in held}
        for name, text in children.items():  # messages inside the message
            if name not in known and text.strip():
                parts.texts.append(f"## {name}\n\n{demoted(text, 2)}")
    return replace(with_parts(content, parts), title=content.metadata.get("subject", content.title))


def _attachments(path: Path) -> list[tuple[str, bytes]]:
    with olefile.OleFileIO(path) as file:
        storages = sorted({entry[0] for entry in file.listdir() if entry[0].startswith(_ATTACHMENT)})
        return [
            (_name(file, storage), file.openstream([storage, _DATA]).read())
            for storage in storages
            if file.exists([storage, _DATA])
        ]


def _name(file: olefile.OleFileIO, storage: str) -> str:
    for known in _NAMES:
        stream = [storage, f"__substg1.0_{known}"]
        if file.exists(stream):
            data: bytes = file.openstream(stream).read()
            return data.decode("utf-16-le" if known.endswith("1F") else "cp1252", "replace").rstrip("\0")
    return "attachment"
