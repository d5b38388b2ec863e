"""Which chunk supports which sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.knowledge.claims import claims, stated
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.language import common_words
from lorewright.knowledge.words import content_words, sentences

_CLAIM_WEIGHT = 3.0
"""How many words a number, date or name is worth."""
_ENOUGH = 0.5
"""The share of a sentence's weight that a place must hold to support it."""
_MARKER = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class _Place:
    """A sentence, list item or table row of a hit, and all that it states."""

    number: int
    start: int
    end: int
    forms: frozenset[str]


def cite(text: str, hits: Sequence[Hit], *, question: str = "") -> tuple[Citation, ...]:
    """Return for every sentence of `text` the places in the hits that support it, in its order.

    A place is one sentence or table row, read together with its headings. It must hold half of
    what the sentence says, numbers and names counting thrice, and any of these if it has some. Another
    place is added for claims the first one lacks. Of equal places the one that a marker like [2]
    in the text points at wins, then the one closer to `question`, then the better hit.
    """
    places = [place for hit in hits for place in _places(hit)]
    chunks = {hit.rank: hit.chunk for hit in hits}
    citations = []
    for start, end in sentences(text):
        for place in _supporting(text[start:end], places, content_words(question)):
            chunk = chunks[place.number]
            citations.append(
                Citation(
                    number=place.number,
                    document_id=chunk.document_id,
                    title=chunk.title,
                    start=chunk.start + place.start,
                    end=chunk.start + place.end,
                    quote=chunk.text[place.start : place.end],
                    position=end,
                    page=chunk.page,
                    heading_path=chunk.heading_path,
                )
            )
    return tuple(citations)


def _places(hit: Hit) -> list[_Place]:
    chunk = hit.chunk
    headings = stated("\n".join((chunk.title, *chunk.heading_path)))
    columns = stated(chunk.header or next(iter(re.findall(r"^\|.*", chunk.text, re.MULTILINE)), ""))
    places = []
    for start, end in sentences(chunk.text):
        text = chunk.text[start:end]
        forms = stated(text)
        if forms:
            around = headings | columns if text.startswith("|") else headings
            places.append(_Place(hit.rank, start, end, forms | around))
    return places


def _supporting(sentence: str, places: Sequence[_Place], question_words: Sequence[str]) -> list[_Place]:
    """Return the best place, and more for claims it lacks; nothing where none holds enough."""
    marked = {int(number) for number in _MARKER.findall(sentence)}
    wanted = [claim.forms for claim in claims(sentence) if claim.is_sure]
    words = set(content_words(_MARKER.sub(" ", sentence))).difference(common_words(), *wanted)
    needed = _ENOUGH * (_CLAIM_WEIGHT * len(wanted) + len(words))
    chosen: list[_Place] = []
    for _ in places:
        best = max(
            places,
            key=lambda place: (
                _held(place, wanted, words),
                place.number in marked,
                len(place.forms.intersection(question_words)),
                -place.number,
            ),
        )
        left = [forms for forms in wanted if not forms & best.forms]
        if _held(best, wanted, words) < needed or (wanted and left == wanted):
            break
        chosen.append(best)
        wanted, words, needed = left, set(), 0.0
        if not wanted:
            break
    return sorted(chosen, key=lambda place: (place.number, place.start))


def _held(place: _Place, wanted: Sequence[frozenset[str]], words: set[str]) -> float:
    """Return the weight of what a place holds of a sentence."""
    n_claims = sum(bool(forms & place.forms) for forms in wanted)
    return _CLAIM_WEIGHT * n_claims + len(words & place.forms)
