"""The encoding of bytes: by their mark, as UTF-8, as declared, or as guessed."""

import codecs
import re
from collections.abc import Iterator
from functools import partial

from lorewright.encoding.guess import (
    COMMON,
    NOT_ASCII,
    UTF8_LETTER,
    WIDER,
    guessed_encoding,
    holds_utf8,
    is_single_byte,
)
from lorewright.errors import UnreadableDocument

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAMPLE_BYTES = 64 * 1024
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SEVEN_BITS = ((b"\x1b$)C", "iso2022_kr"), (b"\x1b$", "iso2022_jp_2"))
"""Encodings that look like ASCII, by what switches to their letters."""
_HZ = re.compile(rb"~\{(?:[\x21-\x7e]{2})+~\}")


def decode(data: bytes, *, declared: str = "") -> str:
    """Return the text in `data`: by its byte order mark, as UTF-8, as `declared`, or as guessed.

    A guess is made from the bytes that are not ASCII, wherever they are. Lines in UTF-8 among lines of an
    older encoding are each read as what they are. Raises `UnreadableDocument` for binary data.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    if b"\0" in data[:_SAMPLE_BYTES]:
        raise _binary()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)
    return _in_seven_bits(data) or text


def _in_seven_bits(data: bytes) -> str:
    """Return text in an encoding that looks like ASCII, '' where the data are none."""
    encoding = next((name for mark, name in _SEVEN_BITS if mark in data), "hz" if _HZ.search(data) else "")
    try:
        return data.decode(encoding) if encoding else ""
    except UnicodeDecodeError:
        return ""


def _binary() -> UnreadableDocument:
    return UnreadableDocument("it is a binary file", hint="Rename it with the file extension of its format.")


def _wide(data: bytes) -> str:
    """Return the encoding of text in two bytes a character without a mark, '' for any other.

    Latin letters have a zero in every other byte. Other scripts are told by what they give when read so:
    characters of running text, and spaces or line ends between them.
    """
    sample = data[: _SAMPLE_BYTES - _SAMPLE_BYTES % 2]
    if len(sample) < 4:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and not even:
        return "utf-16-le"
    if even > 0.4 * half and not odd:
        return "utf-16-be"
    if len(data) % 2 or _is_plain(sample):
        return ""
    return next(
        (encoding for encoding in ("utf-16-le", "utf-16-be") if _is_running_text(sample, encoding)), ""
    )


def _is_plain(sample: bytes) -> bool:
    """Return whether bytes are UTF-8 without control characters."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)  # the last character may be torn
    except UnicodeDecodeError:
        return False
    return len(_CONTROL.findall(text)) <= 0.02 * len(text)


def _is_running_text(sample: bytes, encoding: str) -> bool:
    text = sample.decode(encoding, "replace")
    n_pauses = sum(map(text.count, " \n\u3000\u3001\u3002\uff0c\uff01\uff1f"))
    return n_pauses * 60 >= len(text) and len(COMMON.findall(text)) >= 0.98 * len(text)


def _decode_legacy(data: bytes, declared: str) -> str:
    """Return text that is not UTF-8, or not all of it."""
    if _is_ebcdic(data[:_SAMPLE_BYTES]):
        return data.decode("cp500")
    foreign = [line for line in data.splitlines(keepends=True) if not _is_valid(line)]
    legacy = _declared(b"".join(foreign), declared) or guessed_encoding(_sample(foreign))
    text = _decoded(data, legacy, foreign)
    if len(_CONTROL.findall(text[:4096])) > 0.02 * min(len(text), 4096):
        raise _binary()
    return text


def _is_ebcdic(sample: bytes) -> bool:
    """Return whether a mainframe wrote this: its space is another byte, and its letters are not ASCII."""
    n_letters = sum(0x81 <= byte <= 0xE9 for byte in sample)
    return (
        sample.count(0x40) > max(len(sample) // 12, 4 * sample.count(0x20)) and n_letters > len(sample) // 3
    )


def _is_valid(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _declared(foreign: bytes, declared: str) -> str:
    """Return the declared encoding where the bytes bear it out; a wrong declaration is common."""
    try:
        name = WIDER.get(codecs.lookup(declared).name, codecs.lookup(declared).name)
        text = foreign.decode(name)
    except (LookupError, UnicodeDecodeError):
        return ""
    letters = [character for character in text if character > "\x7f"]
    return name if sum(map(str.isalpha, letters)) >= 0.5 * len(letters) else ""


def _sample(lines: list[bytes]) -> bytes:
    """Return as much of these lines as a guess is made from; of a very long one what is not ASCII."""
    sample = b""
    for line in lines:
        if len(line) > 4096:
            line = b"\n".join(_around(line))
        sample += line
        if len(sample) >= _SAMPLE_BYTES:
            break
    return sample[:_SAMPLE_BYTES]


def _around(line: bytes) -> Iterator[bytes]:
    """Yield what stands around the bytes of a line that are not ASCII."""
    end = 0
    for place in NOT_ASCII.finditer(line):
        if place.start() < end:
            continue
        start, end = max(end, place.start() - 40), place.start() + 160
        yield line[start:end]


def _decoded(data: bytes, legacy: str, foreign: list[bytes]) -> str:
    """Return text in an older encoding, with the lines and letters in UTF-8 that stand in it."""
    lines = data.splitlines(keepends=True)
    n_utf8 = sum(NOT_ASCII.search(line) is not None and _is_valid(line) for line in lines)
    is_single = is_single_byte(legacy)
    if not is_single and n_utf8 * 10 < len(foreign):  # short words in two bytes a letter look like UTF-8
        return data.decode(legacy, "replace")
    is_by_letter = is_single and (n_utf8 or holds_utf8(_sample(foreign)))
    read = partial(_by_letter, legacy) if is_by_letter else partial(_whole, legacy)
    return "".join(line.decode() if _is_valid(line) else read(line) for line in lines)


def _whole(legacy: str, line: bytes) -> str:
    return line.decode(legacy, "replace")


def _by_letter(legacy: str, line: bytes) -> str:
    """Return a line in which UTF-8 and one byte a letter may stand side by side."""
    text, end = "", 0
    for letter in UTF8_LETTER.finditer(line):
        if not COMMON.match(letter[0].decode("utf-8", "replace")):
            continue  # three letters of the older encoding that make a sign of no text
        text += line[end : letter.start()].decode(legacy, "replace") + letter[0].decode("utf-8", "replace")
        end = letter.end()
    return text + line[end:].decode(legacy, "replace")
