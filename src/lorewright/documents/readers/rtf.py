"""Rich text: what xberg does not know of the format is put into what it knows."""

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.documents.readers.office import read_office

_PAIR = re.compile(
    rb"\\u(-(?:10[012]|9[2-9])\d{2}|5[56]\d{3}) ?(?:\\'[0-9a-fA-F]{2}|\?)?\s*"
    rb"\\u(-\d+|5[67]\d{3}) ?(?:\\'[0-9a-fA-F]{2}|\?)?"
)
"""A letter beyond the first 65,536, which the format writes as two."""
_LONE_STAR = re.compile(rb"(?<![{\\\s])\s*\\\*(?=\\)")
_COMMENT = re.compile(rb"\{\\\*\\annotation(?![a-z])")
_OLD_SETS = {rb"\mac": b"mac-roman", rb"\pca": b"cp850", rb"\pc": b"cp437"}
_SET = re.compile(rb"\A(\s*\{\\rtf\d*)(\\mac|\\pca|\\pc)(?![a-z])")
_BYTE = re.compile(rb"\\'([0-9a-fA-F]{2})")
_PRIVATE = 0xE000
"""Where letters that stand for others begin; nobody writes them."""


def read_rtf(path: Path) -> Content:
    """Return a text with its comments, in the encoding of its system, and with letters of all scripts."""
    data = path.read_bytes()
    known, letters = _known(data)
    if known == data:
        return read_office(path)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, path.name)
        copy.write_bytes(known)
        content = read_office(copy)
    back = {_PRIVATE + place: letter for place, letter in enumerate(letters)}
    return replace(content, text=content.text.translate(back), title=content.title.translate(back))


def _known(data: bytes) -> tuple[bytes, list[str]]:
    """Return a file in the part of the format that is read, and the letters that private ones stand for."""
    letters: list[str] = []

    def one(match: re.Match[bytes]) -> bytes:
        high, low = (int(match[place]) % 0x10000 for place in (1, 2))
        if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
            return match[0]
        letter = chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
        if letter not in letters:
            letters.append(letter)
        return b"\\u%d?" % (_PRIVATE + letters.index(letter) - 0x10000)

    old = _SET.match(data)
    if old:
        encoding = _OLD_SETS[old[2]].decode()
        data = _SET.sub(rb"\1\\ansi\\ansicpg1252", data)
        data = _BYTE.sub(lambda byte: _as_unicode(byte, encoding), data)
    data = _LONE_STAR.sub(b"", data)
    return _PAIR.sub(one, _COMMENT.sub(rb"{\\footnote", data)), letters


def _as_unicode(byte: re.Match[bytes], encoding: str) -> bytes:
    code = int(byte[1], 16)
    return byte[0] if code < 0x80 else b"\\u%d?" % ord(bytes([code]).decode(encoding, "replace"))
