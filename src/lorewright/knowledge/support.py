"""Which sentences of an answer nothing supports."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.citation import cite
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.words import content_words, sentences

_FEW_WORDS = 3
"""A sentence with fewer words that say something ("Yes, of course.") claims nothing."""


def unsupported_sentences(
    text: str, hits: Sequence[Hit], citations: Sequence[Citation], *, claims: Sequence[str] = ()
) -> tuple[tuple[int, int], ...]:
    """Return start and end of the sentences of `text` that nothing in `hits` supports.

    Those that hold one of `claims`, which are known to stand nowhere; and those that say something,
    cite nothing, and find no place that would bear them. Questions are not judged.
    """
    numbered = [replace(hit, rank=number) for number, hit in enumerate(hits, start=1)]
    found = []
    for start, end in sentences(text):
        sentence = text[start:end]
        is_claimed = bool(claims_within(sentence, claims))
        is_cited = any(start < citation.position <= end for citation in citations)
        says_little = len(content_words(sentence)) < _FEW_WORDS or sentence.endswith("?")
        if is_claimed or not (is_cited or says_little or cite(sentence, numbered)):
            found.append((start, end))
    return tuple(found)


def claims_within(text: str, claims: Sequence[str]) -> tuple[str, ...]:
    """Return which of `claims` a text holds as whole words, in their order."""
    return tuple(claim for claim in claims if re.search(rf"(?<!\w){re.escape(claim)}(?!\w)", text))
