"""How a request in OpenAI's words wants hits ranked."""

from typing import Literal

from pydantic import Field

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.workspace.collections.search import Ranking


class HybridSearch(RequestBody):
    """Weights of vector and keyword scores."""

    embedding_weight: float = Field(ge=0)
    text_weight: float = Field(ge=0)


class RankingOptions(RequestBody):
    """How hits are ranked; every ranker name stands for the same ranker."""

    ranker: Literal["none", "auto", "default-2024-11-15"] | None = None
    score_threshold: float = Field(default=0.0, ge=0, le=1)
    hybrid_search: HybridSearch | None = None


def ranking_of(options: RankingOptions | None, *, param: str = "ranking_options") -> Ranking:
    """Return the ranking that the options ask for; raise `BadParameter`, below `param`, for two zeros."""
    if options is None or options.hybrid_search is None:
        return Ranking(score_threshold=options.score_threshold if options else 0.0)
    weights = options.hybrid_search
    total = weights.embedding_weight + weights.text_weight
    if not total:
        raise BadParameter(f"{param}.hybrid_search", "embedding_weight and text_weight cannot both be 0.")
    return Ranking(score_threshold=options.score_threshold, dense_weight=weights.embedding_weight / total)
