"""Bytes written as text, left out of documents: pictures, base64, hex dumps and minified code."""

import re

_DATA_ADDRESS = r"data:[\w/+.;=,-]{0,100}?(?:;base64,(?:[A-Za-z0-9+/_=-]|%[0-9A-F]{2})*+|,[^\s\"'<>()]*+)"
_PICTURE = re.compile(rf"!\[(?P<alt>[^\[\]\n]*)\]\(\s*<?{_DATA_ADDRESS}>?(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)")
_TAG = re.compile(rf"<img\b[^<>]*?\bsrc\s*=\s*[\"']?{_DATA_ADDRESS}[^<>]*>", re.IGNORECASE)
_ALT = re.compile(r"\balt\s*=\s*(?:\"(?P<two>[^\"]*)\"|'(?P<one>[^']*)')", re.IGNORECASE)
_REFERENCE = re.compile(rf"^[ ]{{0,3}}\[[^\[\]\n]+\]:[ \t]*<?{_DATA_ADDRESS}>?[^\n]*\n?", re.MULTILINE)
_ADDRESS = re.compile(_DATA_ADDRESS)
_RUN = re.compile(r"(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{160,}+={0,2}")
_BASE64_LINES = re.compile(
    r"(?:^[ \t>]*[A-Za-z0-9+/]{48,80}[ \t]*\n){4,}(?:^[ \t>]*[A-Za-z0-9+/]{1,80}={0,2}[ \t]*$\n?)?",
    re.MULTILINE,
)
_HEX_DUMP = re.compile(
    r"(?:^[ \t]*(?:0x)?[0-9a-fA-F]{4,16}[:|]?[ \t]+(?:[0-9a-fA-F]{2,8}[ \t]+){4,}[^\n]*\n?){6,}", re.MULTILINE
)
_HEX_LINES = re.compile(
    r"(?:^[ \t]*(?:(?:0x|\\x)?[0-9a-fA-F]{2}[ ,:]{0,2}){16,}[ \t]*\\?$\n?){6,}", re.MULTILINE
)
_UUENCODED = re.compile(r"^begin [0-7]{3} [^\n]*\n(?:M[ -`]{60}\n)+[^\n]*\n`?\n?end$\n?", re.MULTILINE)
_LONG_LINE = re.compile(r"^[^\n]{3000,}$", re.MULTILINE)
_CODE_MARK = re.compile(r"[{}();=,:&|!?<>\[\]]")
_SIGN = re.compile(
    r"[A-Za-z0-9+/_-]{48}|^[^\n]{3000}|^[ \t]*(?:0x)?[0-9a-fA-F]{2,16}[:|,]?[ \t]+(?:0x)?[0-9a-fA-F]{2}",
    re.MULTILINE,
)
"""What every blob but a data address has somewhere: most texts have it nowhere."""
_MIN_ADDRESS = 80
_CUT = "…"


def without_blobs(text: str) -> tuple[str, int]:
    """Return a text without what no person reads in it, and how many characters of it were left out.

    Of a picture its alternative text stays; what stands in a sentence or a value leaves an ellipsis.
    """
    if "data:" not in text and not _SIGN.search(text):
        return text, 0
    before = len(text)
    if "data:" in text:
        text = _PICTURE.sub(lambda picture: picture["alt"], text)
        text = _TAG.sub(_alternative, text)
        text = _REFERENCE.sub("", text)
        text = _ADDRESS.sub(lambda match: match[0] if len(match[0]) < _MIN_ADDRESS else _CUT, text)
    for blob in (_UUENCODED, _HEX_DUMP, _HEX_LINES):
        text = blob.sub(f"{_CUT}\n", text)
    text = _BASE64_LINES.sub(lambda match: f"{_CUT}\n" if _is_encoded(match[0]) else match[0], text)
    text = _RUN.sub(lambda match: _CUT if _is_encoded(match[0]) else match[0], text)
    text = _LONG_LINE.sub(lambda match: _CUT if _is_minified(match[0]) else match[0], text)
    return text, before - len(text)


def _alternative(tag: re.Match[str]) -> str:
    alt = _ALT.search(tag[0])
    return (alt["two"] or alt["one"] or "") if alt else ""


def _is_encoded(run: str) -> bool:
    """Return whether letters of both cases and digits are mixed as only encodings mix them, or all is hex."""
    letters = [character for character in run if character.isalnum()]
    n_digits = sum(map(str.isdigit, letters))
    n_upper = sum(map(str.isupper, letters))
    n_lower = len(letters) - n_digits - n_upper
    if all(n >= 0.04 * len(letters) for n in (n_digits, n_upper, n_lower)):
        return len(set(letters)) > 16
    is_hex = all(character in "0123456789abcdefABCDEF" for character in letters)
    return is_hex and len(set(letters)) > 10 and n_digits >= 0.2 * len(letters)


def _is_minified(line: str) -> bool:
    """Return whether a long line is code that was packed for machines: marks, and hardly a space."""
    n_spaces = line.count(" ") + line.count("\t")
    if not line.isascii() or n_spaces >= 0.05 * len(line) or line.count("</") > len(line) / 400:
        return False
    return len(_CODE_MARK.findall(line)) > 0.1 * len(line)
