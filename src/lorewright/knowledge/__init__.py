"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.citation import cite
from lorewright.knowledge.collection import Added, Collection, Rankings
from lorewright.knowledge.copies import without_copies
from lorewright.knowledge.excerpts import excerpts
from lorewright.knowledge.filters import Attributes, Filter, read_filter
from lorewright.knowledge.fusion import Known, fit_weight, fuse
from lorewright.knowledge.grounding import (
    Verdict,
    check_claims,
    is_covered,
    unsupported,
    unsupported_together,
)
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.identifiers import identifiers
from lorewright.knowledge.likeness import diverse, without_near_duplicates
from lorewright.knowledge.quotable import Quotable
from lorewright.knowledge.quoting import Quote, choose_quotes
from lorewright.knowledge.ranking import Shares, merge, rank, shares
from lorewright.knowledge.rerankers import RERANKERS, Reranker, reranked
from lorewright.knowledge.retriever import ComparesTexts, Retriever
from lorewright.knowledge.word_ranking import reordered, word_scores
from lorewright.knowledge.words import content_words, root, shared_words

__all__ = [
    "RERANKERS",
    "Added",
    "Attributes",
    "Citation",
    "Collection",
    "ComparesTexts",
    "Filter",
    "Hit",
    "Known",
    "Quotable",
    "Quote",
    "Rankings",
    "Reranker",
    "Retriever",
    "Shares",
    "Verdict",
    "check_claims",
    "choose_quotes",
    "cite",
    "content_words",
    "diverse",
    "excerpts",
    "fit_weight",
    "fuse",
    "identifiers",
    "is_covered",
    "merge",
    "rank",
    "read_filter",
    "reordered",
    "reranked",
    "root",
    "shared_words",
    "shares",
    "unsupported",
    "unsupported_together",
    "without_copies",
    "without_near_duplicates",
    "word_scores",
]
