"""Which sentences of an answer nothing supports."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.citation import cite
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.verdict import can_judge, verdicts
from lorewright.knowledge.words import content_words, sentences
from lorewright.models import Judge

_FEW_WORDS = 3
"""A sentence with fewer words that say something ("Yes, of course.") claims nothing."""


def unsupported_sentences(
    text: str,
    hits: Sequence[Hit],
    citations: Sequence[Citation],
    *,
    claims: Sequence[str] = (),
    judge: Judge | None = None,
) -> tuple[tuple[int, int], ...]:
    """Return start and end of the sentences of `text` that nothing in `hits` supports.

    Those that hold one of `claims`, which are known to stand nowhere; and those that say something
    and that the judge finds no support for. Without a judge, and in languages that it does not read,
    those that cite nothing and find no place that would bear them. Questions are not judged.
    """
    if judge is not None and can_judge(text):
        return _judged(text, hits, claims, judge)
    numbered = [replace(hit, rank=number) for number, hit in enumerate(hits, start=1)]
    spans = []
    for start, end in sentences(text):
        sentence = text[start:end]
        is_claimed = bool(claims_within(sentence, claims))
        is_cited = any(start < citation.position <= end for citation in citations)
        says_little = len(content_words(sentence)) < _FEW_WORDS or sentence.endswith("?")
        if is_claimed or not (is_cited or says_little or cite(sentence, numbered)):
            spans.append((start, end))
    return tuple(spans)


def _judged(
    text: str, hits: Sequence[Hit], claims: Sequence[str], judge: Judge
) -> tuple[tuple[int, int], ...]:
    judged = verdicts(text, [hit.chunk.context for hit in hits], judge)
    unborne = {(verdict.start, verdict.end) for verdict in judged if verdict.state != "supported"}
    return tuple(
        (start, end)
        for start, end in sentences(text)
        if (start, end) in unborne or claims_within(text[start:end], claims)
    )


def claims_within(text: str, claims: Sequence[str]) -> tuple[str, ...]:
    """Return which of `claims` a text holds as whole words, in their order."""
    return tuple(claim for claim in claims if re.search(rf"(?<!\w){re.escape(claim)}(?!\w)", text))
