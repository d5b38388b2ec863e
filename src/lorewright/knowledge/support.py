"""Which sentences of an answer nothing supports: the one way to tell, for chats and for reports."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from lorewright.knowledge.citation import cite
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.verdict import AnswerVerdict, can_judge, judge_answer
from lorewright.knowledge.words import content_words, sentences
from lorewright.models import Judge

Span = tuple[int, int]

_FEW_WORDS = 3
"""A sentence with fewer words that say something ("Yes, of course.") claims nothing."""


def unsupported_sentences(
    text: str,
    hits: Sequence[Hit],
    citations: Sequence[Citation],
    *,
    claims: Sequence[str] = (),
    judge: Judge | None = None,
    style_words: Collection[str] = (),
) -> tuple[Span, ...]:
    """Return start and end of the sentences of `text` that nothing in `hits` supports.

    Those that hold one of `claims`, which are known to stand nowhere; and those that say something
    and that the judge finds no support for. Without a judge, and in languages that it does not read,
    those that cite nothing and find no place that would bear them. Questions, and lines that say
    little but `style_words`, are not judged.
    """
    if judge is not None and can_judge(text):
        texts = [hit.chunk.context for hit in hits]
        return unborne(text, judge_answer(text, texts, judge, style_words=style_words), claims)
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


def unborne(text: str, verdict: AnswerVerdict, claims: Sequence[str] = ()) -> tuple[Span, ...]:
    """Return the sentences that the judge finds no support for, and those that hold one of `claims`."""
    marked = {(each.start, each.end) for each in verdict.sentences if each.state != "supported"}
    return tuple(
        (start, end)
        for start, end in sentences(text)
        if (start, end) in marked or claims_within(text[start:end], claims)
    )


def claims_within(text: str, claims: Sequence[str]) -> tuple[str, ...]:
    """Return which of `claims` a text holds as whole words, in their order."""
    return tuple(claim for claim in claims if re.search(rf"(?<!\w){re.escape(claim)}(?!\w)", text))
