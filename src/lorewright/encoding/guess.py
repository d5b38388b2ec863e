"""Which of the older encodings bytes are in, told from the bytes themselves."""

import codecs
import re

NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
UTF8_LETTER = re.compile(
    rb"[\xc2-\xc5\xce-\xd1][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# Characters of running text, whatever its script: no control characters, no rare scripts.
COMMON = re.compile(
    "[\\s!-~\u00a0-\u024f\u0300-\u052f\u05d0-\u05ea\u0600-\u06ff\u0900-\u097f\u0e00-\u0e5b\u1e00-\u1eff"
    "\u2010-\u2044\u20ac\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
# What a declaration or a guess means in practice: the wider encoding that the named one is a part of.
WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs",
}  # fmt: skip
_OF_DOS_AND_MAC = (
    "mac-roman", "mac-cyrillic", "cp437", "cp737", "cp850", "cp852", "cp857", "cp862", "cp866", "cp1125",
)  # fmt: skip
_GUESSES = (
    "big5hkscs", "cp932", "cp949", "euc_jis_2004", "euc_kr", "gb18030", "hz", "iso2022_kr", "cp874", "cp1250",
    "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "koi8-r", "koi8-u",
    "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-15",
    *_OF_DOS_AND_MAC,
)  # fmt: skip
_WITH_CAPITALS = (
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1257", "koi8-r", "koi8-u", "iso8859-2", "iso8859-5",
    "iso8859-7", "mac-roman", "mac-cyrillic", "cp850", "cp852", "cp737", "cp857",
)  # fmt: skip
"""Encodings of scripts that have capitals; of two that read a text the same way the first is meant."""
_CAPITALS_BYTES = 4096
# Quotes, apostrophes and dashes of an old Mac where Windows-1252 would have capitals inside small words.
_OF_MAC = re.compile(
    rb"[a-z\x80-\x9f]\xd5[a-z]|(?<![\w\x80-\xff])\xd2[A-Za-z][^\r\n]{0,200}?[a-z.,!?]\xd3(?![a-z])"
    rb"| [\xd0\xd1] [a-z]"
)
# Letters of ISO 8859-2 at places where Windows-1250 has marks that stand in no word.
_CENTRAL_LETTERS = re.compile(rb"[a-zA-Z\x80-\xff][\xa6\xa9\xab\xac\xae\xb6\xbb\xbe](?=[a-zA-Z])")
_CENTRAL = ("cp1250", "iso8859-2")
_TYPOGRAPHIC = re.compile(  # marks of Windows-1252 where English has them: none opens behind a letter
    rb"(?<![a-zA-Z])[\x80\x91\x93]|[\x85\x94](?![a-zA-Z])|[\x92\x96\x97\xa0\xa7\xa9\xae\xb0\xb7]"
    rb"|(?<=[a-z])(?:\x99(?![a-z])|\xe9(?![a-z]?[\x80-\xff]))"
)
_TWO_SCRIPTS = re.compile("[a-zA-Z][\u0370-\u0dff\ufb50-\ufeff]|[\u0370-\u0dff\ufb50-\ufeff][a-zA-Z]")


def guessed_encoding(sample: bytes) -> str:
    """Return the name of the encoding that a sample is most likely in."""
    if not NOT_ASCII.search(_TYPOGRAPHIC.sub(b"", sample)):
        return "cp1252"  # English with its quotes, dashes and signs has no letters to guess from
    if _OF_MAC.search(sample):
        return "mac-roman"
    name = _of_capitals(sample) or _likeliest(sample)
    if is_single_byte(name) and holds_utf8(sample):
        name = _likeliest(UTF8_LETTER.sub(b"", sample))
    if len(_TWO_SCRIPTS.findall(sample.decode(name, "replace"))) * 4 > len(NOT_ASCII.findall(sample)):
        name = _CENTRAL[0]  # accents were taken for letters of another script
    if name in _CENTRAL:  # they differ in a dozen letters, which frequencies tell badly
        is_windows = re.search(rb"[\x80-\x9f]", sample)
        is_czech = re.search(rb"[\xe8\xec\xf8\xf9]", sample) and re.search(rb"[\xa9\xae\xb9\xbe]", sample)
        return "iso8859-2" if not is_windows and (is_czech or _CENTRAL_LETTERS.search(sample)) else "cp1250"
    return name


def _of_capitals(sample: bytes) -> str:
    """Return the encoding of a text in capitals, '' for any other.

    Frequencies are those of small letters: the encoding is meant in which the same text in small letters
    is told most surely, and more surely than the text is told as it stands.
    """
    from chardet import detect  # most files never need it

    sample = sample[:_CAPITALS_BYTES]
    plain = sum(map(str.isupper, latin := re.findall("[A-Za-z]", sample.decode("ascii", "ignore"))))
    if latin and plain < 0.8 * len(latin):
        return ""
    surest, chosen = float(detect(sample, include_encodings=_GUESSES)["confidence"] or 0), ""
    for name in _WITH_CAPITALS:
        text = sample.decode(name, "replace")
        foreign = [letter for letter in text if letter > "\x7f" and letter.lower() != letter.upper()]
        if sum(map(str.isupper, foreign)) < 0.8 * len(foreign) or not foreign:
            continue
        small = text.lower().encode(name, "ignore")
        guess = detect(small, include_encodings=_GUESSES)
        as_guessed = small.decode(str(guess["encoding"] or "ascii"), "replace")
        if as_guessed == small.decode(name, "replace") and float(guess["confidence"] or 0) > surest:
            surest, chosen = float(guess["confidence"] or 0), name
    return chosen


def holds_utf8(sample: bytes) -> bool:
    """Return whether letters in UTF-8 stand among those of another encoding."""
    bare, n_letters = UTF8_LETTER.subn(b"", sample)
    text = b"".join(UTF8_LETTER.findall(sample)).decode("utf-8", "replace")
    if len(COMMON.findall(text)) < 0.9 * len(text):
        return False  # letters of another encoding that follow each other by chance
    return n_letters > 1 and 0 < len(NOT_ASCII.findall(bare)) < 0.7 * len(NOT_ASCII.findall(sample))


def _likeliest(sample: bytes) -> str:
    import chardet  # most files never need it

    name = codecs.lookup(str(chardet.detect(sample, include_encodings=_GUESSES)["encoding"] or "cp1252")).name
    foreign = [letter for letter in sample.decode(name, "replace") if letter > "\x7f"]
    if name in _OF_DOS_AND_MAC and sum(map(str.isalpha, foreign)) < 0.7 * len(foreign):
        return "cp1252"  # boxes and signs between letters: too little to tell the old ones from the usual one
    return WIDER.get(name, name)


def is_single_byte(encoding: str) -> bool:
    """Return whether an encoding has one byte a letter."""
    return len(bytes(range(0xA1, 0xFF)).decode(encoding, "replace")) == 0xFF - 0xA1
