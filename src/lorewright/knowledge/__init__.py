"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.citation import cite
from lorewright.knowledge.collection import Added, Collection
from lorewright.knowledge.fusion import Known, fit_weight, fuse
from lorewright.knowledge.grounding import is_covered, unsupported
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.retriever import Retriever

__all__ = [
    "Added",
    "Citation",
    "Collection",
    "Hit",
    "Known",
    "Retriever",
    "cite",
    "fit_weight",
    "fuse",
    "is_covered",
    "unsupported",
]
