"""Steps and lists that belong together: half of a procedure may do harm, half of a list misleads."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from lorewright.knowledge.hit import Hit
from lorewright.knowledge.quotable import Quotable, quotables

_STEP = re.compile(r"(\d{1,3})[.)][ \t]")
_ASKS_HOW = re.compile(
    r"\bhow (?:do|does|can|could|should|would|to|must|am|is|are)\b(?!.{0,12}\b(?:long|many|much|often|far)\b)"
    r"|\b(?:steps?|procedure|instructions?|process)\b|\bwhat (?:do|should|must) (?:i|we|you) do\b"
    r"|\bwie (?:kann|mache?n?|geht|muss|soll|wird|werden|lässt|ersetze|wechsle)\b|\b(?:schritte|anleitung)\b"
    r"|\bcomment\b|\bétapes?\b|\bcómo\b|\bpasos\b|\bcome (?:si|posso|faccio)\b",
    re.IGNORECASE,
)
_ASKS_LIST = re.compile(
    r"\b(?:what|which)\b.{0,40}\bare\b|\blist\b|\b(?:welche|was) (?:\w+ ){0,3}(?:sind|gibt|gelten)\b"
    r"|\bquel(?:le)?s\b|\bcuáles\b",
    re.IGNORECASE,
)
_MOST_STEPS, _MOST_ITEMS, _MOST_ROWS = 20, 12, 6
_MOST_CHARACTERS = 3000
_SHORT_PARAGRAPH = 300
_TOGETHER = 2
"""So many steps of a procedure, or rows of a small table, that answer call for the others."""


def with_whole_lists(question: str, chosen: Sequence[Quotable], hits: Sequence[Hit]) -> list[Quotable]:
    """Return the chosen parts with the whole procedure or list, in order, that one of them belongs to.

    All steps of a procedure are for whoever asks how something is done, or where two of its steps were
    chosen; it may go on over several hits of its document; where no list tells them, all of a short
    paragraph is. All items of a list are for whoever asks
    what things there are. A small table is shown as a whole where two of its rows were chosen: which one
    holds may depend on the others. What is very long stays as it was chosen.
    """
    result = list(chosen)
    if sum(part.kind == "table" for part in chosen) >= _TOGETHER:
        for rows in _small_tables(hits):
            result = _completed(result, rows, n_needed=_TOGETHER)
    asks_how, asks_list = bool(_ASKS_HOW.search(question)), bool(_ASKS_LIST.search(question))
    if asks_how and chosen and chosen[0].kind == "paragraph":
        result = _completed(result, _paragraph_of(chosen[0]), n_needed=1)
    if all(part.kind != "item" for part in chosen):
        return result
    for steps in _procedures(hits):
        result = _completed(result, steps, n_needed=1 if asks_how or asks_list else _TOGETHER)
    for items in _lists(hits) if asks_list else ():
        result = _completed(result, items, n_needed=1)
    return result


def _completed(chosen: list[Quotable], whole: Sequence[Quotable], *, n_needed: int) -> list[Quotable]:
    """Return chosen parts with all of `whole` in place of those of it that they hold, if these are enough."""
    places = {_place(part) for part in whole}
    found = [part for part in chosen if _place(part) in places]
    if len(found) < n_needed or sum(len(part.text) for part in whole) > _MOST_CHARACTERS:
        return chosen
    first = chosen.index(found[0])
    return [*chosen[:first], *whole, *(part for part in chosen[first:] if _place(part) not in places)]


def _paragraph_of(part: Quotable) -> list[Quotable]:
    """Return all sentences of the paragraph of one, where it is short; else none."""
    text = part.hit.chunk.text
    start = text.rfind("\n\n", 0, part.start) + 1
    end = text.find("\n\n", part.end)
    sentences = [
        other
        for other in quotables(part.hit)
        if other.kind == "paragraph" and start <= other.start and (end < 0 or other.end <= end)
    ]
    return sentences if sum(len(other.text) for other in sentences) <= _SHORT_PARAGRAPH else []


def _small_tables(hits: Sequence[Hit]) -> Iterator[list[Quotable]]:
    """Yield the rows of tables of a few rows."""
    for hit in hits:
        parts = quotables(hit)
        for (kind, _), rows in groupby(parts, key=lambda part: (part.kind, part.lead)):
            table = list(rows) if kind == "table" else []
            if len(table) <= _MOST_ROWS:
                yield table


def _lists(hits: Sequence[Hit]) -> Iterator[list[Quotable]]:
    """Yield the items without numbers that follow each other in a hit, those in other items included."""
    for hit in hits:
        run: list[Quotable] = []
        for part in quotables(hit):
            if part.kind == "item" and not _number(part):
                run.append(part)
                continue
            if len(run) <= _MOST_ITEMS:
                yield run
            run = []
        if len(run) <= _MOST_ITEMS:
            yield run


def _procedures(hits: Sequence[Hit]) -> Iterator[list[Quotable]]:
    """Yield the steps that follow each other by their numbers, 1, 2, 3, below one heading."""
    below: dict[tuple[str, str], dict[tuple[str, int], Quotable]] = {}
    for hit in hits:
        steps = below.setdefault((hit.chunk.document_id, hit.chunk.headings), {})
        for part in quotables(hit):
            if part.kind == "item" and (_number(part) or _is_nested(part)):
                steps.setdefault(_place(part), part)
    for found in below.values():
        run: list[Quotable] = []
        last = 0
        for place in sorted(found):
            step = found[place]
            number = _number(step) or last
            if run and number not in (last, last + 1):
                yield from _whole(run)
                run = []
            last = number
            run.append(step)
        yield from _whole(run)


def _is_nested(part: Quotable) -> bool:
    """Tell whether a list item stands further to the right: it belongs to the step above it."""
    before = part.hit.chunk.text[: part.start]
    return len(before) - len(before.rstrip(" \t")) > 1


def _whole(run: list[Quotable]) -> Iterator[list[Quotable]]:
    if _TOGETHER <= len(run) <= _MOST_STEPS:
        yield run


def _number(step: Quotable) -> int:
    found = _STEP.match(step.text)
    return int(found[1]) if found else 0


def _place(part: Quotable) -> tuple[str, int]:
    """Return the document of a part and where it begins there."""
    chunk = part.hit.chunk
    return chunk.document_id, chunk.start + part.start
