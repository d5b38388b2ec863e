"""Whether what was said stands in the documents."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lorewright.knowledge.claims import Claim, claims
from lorewright.knowledge.contradiction import is_in_place_of_another, is_swapped
from lorewright.knowledge.evidence import Evidence
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.identifiers import identifiers, share_held
from lorewright.knowledge.language import language_in
from lorewright.knowledge.names import CAPITAL_NOUNS
from lorewright.knowledge.scattered import scattered
from lorewright.settings import Retrieval

_ABBREVIATION = re.compile(r"(?<!\w)[A-ZÄÖÜ]{2,}(?!\w)")
_SMALL_COUNT = 12
"""Up to it a number in words may count what the source only lists: "three ways to pay"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of a text its sources do not bear, as it is written, each once.

    `wrong` are exact values and names that no source holds, or that stand where a source says
    something else: a text with one of them is withheld. `doubtful` may as well be counted from what
    a source lists: they are marked.
    """

    wrong: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()


def check_claims(
    text: str, sources: Iterable[str], *, said: Iterable[str] = (), allowed: frozenset[str] = frozenset()
) -> Verdict:
    """Return what of `text` is contradicted by its sources or stands in none of them.

    Each source is one place: a name of one beside a number of another is doubtful, and wrong where
    the first has another number there. `said` are the turns of the conversation, which may be repeated.

    Numbers, money, dates, versions and identifiers are held in any notation and language; an
    abbreviation of three letters or more when a source spells it out; a name with or without its
    hyphen. `allowed` are lower-case words that belong to the style. What is said with common words
    only is not judged.
    """
    sources = list(sources)
    evidence = Evidence([*sources, *said], allowed=allowed)
    wrong, doubtful = [], []
    for claim in claims(text, evidence.language):
        is_held = evidence.states(claim, text)
        if _is_wrong(claim, text, evidence, is_held=is_held):
            wrong.append(claim.text)
        elif not is_held and claim.is_sure:
            doubtful.append(claim.text)
    for found in scattered(text, [_evidence_of(source, allowed) for source in sources], evidence):
        (wrong if found.is_contradicted else doubtful).append(found.claim.text)
    return Verdict(tuple(dict.fromkeys(wrong)), tuple(dict.fromkeys(doubtful)))


def unsupported(
    text: str, sources: Iterable[str], *, allowed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the numbers, dates, versions and names of `text` that no source holds, as they are written."""
    evidence = Evidence(sources, allowed=allowed)
    missing = (
        claim.text
        for claim in claims(text, evidence.language)
        if not evidence.states(claim, text)
        and (claim.is_sure or _is_wrong(claim, text, evidence, is_held=False))
    )
    return tuple(dict.fromkeys(missing))


def unsupported_together(
    text: str, sources: Iterable[str], *, allowed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the numbers, dates and names of `text` that stand in sources, but beside others in none."""
    sources = list(sources)
    each = [_evidence_of(source, allowed) for source in sources]
    found = scattered(text, each, Evidence(sources, allowed=allowed))
    return tuple(dict.fromkeys(one.claim.text for one in found))


def is_covered(hits: Sequence[Hit], settings: Retrieval, *, question: str = "") -> bool:
    """Tell whether the hits plausibly hold an answer.

    The closest one is not too far from the question, or one holds a code, an abbreviation or a name
    of the question letter by letter.
    """
    cosines = [hit.cosine for hit in hits if hit.cosine is not None]
    if not hits or max(cosines, default=1.0) >= settings.min_cosine:
        return bool(hits)
    named = [*identifiers(question), *(word.lower() for word in _ABBREVIATION.findall(question))]
    return any(share_held([word], hit.chunk.context) == 1.0 for hit in hits for word in named)


@lru_cache(maxsize=512)
def _evidence_of(source: str, allowed: frozenset[str]) -> Evidence:
    """Return what one source holds; kept, as an answer is checked again while it is written."""
    return Evidence([source], allowed=allowed)


def _is_wrong(claim: Claim, text: str, evidence: Evidence, *, is_held: bool) -> bool:
    if is_held:
        return claim.is_sure and is_swapped(claim, text, evidence.sources)
    if claim.exact is not None:
        is_count = claim.exact.is_spelled and not claim.exact.units
        is_small = is_count and all(float(value) <= _SMALL_COUNT for value in claim.exact.values)
        if not claim.is_sure or is_small:
            return is_in_place_of_another(claim, text, evidence.sources)
        return True
    if claim.is_sure or (language_in(text) or evidence.language) not in CAPITAL_NOUNS:
        return claim.is_sure
    return is_in_place_of_another(claim, text, evidence.sources)
