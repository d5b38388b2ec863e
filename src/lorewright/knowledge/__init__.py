"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.collection import Added, Collection
from lorewright.knowledge.fusion import Known, fit_weight, fuse
from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.retriever import Retriever

__all__ = ["Added", "Citation", "Collection", "Hit", "Known", "Retriever", "fit_weight", "fuse"]
