"""Documents that say different things of the same: one sentence, another number, date or name in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.exact import same
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import content_words, sentences

_ALIKE = 0.75
"""The share of two sentences' words, without their values, that both have."""
_FEWEST_WORDS = 2
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a hit, `start` to `end` in its document, and the value in it that is at issue."""

    hit: Hit
    start: int
    end: int
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two statements of different documents that differ in one value and hardly in anything else."""

    first: Statement
    second: Statement


def conflicts(question: str, hits: Sequence[Hit], *, most: int = 3) -> tuple[Conflict, ...]:
    """Return what the hits say differently of what a question asks for, of the better hits first.

    Two sentences conflict where both share a word with the question, their words are nearly the
    same, so are the headings above them as far as both have some, and one number, date or version
    differs. Copies in other words, and tables, are not compared.
    """
    asked = set(content_words(question))
    told = [statement for hit in hits for statement in _read(hit, asked)]
    found: list[Conflict] = []
    for first, second in combinations(told, 2):
        is_elsewhere = first.hit.chunk.document_id != second.hit.chunk.document_id
        if is_elsewhere and (conflict := _conflict(first, second)) is not None:
            found.append(conflict)
    return tuple(found[:most])


@dataclass(frozen=True, slots=True)
class _Read:
    hit: Hit
    start: int
    end: int
    text: str
    values: tuple[Claim, ...]
    names: frozenset[str]
    words: frozenset[str]
    about: frozenset[str]


def _read(hit: Hit, asked: set[str]) -> Iterator[_Read]:
    chunk = hit.chunk
    above = frozenset(
        word
        for word in content_words(" ".join((chunk.title, *chunk.heading_path)))
        if not any(letter.isdigit() for letter in word)
    )
    for start, end in sentences(chunk.text):
        text = chunk.text[start:end]
        words = content_words(text)
        if text.startswith("|") or len(text) > _LONGEST or asked.isdisjoint(words):
            continue
        facts = claims(text)
        values = tuple(fact for fact in facts if fact.exact is not None and fact.is_sure)
        of_values = {word for value in values for word in content_words(value.text)}
        rest = frozenset(words) - of_values
        if values and len(rest) >= _FEWEST_WORDS:
            names = frozenset(fact.text.lower() for fact in facts if fact.kind == "name")
            yield _Read(hit, chunk.start + start, chunk.start + end, text, values, names, rest, above)


def _conflict(first: _Read, second: _Read) -> Conflict | None:
    if len(first.values) != len(second.values) or first.names != second.names:
        return None
    if first.about - second.about and second.about - first.about:
        return None  # Basic > Price and Premium > Price are prices of two things
    shared = first.words & second.words
    if len(shared) < _ALIKE * len(first.words | second.words):
        return None
    other = [
        (left, right)
        for left, right in zip(first.values, second.values, strict=True)
        if not _is_same(left, right)
    ]
    if len(other) != 1 or not _is_comparable(*other[0]):
        return None
    left, right = other[0]
    return Conflict(_statement(first, left), _statement(second, right))


def _is_same(left: Claim, right: Claim) -> bool:
    if left.exact is None or right.exact is None:
        return False
    return same(left.exact, right.exact) or same(right.exact, left.exact)


def _is_comparable(left: Claim, right: Claim) -> bool:
    """Tell whether two values are of one kind and unit; what only counts or numbers a list is none."""
    if left.exact is None or right.exact is None or left.exact.kind != right.exact.kind:
        return False
    return left.exact.kind != "identifier" and left.exact.units == right.exact.units


def _statement(read: _Read, value: Claim) -> Statement:
    return Statement(read.hit, read.start, read.end, read.text, value.text)
