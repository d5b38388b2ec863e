"""Names and numbers that stand in the sources, but nowhere together as a sentence has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.contradiction import is_in_place_of_another
from lorewright.knowledge.evidence import Evidence
from lorewright.knowledge.pieces import combines, inherits, name_forms, names_of, opening_name, pieces
from lorewright.knowledge.words import sentences


@dataclass(frozen=True, slots=True)
class Scattered:
    """A number, date or name that no source states beside the others of its sentence.

    It `is_contradicted` where the source that states most of them has another value in its place.
    """

    claim: Claim
    is_contradicted: bool


def scattered(text: str, sources: Sequence[Evidence], everywhere: Evidence) -> Iterator[Scattered]:
    """Yield what of `text` is stated by some source, but not by the one that states most of its sentence.

    Looked at are sentences with a name and a number or date, part by part where one source does not
    state all of it; what compares things is left out. What no source states at all is not scattered.
    """
    if len(sources) < 2:
        return
    facts = [claim for claim in claims(text, everywhere.language) if claim.is_sure]
    names = frozenset(form for source in everywhere.sources for form in name_forms(source))
    for start, end in sentences(text):
        own = [claim for claim in facts if start <= claim.start < end]
        opening = opening_name(text[start:end], start, names)
        if opening and all(claim.start != opening.start for claim in own):
            own.insert(0, opening)
        own = [claim for claim in own if any(source.states(claim, text) for source in sources)]
        if _tells(own) and not combines(text[start:end]) and _lacking(own, text, sources)[0]:
            for part in _parts(own, text, start, end):
                yield from _of_part(part, text, sources)


def _of_part(part: Sequence[Claim], text: str, sources: Sequence[Evidence]) -> Iterator[Scattered]:
    if not _tells(part):
        return
    lacking, place = _lacking(part, text, sources)
    for claim in lacking:
        is_other = is_in_place_of_another(claim, text, place.sources)
        yield Scattered(claim, is_contradicted=is_other)


def _parts(own: Sequence[Claim], text: str, start: int, end: int) -> Iterator[list[Claim]]:
    """Yield the facts of each part of a sentence; one that names nothing has its neighbour's names."""
    cut = list(pieces(text[start:end]))
    found = [[claim for claim in own if start + first <= claim.start < start + last] for first, last in cut]
    named = [names_of(part) for part in found]
    subject = next(filter(None, named), [])
    for number, ((first, last), part) in enumerate(zip(cut, found, strict=True)):
        is_about = inherits(text[start + first : start + last], is_first=not any(named[:number]))
        yield [*subject, *part] if is_about and not named[number] else part
        subject = named[number] or subject


def _tells(facts: Sequence[Claim]) -> bool:
    kinds = {claim.kind == "name" for claim in facts}
    return len(kinds) > 1


def _lacking(facts: Sequence[Claim], text: str, sources: Sequence[Evidence]) -> tuple[list[Claim], Evidence]:
    """Return the facts that the source with most of them lacks; names weigh more, numbers are lacked."""
    missing = [([claim for claim in facts if not source.states(claim, text)], source) for source in sources]
    return min(missing, key=lambda found: (len(found[0]), sum(claim.kind == "name" for claim in found[0])))
