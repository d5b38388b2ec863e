"""Laws, terms and contracts in plain text: the headings of their clauses found and marked as headings.

Whoever writes "Article 4" on a line, its title on the next and numbered paragraphs below means headings,
though nothing marks them. Marked, they stand above every chunk that is cut below them.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lorewright.documents.clause_names import NUMBERED, Clause, clause_of

_MARKUP = re.compile(r"^#{1,6}[ \t]+|\*\*|__")
_CONTENTS = re.compile(r"\.{3,}|…|[ \t]{2,}\d{1,4}$|\t\d{1,4}$")
"""An entry of a table of contents leads to its page."""
_SENTENCE_END = re.compile(r"[.!?:;)\]\"”»]$")
_TITLE_START = re.compile(r"[\s.:)\u2013\u2014-]+")
_ITEM = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]{1,4})[.)][ \t]|[-*•]\s")
_PART = re.compile(r"\d{1,3}(?:\.\d{1,3})+[.)]?[ \t]")
_MOST_TITLE_WORDS, _MOST_BARE_WORDS = 14, 9
_LEAST = 2
_LEAST_NUMBERED = 3
_LEAST_RUN = 3
"""So many headings with nothing below them are a list of the contents."""
_MOST_LEVEL = 6
_PAGE_END = "\f"


@dataclass(frozen=True, slots=True)
class _Found:
    """A heading at `line`, with a title below it up to `end`; `rest` is text in its line."""

    line: int
    end: int
    clause: Clause
    title: str
    rest: str = ""


def with_clause_headings(pages: Sequence[str]) -> list[str]:
    """Return pages in which the headings of clauses are marked, where the text is made of clauses."""
    lines = _PAGE_END.join(pages).replace(_PAGE_END, f"\n{_PAGE_END}\n").split("\n")
    found = _kept(list(_candidates(lines)), lines)
    if not found or all(lines[each.line].startswith("#") for each in found):
        return list(pages)
    return "\n".join(_marked(lines, found)).replace(f"\n{_PAGE_END}\n", _PAGE_END).split(_PAGE_END)


def _candidates(lines: Sequence[str]) -> Iterator[_Found]:
    is_code, end = False, 0
    for number, line in enumerate(lines):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        if is_code or number < end or line.startswith(("|", "    ", "\t")):
            continue
        text = _plain(line)
        clause = clause_of(text)
        if clause is None or _CONTENTS.search(text):
            continue
        if not _begins(lines, number) and not _is_parted(lines, number, clause):
            continue
        if (found := _heading(lines, number, text, clause)) is not None:
            end = found.end
            yield found


def _plain(line: str) -> str:
    return _MARKUP.sub("", line.strip()).strip()


def _begins(lines: Sequence[str], number: int) -> bool:
    """Tell whether the line before ends what it says: a reference may begin a line, too."""
    before = lines[number - 1].strip() if number else ""
    if not before or before == _PAGE_END or before.startswith("#") or _SENTENCE_END.search(_plain(before)):
        return True
    return clause_of(_plain(before)) is not None or before.isupper()


def _is_parted(lines: Sequence[str], number: int, clause: Clause) -> bool:
    """Tell whether a part of a clause stands on the line after it: 1.1 below 1."""
    below = _plain(lines[number + 1]) if number + 1 < len(lines) else ""
    return below.startswith(f"{clause.number}.") and bool(_PART.match(below))


def _heading(lines: Sequence[str], number: int, text: str, clause: Clause) -> _Found | None:
    """Return the heading in a line, with the title that stands on the next one."""
    is_bare = clause.rank == NUMBERED
    rest = text[clause.end :]
    title = _TITLE_START.sub("", rest, count=1) if _TITLE_START.match(rest) else rest
    mark = text[: clause.end].strip()
    if not title:
        if is_bare:
            return None
        below, line = _next(lines, number)
        if line and _is_title(below) and not _ITEM.match(below):
            return _Found(number, line + 1, clause, f"{mark} {below}")
        return _Found(number, number + 1, clause, mark)
    if is_bare:
        is_title = _is_title(title, most=_MOST_BARE_WORDS)
        return _Found(number, number + 1, clause, f"{clause.number} {title}") if is_title else None
    if _is_title(title):
        return _Found(number, number + 1, clause, f"{mark} {title}")
    has_number = clause.number[0].isdigit()
    if not title[0].islower() and has_number and rest.lstrip()[:1] in ".:–—":  # noqa: RUF001 ("Art. 5. Everybody has …")
        return _Found(number, number + 1, clause, mark.rstrip("."), title)
    return None


def _next(lines: Sequence[str], number: int) -> tuple[str, int]:
    """Return the words and the number of the line below, or of the one behind an empty line; 0 for none."""
    for line in range(number + 1, min(number + 3, len(lines))):
        if lines[line].strip():
            is_own = lines[line].strip() != _PAGE_END and not lines[line].startswith(("|", "```"))
            words = _plain(lines[line])
            return (words, line) if is_own and clause_of(words) is None else ("", 0)
    return "", 0


def _is_title(words: str, *, most: int = _MOST_TITLE_WORDS) -> bool:
    if words.startswith(("(", "[")) and words.endswith((")", "]")):
        return len(words.split()) <= most
    first = next(filter(str.isalnum, words), "")
    return (
        bool(first)
        and not first.islower()
        and not words.endswith((".", ",", ";", ":", "!", "?"))
        and len(words.split()) <= most
        and not re.search(r"[.;]\s", words)
    )


def _kept(found: list[_Found], lines: Sequence[str]) -> list[_Found]:
    """Return the headings of a text that is made of clauses: without its contents, and without lists."""
    found = list(_without_contents(found, lines))
    named = [each for each in found if each.clause.rank < NUMBERED]
    if any(n >= _LEAST for n in Counter(each.clause.rank for each in named).values()):
        return named
    numbered = [each for each in found if each.clause.rank == NUMBERED and "." not in each.clause.number]
    return numbered if _are_chapters(numbered, lines) else []


def _without_contents(found: Sequence[_Found], lines: Sequence[str]) -> Iterator[_Found]:
    """Yield headings that have something below them, or that one of another rank is right below."""

    def is_bare(place: int) -> bool:
        each = found[place]
        below = found[place + 1].line if place + 1 < len(found) else len(lines)
        return not each.rest and not any(line.strip(f" {_PAGE_END}") for line in lines[each.end : below])

    marks = [(each, is_bare(place)) for place, each in enumerate(found)]
    listed = -1  # the line right below a table of contents: its last entry has the text below it
    for (_, bare), run in groupby(marks, key=lambda mark: (mark[0].clause.rank, mark[1])):
        held = [each for each, _ in run]
        if bare and len(held) >= _LEAST_RUN - 1 and (len(held) >= _LEAST_RUN or _goes_on(held, found)):
            listed = held[-1].end
            continue
        yield from (each for each in held if each.line != listed)


def _goes_on(held: Sequence[_Found], found: Sequence[_Found]) -> bool:
    """Tell whether another heading of the same rank stands on the line right below these."""
    last = held[-1]
    return any(each.line == last.end and each.clause.rank == last.clause.rank for each in found)


def _are_chapters(numbered: Sequence[_Found], lines: Sequence[str]) -> bool:
    """Tell whether numbered lines are headings: they count up, and clauses such as 4.2 stand below some."""
    numbers = [int(each.clause.number) for each in numbered]
    if len(numbers) < _LEAST_NUMBERED or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    ends = [each.line for each in numbered[1:]] + [len(lines)]
    n_parted = sum(
        any(_plain(line).startswith(f"{each.clause.number}.") and _PART.match(_plain(line)) for line in below)
        for each, below in ((each, lines[each.end : end]) for each, end in zip(numbered, ends, strict=True))
    )
    return n_parted >= _LEAST


def _marked(lines: Sequence[str], found: Sequence[_Found]) -> Iterator[str]:
    """Yield the lines with every heading marked, and each numbered clause as a paragraph of its own."""
    at = {each.line: each for each in found}
    own = {line for each in found for line in range(each.line, each.end)}
    others = [len(line) - len(line.lstrip("#")) for place, line in enumerate(lines) if place not in own]
    above = max(filter(None, others), default=1)
    ranks = sorted({each.clause.rank for each in found})
    current = ""
    for place, line in enumerate(lines):
        each = at.get(place)
        if each is not None:
            level = min(above + 1 + ranks.index(each.clause.rank), _MOST_LEVEL)
            current = each.clause.number
            yield from ("", f"{'#' * level} {each.title}", "")
            if each.rest:
                yield each.rest
        elif place not in own:
            if current and _PART.match(_plain(line)) and _plain(line).startswith(f"{current}."):
                yield ""
            yield line
