"""A text that was read, completed with the paragraphs that it lacks."""

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence

_MIN_PARAGRAPH = 2
_MAX_CHARS = 4_000_000


def completed(text: str, paragraphs: Sequence[str]) -> str:
    """Return a text with every paragraph that it lacks, each behind the one that stands before it.

    Letters and digits alone are compared, so markup and line breaks make no difference. What stands
    in the text in two halves, as where a note is between them, is not missing.
    """
    if not paragraphs or len(text) > _MAX_CHARS:
        return text
    blocks = text.split("\n\n") if text else []
    letters = [folded(block) for block in blocks]
    starts = [0]
    for block in letters:
        starts.append(starts[-1] + len(block))
    whole = "".join(letters)
    missing: dict[int, list[str]] = {}
    place = 0
    for paragraph in paragraphs:
        wanted = folded(paragraph)
        if len(wanted) < _MIN_PARAGRAPH:
            continue
        at = whole.find(wanted, place)
        at = at if at >= 0 else whole.find(wanted)
        if at >= 0:
            place = at + len(wanted)
        elif not _stands_in_parts(whole, wanted):
            missing.setdefault(bisect_right(starts, max(place - 1, 0)) if place else 0, []).append(paragraph)
    if not missing:
        return text
    result = list(missing.get(0, []))
    for number, block in enumerate(blocks, start=1):
        result += [block, *missing.get(number, [])]
    return "\n\n".join(result)


def folded(text: str) -> str:
    """Return the letters and digits of a text, without case and without the forms of letters."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _stands_in_parts(whole: str, wanted: str) -> bool:
    if len(wanted) < 16:
        return False
    size = max(len(wanted) // 6, 8)
    parts = [wanted[start : start + size] for start in range(0, len(wanted) - size + 1, size)]
    return sum(part in whole for part in parts) >= 0.7 * len(parts)
