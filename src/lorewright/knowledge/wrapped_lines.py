"""Line ends inside of sentences: where a text was wrapped at a width, and where its lines mean something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_SHORTEST = 35
_SHORTEST_WITHOUT_SPACES = 15
"""Shorter lines are those of addresses, lists and verse: nobody wraps a text so narrow."""
_WIDEST = 160
_FULL = 0.9
_NO_SPACES = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_OWN_LINE = re.compile(
    r"\s*(?:[#>|`~•◦▪‣]|[-*+–—][ \t]|\(?\d{1,4}[.)][ \t]|\(?[a-zA-Z][.)][ \t]|§|={3}|-{3})"  # noqa: RUF001
)
"""What begins a line of its own: a list item, a heading, a table row, a quotation."""
_ENTRY = re.compile(r"[^\W\d_][\w .\-/]{0,30}:(?:\s|\Z)")
"""A name with a value."""
_CODE = re.compile(r"[{}()\[\];=<>\"'`\\$]")
_MUCH_CODE = 0.1
_PROSE_END = re.compile(r"[.!?](?=\s|\Z)")
_FEW_WORDS = 2
_INK = re.compile(r"\w")
_LAST_WORD = re.compile(r"[^\W\d_]+\Z")
_CARRIES_ON = frozenset(
    """a an and as at because between both but by from has have if into its may must nor of or our per shall
    should than that the their these this those until were when where which whose will within without your
    am beim das dem den der des die ein eine einem einen einer für im mit oder sowie und vom von zum zur
    au aux avec dans de des du en est et la le les ou par pour que qui sur un une
    al como con del el los las o para por se su una y""".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a line at `place`: the lines before and after it, without white space around them.

    `n_before` is the length of the line before it with that white space.
    """

    place: int
    n_before: int
    before: str
    after: str


def wrapped_ends(text: str) -> frozenset[int]:
    """Return where in `text` a line ends though its sentence goes on: the places of these line feeds.

    A sentence goes on where a long line is followed by a small letter, or ends in a comma or in a word
    that ends no sentence. In a text with such lines, and in scripts without small letters, it also goes on
    where the next word had no room.
    """
    ends = [end for end in _line_ends(text) if _may_go_on(text, end)]
    if not ends:
        return frozenset()
    sure = {end.place for end in ends if _goes_on(end)}
    width = max(len(line.strip()) for line in text.split("\n"))
    if width > _WIDEST:
        return frozenset(sure)
    return frozenset(
        sure | {end.place for end in ends if (sure or _has_no_case(end.after)) and _had_no_room(end, width)}
    )


def _line_ends(text: str) -> Iterator[_End]:
    """Yield the ends of lines that have a line right after them."""
    lines = text.split("\n")
    place = -1
    for before, after in pairwise(lines):
        place += len(before) + 1
        if before.strip() and after.strip():
            yield _End(place, len(before), before.strip(), after.strip())


def _may_go_on(text: str, end: _End) -> bool:
    """Tell whether the line is long enough to be wrapped, and neither line stands for itself."""
    return (
        (_is_long(end.before) or _is_rest_of_line(text, end))
        and not end.before.startswith(("#", "|", "```", "~~~"))
        and not end.before.endswith((":", "：", "|", "\\"))  # noqa: RUF001
        and not _OWN_LINE.match(end.after)
        and not _is_entry(end)
        and not _is_code(end.before)
        and not _is_code(end.after)
    )


def _is_entry(end: _End) -> bool:
    """Tell whether the next line is a name with a value, and not the end of a sentence with a colon in it."""
    if not _ENTRY.match(end.after):
        return False
    return bool(_ENTRY.match(end.before)) or not end.after[0].islower()


def _is_long(line: str) -> bool:
    return len(line) >= (_SHORTEST_WITHOUT_SPACES if _NO_SPACES.search(line) else _SHORTEST)


def _is_rest_of_line(text: str, end: _End) -> bool:
    """Tell whether a text seems to begin in the middle of a line, as an excerpt of prose does."""
    is_first = end.place == end.n_before and len(end.before.split()) >= _FEW_WORDS
    return is_first and _PROSE_END.search(text, end.place) is not None


def _is_code(line: str) -> bool:
    return len(_CODE.findall(line)) > _MUCH_CODE * len(line)


def _goes_on(end: _End) -> bool:
    """Tell whether the words at the end of a line say that its sentence goes on."""
    first = _INK.search(end.after)
    if first is not None and first.group().islower():
        return True
    last = _LAST_WORD.search(end.before)
    return end.before.endswith((",", "，", "、")) or (  # noqa: RUF001
        last is not None and last.group() in _CARRIES_ON
    )


def _has_no_case(line: str) -> bool:
    first = _INK.search(line)
    return first is not None and first.group().isalpha() and first.group().lower() == first.group().upper()


def _had_no_room(end: _End, width: int) -> bool:
    """Tell whether the first word of the next line would have made the line about as long as the widest."""
    word = 1 if _NO_SPACES.match(end.after) else len(end.after.split(maxsplit=1)[0]) + 1
    return len(end.before) + word > _FULL * width
