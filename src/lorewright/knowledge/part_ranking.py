"""Hits ranked again by the sentence, list item or table row of each that answers best."""

from collections.abc import Sequence
from dataclasses import replace

from lorewright.knowledge.answerable import worth
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.inflection import rooting
from lorewright.knowledge.quotable import Quotable, quotables
from lorewright.knowledge.quoting import Likeness, as_said, scored_by_words
from lorewright.knowledge.verdict import can_judge
from lorewright.knowledge.word_ranking import reordered
from lorewright.models import Judge

N_COMPARED = 2
"""Parts of a hit whose meaning is compared."""
N_RERANKED = 20
"""Hits that are put into a new order; the others follow."""
PARTS_WEIGHT = 0.4
"""How much their parts count against the order in which hits were found (docs/experiments.md)."""
_JUDGED = 0.25
"""How much what the judge thinks of a hit counts beside its best part (docs/experiments.md)."""


def ordered_by_parts(
    question: str, hits: Sequence[Hit], *, likeness: Likeness | None = None, judge: Judge | None = None
) -> list[Hit]:
    """Return the hits with the first of them in the order that their parts and their own scores give.

    No hit behind them has a higher score than they have.
    """
    read, rest = hits[:N_RERANKED], hits[N_RERANKED:]
    scores = part_scores(question, read, likeness=likeness, judge=judge)
    ordered = reordered(read, scores, weight=PARTS_WEIGHT)
    least = ordered[-1].score if ordered else 0.0
    return [*ordered, *(replace(hit, score=min(hit.score, least)) for hit in rest)]


def best_of_each(parts: Sequence[Quotable], by_words: Sequence[float]) -> list[int]:
    """Return the places of the parts of each hit that words speak for most: their meaning is compared."""
    chosen: dict[str, list[int]] = {}
    for place in sorted(range(len(parts)), key=lambda place: -by_words[place]):
        chosen.setdefault(parts[place].hit.chunk.id, []).append(place)
    return [place for places in chosen.values() for place in places[:N_COMPARED]]


def part_scores(
    question: str, hits: Sequence[Hit], *, likeness: Likeness | None = None, judge: Judge | None = None
) -> list[float]:
    """Return one score per hit, in order: that of its best part, with what the judge thinks of the hit.

    A part counts for the rare words of the question that it, its headings and its chunk hold, and for its
    meaning. A chunk about many things has one vector, which may be far from each of them; its sentences are
    not. Without `likeness` words alone count, and the judge counts only where it reads the language.
    """
    parts = [part for hit in hits for part in quotables(replace(hit, score=0.0))]
    best: dict[str, float] = {}
    if parts:
        by_words, _ = scored_by_words(question, parts, rooting(question, [part.text for part in parts]))
        compared = best_of_each(parts, by_words)
        cosines = likeness(question, [as_said(parts[place]) for place in compared]) if likeness else None
        for place, cosine in zip(compared, cosines or [0.0] * len(compared), strict=True):
            chunk_id = parts[place].hit.chunk.id
            best[chunk_id] = max(best.get(chunk_id, 0.0), by_words[place] + cosine)
    texts = [hit.chunk.context for hit in hits]
    judged = [0.0] * len(hits)
    if judge is not None and can_judge(question) and can_judge("\n".join(texts)):
        judged = worth(question, texts, judge)
    return [best.get(hit.chunk.id, 0.0) + _JUDGED * share for hit, share in zip(hits, judged, strict=True)]
