"""The parts of a sentence that may each stand at a place of its own, and what they are about."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.patterns import pattern
from lorewright.knowledge.words import STOP_WORDS, stem

_JOINT = pattern(
    r"\s*;\s+|,?\s+(?:and|but|while|whereas|or|plus|und|aber|während|oder|et|mais|tandis que|ou|y|pero)\s+"
    r"|,\s+"
)
_COMBINES = pattern(
    r"\b(?:than|respectively|compared|versus|vs|both|neither|between|unlike|altogether|in total|each|"
    r"als|beide|jeweils|zwischen|zusammen|que|chacun|entre)\b",
    re.IGNORECASE,
)
_OPENING = pattern(r"\W*(?:(?:The|A|An|Our|Your|Der|Die|Das|Le|La|El)\s+)?(?P<word>[^\W\d_][\w\-]*)")
_OWN_SUBJECT = pattern(r"\W*(?:the|a|an|all|every|der|die|das|alle|le|la|les|el|los|las)\s", re.IGNORECASE)
_ADVERBIAL = pattern(
    r"\W*(?:in|on|at|with|for|from|by|since|after|before|during|until|under|as|if|when|"
    r"mit|bei|für|seit|nach|vor|ab|avec|pour|depuis|con|para|desde)\s",
    re.IGNORECASE,
)
_LONGEST_TITLE = 120
_CAPITAL = pattern(r"(?<![\w])[^\W\d_a-zß-ÿ][\w\-]+")
_CELL = pattern(r"\|\s*([^\W\d_a-zß-ÿ][\w\-]+)")


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of the parts of a sentence between its joints, each with a word at least."""
    start = 0
    for joint in _JOINT.finditer(text):
        if re.search(r"\w", text[start : joint.start()]):
            yield start, joint.start()
            start = joint.end()
    if re.search(r"\w", text[start:]):
        yield start, len(text)


def combines(text: str) -> bool:
    """Tell whether a sentence puts things side by side that may stand far from each other."""
    return bool(_COMBINES.search(text))


def inherits(part: str, *, is_first: bool) -> bool:
    """Tell whether a part that names nothing is about the names of its neighbour.

    That is the part before ("and has 20 GB"), or after it where it only opens the sentence ("In 1903,").
    """
    return bool(_ADVERBIAL.match(part)) if is_first else not _OWN_SUBJECT.match(part)


def opening_name(sentence: str, at: int, names: Collection[str]) -> Claim | None:
    """Return the word that opens a sentence where it is one of `names`: its capital alone says nothing.

    `at` is where the sentence begins; `names` are stems.
    """
    found = _OPENING.match(sentence)
    if not found or not found["word"][0].isupper() or stem(found["word"]) not in names:
        return None
    start, end = found.span("word")
    return Claim("name", found["word"], at + start, at + end, frozenset({stem(found["word"])}))


@lru_cache(maxsize=1024)
def name_forms(text: str) -> frozenset[str]:
    """Return the stems of a text's names: those beyond doubt, and capital words of titles and table cells."""
    names = [claim.text for claim in claims(text) if claim.kind == "name" and claim.is_sure]
    title = text.split("\n", 1)[0]
    if "\n" in text and len(title) <= _LONGEST_TITLE and not title.endswith((".", ":", "?", "!")):
        names += _CAPITAL.findall(title)
    names += _CELL.findall(text)
    found = {stem(word) for name in names for word in (name, *re.split(r"[^\w]+", name)) if word}
    return frozenset(found - STOP_WORDS)


def names_of(facts: Sequence[Claim]) -> list[Claim]:
    """Return the names among facts."""
    return [fact for fact in facts if fact.kind == "name"]
