"""Collections of chunks: embed, index, retrieve, fuse, rerank, cite."""

from lorewright.knowledge.hit import Citation, Hit

__all__ = ["Citation", "Hit"]
