"""Bytes to text, whatever wrote them."""

import codecs
import re
from collections.abc import Iterator
from functools import partial

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
_NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_UTF8_LETTER = re.compile(
    rb"[\xc2-\xc5\xce-\xd1][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# Characters of running text, whatever its script: no control characters, no rare scripts.
_COMMON = re.compile(
    "[\\s!-~\u00a0-\u024f\u0300-\u052f\u05d0-\u05ea\u0600-\u06ff\u0900-\u097f\u0e00-\u0e5b\u1e00-\u1eff"
    "\u2010-\u2044\u20ac\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
# What a declaration or a guess means in practice: the wider encoding that the named one is a part of.
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
_GUESSES = (
    "big5hkscs", "cp932", "cp949", "euc_jis_2004", "euc_kr", "gb18030", "hz", "iso2022_kr", "cp874", "cp1250",
    "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "koi8-u",
    "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-15",
    "mac-roman", "mac-cyrillic", "cp437", "cp850", "cp852", "cp866",
)  # fmt: skip
_OF_DOS_AND_MAC = ("mac-roman", "mac-cyrillic", "cp437", "cp850", "cp852", "cp866")
# Letters of ISO 8859-2 at places where Windows-1250 has marks that stand in no word.
_CENTRAL_LETTERS = re.compile(rb"[a-zA-Z\x80-\xff][\xa6\xa9\xab\xac\xae\xb6\xbb\xbe](?=[a-zA-Z])")
_CENTRAL = ("cp1250", "iso8859-2")
_TYPOGRAPHIC = re.compile(  # marks of Windows-1252 where English has them: none opens behind a letter
    rb"(?<![a-zA-Z])[\x80\x91\x93]|[\x85\x94](?![a-zA-Z])|[\x92\x96\x97\xa0\xa7\xa9\xae\xb0\xb7]"
    rb"|(?<=[a-z])(?:\x99(?![a-z])|\xe9(?![a-z]?[\x80-\xff]))"
)
_TWO_SCRIPTS = re.compile("[a-zA-Z][\u0370-\u0dff\ufb50-\ufeff]|[\u0370-\u0dff\ufb50-\ufeff][a-zA-Z]")


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
        return data.decode() if b"\x1b$" not in data else data.decode("iso2022_jp_2")
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)


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
    return n_pauses * 60 >= len(text) and len(_COMMON.findall(text)) >= 0.98 * len(text)


def _decode_legacy(data: bytes, declared: str) -> str:
    """Return text that is not UTF-8, or not all of it."""
    if _is_ebcdic(data[:_SAMPLE_BYTES]):
        return data.decode("cp500")
    foreign = [line for line in data.splitlines(keepends=True) if not _is_valid(line)]
    legacy = _declared(b"".join(foreign), declared) or _guessed(_sample(foreign))
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
        name = _WIDER.get(codecs.lookup(declared).name, codecs.lookup(declared).name)
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
    for place in _NOT_ASCII.finditer(line):
        if place.start() < end:
            continue
        start, end = max(end, place.start() - 40), place.start() + 160
        yield line[start:end]


def _guessed(sample: bytes) -> str:
    if not _NOT_ASCII.search(_TYPOGRAPHIC.sub(b"", sample)):
        return "cp1252"  # English with its quotes, dashes and signs has no letters to guess from
    name = _likeliest(sample)
    if _is_single_byte(name) and _holds_utf8(sample):
        name = _likeliest(_UTF8_LETTER.sub(b"", sample))
    if len(_TWO_SCRIPTS.findall(sample.decode(name, "replace"))) * 4 > len(_NOT_ASCII.findall(sample)):
        name = _CENTRAL[0]  # accents were taken for letters of another script
    if name in _CENTRAL:  # they differ in a dozen letters, which frequencies tell badly
        is_windows = re.search(rb"[\x80-\x9f]", sample)
        is_czech = re.search(rb"[\xe8\xec\xf8\xf9]", sample) and re.search(rb"[\xa9\xae\xb9\xbe]", sample)
        return "iso8859-2" if not is_windows and (is_czech or _CENTRAL_LETTERS.search(sample)) else "cp1250"
    return name


def _holds_utf8(sample: bytes) -> bool:
    """Return whether letters in UTF-8 stand among those of another encoding."""
    bare, n_letters = _UTF8_LETTER.subn(b"", sample)
    return n_letters > 1 and 0 < len(_NOT_ASCII.findall(bare)) < 0.7 * len(_NOT_ASCII.findall(sample))


def _likeliest(sample: bytes) -> str:
    import chardet  # most files never need it

    name = codecs.lookup(str(chardet.detect(sample, include_encodings=_GUESSES)["encoding"] or "cp1252")).name
    foreign = [letter for letter in sample.decode(name, "replace") if letter > "\x7f"]
    if name in _OF_DOS_AND_MAC and sum(map(str.isalpha, foreign)) < 0.7 * len(foreign):
        return "cp1252"  # boxes and signs between letters: too little to tell the old ones from the usual one
    return _WIDER.get(name, name)


def _decoded(data: bytes, legacy: str, foreign: list[bytes]) -> str:
    """Return text in an older encoding, with the lines and letters in UTF-8 that stand in it."""
    lines = data.splitlines(keepends=True)
    n_utf8 = sum(_NOT_ASCII.search(line) is not None and _is_valid(line) for line in lines)
    is_single = _is_single_byte(legacy)
    if not is_single and n_utf8 * 10 < len(foreign):  # short words in two bytes a letter look like UTF-8
        return data.decode(legacy, "replace")
    is_by_letter = is_single and (n_utf8 or _holds_utf8(_sample(foreign)))
    read = partial(_by_letter, legacy) if is_by_letter else partial(_whole, legacy)
    return "".join(line.decode() if _is_valid(line) else read(line) for line in lines)


def _is_single_byte(encoding: str) -> bool:
    return len(bytes(range(0xA1, 0xFF)).decode(encoding, "replace")) == 0xFF - 0xA1


def _whole(legacy: str, line: bytes) -> str:
    return line.decode(legacy, "replace")


def _by_letter(legacy: str, line: bytes) -> str:
    """Return a line in which UTF-8 and one byte a letter may stand side by side."""
    text, end = "", 0
    for letter in _UTF8_LETTER.finditer(line):
        text += line[end : letter.start()].decode(legacy, "replace") + letter[0].decode("utf-8", "replace")
        end = letter.end()
    return text + line[end:].decode(legacy, "replace")
