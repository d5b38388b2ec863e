"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.citation import cite
from lorewright.knowledge.collection import Added, Collection
from lorewright.knowledge.filters import Attributes, Filter, read_filter
from lorewright.knowledge.fusion import Known, fit_weight, fuse
from lorewright.knowledge.grounding import is_covered, unsupported
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.ranking import merge
from lorewright.knowledge.retriever import Retriever

__all__ = [
    "Added",
    "Attributes",
    "Citation",
    "Collection",
    "Filter",
    "Hit",
    "Known",
    "Retriever",
    "cite",
    "fit_weight",
    "fuse",
    "is_covered",
    "merge",
    "read_filter",
    "unsupported",
]
