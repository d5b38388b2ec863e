"""Bytes to text, whatever wrote them."""

import codecs

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
_WHITE_SPACE = b"\t\n\r\f\x1b"


def decode(data: bytes, *, declared: str = "") -> str:
    """Return the text in `data`: by its byte order mark, as UTF-8, as `declared`, or as guessed.

    Raises `UnreadableDocument` for binary data.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace")
    if b"\0" in data[:_SAMPLE_BYTES]:
        raise UnreadableDocument("it is binary", hint="Give it the suffix of its format.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decode_legacy(data, declared)


def _wide(data: bytes) -> str:
    """Return the encoding of text in two bytes a character without a mark, by where its zeros are."""
    sample = data[:_SAMPLE_BYTES]
    if len(sample) < 4 or len(sample) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.4 * half and not even:
        return "utf-16-le"
    if even > 0.4 * half and not odd:
        return "utf-16-be"
    return ""


def _decode_legacy(data: bytes, declared: str) -> str:
    if declared:
        try:
            return data.decode(declared)
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration is common; what follows does not need it
    from charset_normalizer import from_bytes  # 30 ms that most files never need

    guess = from_bytes(data[:_SAMPLE_BYTES]).best()
    encoding = guess.encoding if guess else "cp1252"
    text = data.decode(encoding, "replace")
    n_control = sum(character < " " and character.encode() not in _WHITE_SPACE for character in text[:4096])
    if n_control > 0.02 * min(len(text), 4096):
        raise UnreadableDocument("it is binary", hint="Give it the suffix of its format.")
    return text
