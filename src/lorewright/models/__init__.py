"""Running models: chat, embedding and rerank protocols, engines, adapters."""

from lorewright.models.embedders import open_embedder
from lorewright.models.embedding import EmbeddingModel
from lorewright.models.engine import Completion, Engine, Piece, Sampling, Stopped, Usage, complete, never

__all__ = [
    "Completion",
    "EmbeddingModel",
    "Engine",
    "Piece",
    "Sampling",
    "Stopped",
    "Usage",
    "complete",
    "never",
    "open_embedder",
]
