"""Whether what was said stands in the documents."""

import re
from collections.abc import Iterable, Sequence

from lorewright.knowledge.claims import Claim, claims, stated
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.words import content_words
from lorewright.settings import Retrieval


def unsupported(
    text: str, sources: Iterable[str], *, allowed: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """Return the numbers, dates, versions and names of `text` that no source holds, as they are written.

    A date counts as held in any notation, and so do its month and year alone; an abbreviation of
    three letters or more when a source spells it out; a name with or without its hyphen. `allowed`
    are lower-case words that belong to the style. What is said with words only is not judged.
    """
    sources = list(sources)
    known = frozenset[str]().union(allowed, *(stated(source) for source in sources))
    known |= {joined for word in known if (joined := word.replace("-", "")).isalpha()}
    initials = " ".join(_initials(source) for source in sources)
    missing = (claim.text for claim in claims(text) if not _is_held(claim, known, initials))
    return tuple(dict.fromkeys(missing))


def is_covered(hits: Sequence[Hit], settings: Retrieval) -> bool:
    """Tell whether the hits plausibly hold an answer: the closest one is not too far from the query."""
    cosines = [hit.cosine for hit in hits if hit.cosine is not None]
    return bool(hits) and max(cosines, default=1.0) >= settings.min_cosine


def _is_held(claim: Claim, known: frozenset[str], initials: str) -> bool:
    if claim.forms & known or claim.text.lower() in known:
        return True
    if claim.kind != "name":
        return False
    if claim.text.lower().replace("-", "") in known:
        return True
    if claim.text.isupper() and len(claim.text) > 2 and claim.text.lower() in initials:
        return True
    parts = {form for part in re.split(r"[^\w]+", claim.text) if part for form in stated(part)}
    return len(parts) > 1 and parts <= known


def _initials(source: str) -> str:
    """Return the first letters of a text's words, with and without the small ones like "of"."""
    every = "".join(word[0] for word in re.findall(r"\w+", source.lower()))
    return every + " " + "".join(word[0] for word in content_words(source))
