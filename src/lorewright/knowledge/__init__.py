"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.hit import Citation, Hit
from lorewright.knowledge.retriever import Retriever

__all__ = ["Citation", "Hit", "Retriever"]
