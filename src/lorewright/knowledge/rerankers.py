"""Ways to score hits again, by name: our own, and those of plug-ins."""

from collections.abc import Callable, Sequence

from lorewright.errors import BrokenPlugin
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.word_ranking import reordered
from lorewright.registry import Registry

Reranker = Callable[[str, Sequence[Hit]], Sequence[float]]
"""Called as `reranker(question, hits)`: returns one score per hit, in order; higher is better."""

RERANKERS: Registry[Reranker] = Registry(
    "reranker",
    {"words": "lorewright.knowledge.word_ranking:word_scores"},
    group="reranker",
    form="a function",
)


def reranked(question: str, hits: Sequence[Hit], reranker: str, *, weight: float) -> list[Hit]:
    """Return the hits in the order that a reranker gives them, `weight` as in `reordered`.

    Raises `UnknownName` for a reranker that is not there, `BrokenPlugin` for one that does not give
    every hit a score.
    """
    scores = [float(score) for score in RERANKERS.load(reranker)(question, hits)]
    if len(scores) != len(hits):
        raise BrokenPlugin(
            f"The reranker {reranker!r} returned {len(scores)} scores for {len(hits)} hits.",
            hint="Report it to the author, or use another reranker.",
        )
    return reordered(hits, scores, weight=weight)
