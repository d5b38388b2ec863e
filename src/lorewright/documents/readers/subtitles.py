"""Subtitles: what is said, below what the file says of itself."""

import re
from dataclasses import replace
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.documents.encoding import decode
from lorewright.documents.readers.office import read_office

_HEAD = re.compile(r"\A\ufeff?(?P<head>WEBVTT[ \t]+\S.*?|WEBVTT\s*\n\S.*?)(?:\n\s*\n|\Z)", re.DOTALL)
_NOTE = re.compile(r"(?:\A|\n\s*\n)NOTE[ \t\n]+(?P<note>.*?)(?=\n\s*\n|\Z)", re.DOTALL)


def read_subtitles(path: Path) -> Content:
    """Return what is said in subtitles, with the head of the file and its notes."""
    content = read_office(path)
    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    head = _HEAD.match(text)
    about = [head["head"].strip()] if head and "-->" not in head["head"] else []
    about += [note["note"].strip() for note in _NOTE.finditer(text)]
    return replace(content, text="\n\n".join(part for part in (*about, content.text) if part))
