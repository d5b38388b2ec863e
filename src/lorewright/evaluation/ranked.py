"""How well the documents that answer a question are ranked."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from lorewright.knowledge import Hit

N_RANKED = 10
"""How far down a ranking nDCG and the reciprocal rank look."""


@dataclass(frozen=True, slots=True)
class Marks:
    """One question: `recall` among what is kept, `ndcg` and `reciprocal_rank` of the first ten."""

    recall: float
    ndcg: float
    reciprocal_rank: float


def marks(ranked: Sequence[str], kept: Collection[str], right: Collection[str]) -> Marks:
    """Return how well documents are ranked, given the best first, those kept, and those that are right."""
    return Marks(
        recall=len(set(kept) & set(right)) / len(set(right)),
        ndcg=_ndcg(ranked, right),
        reciprocal_rank=1 / place if (place := first_right(ranked[:N_RANKED], right)) else 0.0,
    )


def first_right(ranked: Sequence[str], right: Collection[str]) -> int:
    """Return the rank, counted from 1, of the first right document; 0 where there is none."""
    return next((place for place, name in enumerate(ranked, start=1) if name in right), 0)


def documents_of(hits: Sequence[Hit]) -> list[str]:
    """Return the documents of hits, each where its best chunk is."""
    return list(dict.fromkeys(hit.chunk.document_id for hit in hits))


def _ndcg(ranked: Sequence[str], right: Collection[str]) -> float:
    """Return the discounted gain as a share of the best there can be (Järvelin and Kekäläinen 2002)."""
    places = [place for place, name in enumerate(ranked[:N_RANKED], start=1) if name in right]
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(len(set(right)), N_RANKED) + 1))
    return sum(1 / math.log2(place + 1) for place in places) / ideal
