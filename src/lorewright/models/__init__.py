"""Running models: chat, embedding and rerank protocols, engines, adapters."""

from lorewright.models.catalogue import KnownModel, known
from lorewright.models.embedders import open_embedder
from lorewright.models.embedding import EmbeddingModel
from lorewright.models.engine import (
    OWN_TEMPERATURE,
    OWN_TOP_P,
    Completion,
    Engine,
    Piece,
    Sampling,
    Stopped,
    Usage,
    complete,
    never,
)
from lorewright.models.engine_key import EngineKey
from lorewright.models.gguf_file import GgufFacts, read_gguf_facts
from lorewright.models.judge import Judge, Reading, Support, open_judge
from lorewright.models.local_model import LocalModel
from lorewright.models.metering import Call
from lorewright.models.opening import open_engine
from lorewright.models.pool import EnginePool
from lorewright.models.pooled import PooledEngine, usage_in, usage_json
from lorewright.models.reader import READER, Reader, find_reader
from lorewright.models.sources import Source, is_remote, parse_source
from lorewright.models.store import ModelStore

__all__ = [
    "OWN_TEMPERATURE",
    "OWN_TOP_P",
    "READER",
    "Call",
    "Completion",
    "EmbeddingModel",
    "Engine",
    "EngineKey",
    "EnginePool",
    "GgufFacts",
    "Judge",
    "KnownModel",
    "LocalModel",
    "ModelStore",
    "Piece",
    "PooledEngine",
    "Reader",
    "Reading",
    "Sampling",
    "Source",
    "Stopped",
    "Support",
    "Usage",
    "complete",
    "find_reader",
    "is_remote",
    "known",
    "never",
    "open_embedder",
    "open_engine",
    "open_judge",
    "parse_source",
    "read_gguf_facts",
    "usage_in",
    "usage_json",
]
