"""Cutting and embedding on the nodes of a cluster: texts go out, chunks and vectors come back."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, lru_cache, partial
from typing import Any

from lorewright.documents import Chunk, Document
from lorewright.errors import LorewrightError, UnusableCluster
from lorewright.knowledge.index import Embedded
from lorewright.knowledge.model_choice import ModelChoice
from lorewright.knowledge.preparation import Preparation
from lorewright.models import EmbeddingModel, ModelStore, open_embedder
from lorewright.settings import AUTOMATIC_MODEL, cache_folder
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.cluster import Cluster, packed, unpacked
from lorewright.workspace.jobs.portions import portions

_UNIT_CHARS = 64 * 1024
_OTHER = "e5"


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """What chunks and vectors are made with; the same on every node.

    `embedder` is the model of the settings and `name` what it calls itself. `other` is the name of the one
    for other languages: '' where the domain has none yet, `None` where `embedder` embeds everything.
    """

    embedder: str
    name: str
    other: str | None
    chunker: str
    chunk_tokens: int


def making_of(workspace: Workspace) -> Making:
    """Return what this domain's chunks and vectors are made with."""
    settings = workspace.settings
    is_automatic = settings.models.embedding == AUTOMATIC_MODEL
    other = workspace.find_multilingual() if is_automatic else None
    return Making(
        embedder=settings.models.embedding,
        name=workspace.embedder.name,
        other=(other.name if other else "") if is_automatic else None,
        chunker=settings.documents.chunker,
        chunk_tokens=settings.retrieval.chunk_tokens,
    )


def prepared_on_nodes(
    cluster: Cluster, making: Making, documents: Iterable[Document]
) -> Iterator[tuple[list[Document], list[Embedded]]]:
    """Yield documents with their chunks and vectors, some at a time."""
    under_way: dict[str, Document] = {}
    for result in cluster.each(
        f"{__name__}:prepare_unit", json.dumps(asdict(making)), _units(documents, under_way)
    ):
        told, vectors = unpacked(result)
        ready = [under_way.pop(one["id"]) for one in told]
        parts, each_vectors = [], iter(vectors)
        for document, one in zip(ready, told, strict=True):
            parts += [_embedded(document, part, each_vectors) for part in one["parts"]]
        yield ready, parts


def prepare_unit(spec: str, unit: bytes) -> bytes:
    """Return the chunks and vectors of some documents: what a node does."""
    making = Making(**json.loads(spec))
    preparation = _preparation(making)
    told, vectors = [], []
    for values in unpacked(unit)[0]:
        document = Document(**{**values, "page_starts": tuple(values["page_starts"])})
        parts = preparation.prepared(document, making.chunk_tokens)
        told.append({"id": document.id, "parts": [_told(part) for part in parts]})
        vectors += [part.vectors.astype("<f4").tobytes() for part in parts if part.vectors is not None]
    return packed(told, vectors)


def _units(documents: Iterable[Document], under_way: dict[str, Document]) -> Iterator[bytes]:
    for unit in portions(documents, lambda document: len(document.text), size=_UNIT_CHARS):
        under_way |= {document.id: document for document in unit}
        yield packed([_sent(document) for document in unit])


def _sent(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "media_type": document.media_type,
        "page_starts": document.page_starts,
        "metadata": dict(document.metadata),
    }


@lru_cache(maxsize=1)
def _preparation(making: Making) -> Preparation:
    """Return what a process of a node keeps: its models, which are those of the domain."""
    first = _model(making.embedder, making.name)
    if making.other is None:
        return Preparation(ModelChoice(first), making.chunker)
    other = cache(partial(_model, _OTHER, making.other)) if making.other else lambda: None
    return Preparation(ModelChoice(first, other), making.chunker)


def _model(source: str, name: str) -> EmbeddingModel:
    try:
        model = open_embedder(source, store=ModelStore(cache_folder()))
    except LorewrightError as error:
        raise UnusableCluster(
            f"A node of the cluster lacks the embedding model {name}: {error}", hint=error.hint
        ) from error
    if model.name != name:
        raise UnusableCluster(
            f"A node of the cluster has the embedding model {model.name}, and the index is of {name}.",
            hint="Install the same release of Lorewright there, with the same plug-ins.",
        )
    return model


def _told(part: Embedded) -> dict[str, Any]:
    return {"embedder": part.embedder, "chunks": [_told_chunk(chunk) for chunk in part.chunks]}


def _told_chunk(chunk: Chunk) -> Sequence[Any]:
    """Return what cannot be told from the document: its text and title stay where they are."""
    return chunk.id, chunk.start, chunk.end, chunk.heading_path, chunk.page, chunk.header


def _embedded(document: Document, part: Mapping[str, Any], vectors: Iterator[bytes]) -> Embedded:
    chunks = [
        Chunk(
            id=id_, document_id=document.id, title=document.title, start=start, end=end,
            text=document.text[start:end], heading_path=tuple(path), page=page, header=header,
        )
        for id_, start, end, path, page, header in part["chunks"]
    ]  # fmt: skip
    if not part["embedder"]:
        return Embedded("", chunks, None)
    import numpy as np  # only who indexes over a cluster waits for it

    flat = np.frombuffer(next(vectors), dtype="<f4").astype(np.float32)
    return Embedded(part["embedder"], chunks, flat.reshape(len(chunks), -1))
