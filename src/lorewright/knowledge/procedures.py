"""Numbered steps that belong together: half of a procedure may do harm."""

import re
from collections.abc import Iterator, Sequence

from lorewright.knowledge.hit import Hit
from lorewright.knowledge.quotable import Quotable, quotables

_STEP = re.compile(r"\(?(\d{1,3})[.)][ \t]")
_ASKS_HOW = re.compile(
    r"\bhow (?:do|does|can|could|should|would|to|must|am|is|are)\b(?!.{0,12}\b(?:long|many|much|often|far)\b)"
    r"|\b(?:steps?|procedure|instructions?|process)\b|\bwhat (?:do|should|must) (?:i|we|you) do\b"
    r"|\bwie (?:kann|mache?n?|geht|muss|soll|wird|werden|lässt|ersetze|wechsle)\b|\b(?:schritte|anleitung)\b"
    r"|\bcomment\b|\bétapes?\b|\bcómo\b|\bpasos\b|\bcome (?:si|posso|faccio)\b",
    re.IGNORECASE,
)
_MOST_STEPS = 20
_MOST_CHARACTERS = 3000
_TOGETHER = 2
"""So many steps of a procedure that answer call for the others."""


def with_all_steps(question: str, chosen: Sequence[Quotable], hits: Sequence[Hit]) -> list[Quotable]:
    """Return the chosen parts with all steps of a procedure, in order, where one of them is such a step.

    That is where somebody asks how something is done, or where two of its steps were chosen. A procedure
    may go on over several hits of its document; one that is very long stays as it was chosen.
    """
    result = list(chosen)
    asks_how = bool(_ASKS_HOW.search(question))
    for steps in _procedures(hits):
        places = {_place(step) for step in steps}
        found = [part for part in result if _place(part) in places]
        n_characters = sum(len(step.text) for step in steps)
        if len(found) < (1 if asks_how else _TOGETHER) or n_characters > _MOST_CHARACTERS:
            continue
        first = result.index(found[0])
        others = [part for part in result[first:] if _place(part) not in places]
        result = [*result[:first], *steps, *others]
    return result


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
