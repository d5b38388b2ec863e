"""An index in a collection of Qdrant: dense vectors, words as sparse vectors, permissions as a filter."""

import os
import random
import warnings
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models

from lorewright.access.readable import EVERYTHING, Readable, is_within
from lorewright.documents import Chunk, Document
from lorewright.errors import IndexMismatch
from lorewright.knowledge.index import Embedded, Scored
from lorewright.knowledge.sparse_words import Sparse, sparse_query, sparse_text
from lorewright.knowledge.whole import mark_of_part, marks_of, whole_hashes

API_KEY = "QDRANT_API_KEY"
_DENSE, _WORDS = "vector", "words"
_META = 0
"""The id of the point without vectors that holds the stamp and the number of the index."""
_AT_ONCE = 256
_SECONDS = 30
_TRIES = 3
_EF, _OVERSAMPLING = 128, 2.0
"""Neighbours that a search keeps in view, and times the hits that are compared by their whole vectors."""
_CHUNK_FIELDS = ("id", "document_id", "title", "start", "end", "text", "heading_path", "page", "header")
_HASHES = ("document_id", "text_hash")


@lru_cache(maxsize=8)
def connected(url: str) -> QdrantClient:
    """Return the client of a server; QDRANT_API_KEY is its key."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a key goes over http: a network of one's own may
        return QdrantClient(
            url=url, api_key=os.environ.get(API_KEY) or None, timeout=_SECONDS, check_compatibility=False
        )


def find_qdrant_index(client: QdrantClient, name: str) -> "QdrantIndex | None":
    """Return the index in a collection, or `None`; raise `IndexMismatch` for one that is none of ours."""
    if not client.collection_exists(name):
        return None
    if not client.retrieve(name, [_META]):
        if _is_unfinished(client, name):
            return None
        raise IndexMismatch(
            f"The collection {name!r} in Qdrant was not made by Lorewright.",
            hint="Choose another name at the end of retrieval.index, or delete that collection.",
        )
    return QdrantIndex(client, name)


def make_qdrant_index(
    client: QdrantClient, name: str, *, n_dimensions: int, stamp: Mapping[str, str]
) -> "QdrantIndex":
    """Return a new, empty index in a collection of this name; one that was left unfinished is finished."""
    if client.collection_exists(name) and _is_unfinished(client, name):
        client.delete_collection(name)
    client.create_collection(
        name,
        vectors_config={
            _DENSE: models.VectorParams(size=n_dimensions, distance=models.Distance.DOT, on_disk=True)
        },
        sparse_vectors_config={_WORDS: models.SparseVectorParams(modifier=models.Modifier.IDF)},
        quantization_config=models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, always_ram=True)
        ),
        on_disk_payload=True,
    )
    for field in ("document_id", "within", "embedder"):
        client.create_payload_index(name, field, field_schema=models.PayloadSchemaType.KEYWORD, wait=True)
    payload = {"stamp": dict(stamp), "number": _fresh(), "n_dimensions": n_dimensions}
    client.upsert(name, [models.PointStruct(id=_META, vector={}, payload=payload)], wait=True)
    return QdrantIndex(client, name)


def _is_unfinished(client: QdrantClient, name: str) -> bool:
    """Whether whoever made a collection of ours was killed before it was whole: it is empty."""
    params = client.get_collection(name).config.params
    is_ours = isinstance(params.vectors, dict) and set(params.vectors) == {_DENSE}
    return is_ours and set(params.sparse_vectors or {}) == {_WORDS} and client.count(name).count == 0


def drop_qdrant_index(client: QdrantClient, name: str) -> None:
    """Remove the collection of this name."""
    client.delete_collection(name)


class QdrantIndex:
    """One point per chunk. A change is not one commit: killed midway, its documents count as not indexed."""

    def __init__(self, client: QdrantClient, name: str) -> None:
        self._client, self._name = client, name
        meta = self._meta()
        self.stamp: dict[str, str] = dict(meta["stamp"])
        """What was written on the index when it was made."""
        self._language = self.stamp.get("language", "")
        self._n_dimensions = int(meta["n_dimensions"])
        self._used: tuple[int, list[str]] = (-1, [])

    @property
    def number(self) -> int:
        """Identify the state of the index: every change draws another number."""
        return int(self._meta()["number"])

    @property
    def n_chunks(self) -> int:
        """How many chunks are in."""
        return self.count(EVERYTHING)

    @property
    def is_mixed(self) -> bool:
        """Whether another model than the one that the index was made with embedded a chunk, or none did."""
        others = [_is("embedder", self.stamp.get("embedder", ""))]
        return self._count(models.Filter(must_not=[_NO_CHUNK, *others])) > 0

    def count(self, readable: Readable) -> int:
        """Return how many chunks of documents that may be read are in."""
        return self._count(_filter(None, readable))

    def replace(self, documents: Sequence[Document], parts: Sequence[Embedded]) -> None:
        """Put the chunks of these parts in the place of all older chunks of `documents`."""
        self._merge(marks_of(documents, parts), parts, is_replacing=True)

    def extend(self, document: Document, parts: Sequence[Embedded], *, n_before: int, is_last: bool) -> None:
        """Put a part of a long document's chunks in, behind `n_before`; with the last it is indexed."""
        mark = mark_of_part(document, parts, n_before=n_before, is_last=is_last)
        self._merge(mark, parts, is_replacing=n_before == 0)

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take out all chunks of these documents."""
        if document_ids:
            self._client.delete(self._name, _selected(_any_of(document_ids)), wait=True)
            self._changed()

    def by_text(
        self, words: str, *, n: int, among: Collection[str] | None = None, readable: Readable = EVERYTHING
    ) -> Scored:
        """Return the `n` chunks with the highest BM25 score, best first, `among` some documents or all."""
        numbers, weights = sparse_query(words, self._language)
        if not numbers:
            return []
        query = models.SparseVector(indices=numbers, values=weights)
        return self._found(query, using=_WORDS, n=n, limits=_filter(among, readable))

    def by_vector(
        self,
        vector: NDArray[np.float32],
        *,
        n: int,
        embedder: str = "",
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> Scored:
        """Return the `n` chunks with the highest cosine, best first, `among` some documents or all."""
        self._need_fitting(vector.shape[-1])
        limits = _filter(among, readable)
        if len(self.used_embedders()) > 1:
            limits.must = [*_listed(limits.must), _is("embedder", embedder or self.stamp.get("embedder", ""))]
        return self._found(vector.tolist(), using=_DENSE, n=n, limits=limits)

    def by_both(
        self,
        words: str,
        vectors: Sequence[tuple[str, NDArray[np.float32]]],
        *,
        n: int,
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> tuple[Scored, list[Scored]]:
        """Return what `by_text` and, for each embedder and vector, `by_vector` return."""
        return self.by_text(words, n=n, among=among, readable=readable), [
            self.by_vector(vector, n=n, embedder=embedder, among=among, readable=readable)
            for embedder, vector in vectors
        ]

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in the order of its text."""
        found = self._all(_CHUNK_FIELDS, models.Filter(must=[_is("document_id", document_id)]))
        return sorted(map(_chunk, found), key=lambda chunk: chunk.start)

    def sample(self, *, n: int = 20) -> str:
        """Return the text of some chunks."""
        points, _ = self._client.scroll(
            self._name, limit=n, with_payload=["text"], scroll_filter=models.Filter(must_not=[_NO_CHUNK])
        )
        return "\n".join(str((point.payload or {})["text"]) for point in points)

    def text_hashes(self) -> dict[str, str]:
        """Return the hash of every document's text as indexed, '' for one of which not all is in."""
        counts = Counter((found["document_id"], found["text_hash"]) for found in self._all(_HASHES))
        return whole_hashes((document_id, mark, n) for (document_id, mark), n in counts.items())

    def embedders(self) -> dict[str, str]:
        """Return by the id of each document which model embedded it: '' where none did."""
        return {found["document_id"]: found["embedder"] for found in self._all(("document_id", "embedder"))}

    def used_embedders(self) -> list[str]:
        """Return the names of the models that embedded any chunk, that of the index first."""
        number = self.number
        if self._used[0] != number:
            first = self.stamp.get("embedder", "")
            hits = self._client.facet(self._name, "embedder", limit=16).hits
            names = {str(hit.value) for hit in hits} - {""}
            self._used = (number, sorted(names, key=lambda name: (name != first, name)))
        return self._used[1]

    def is_scattered(self, *, n_chunks: int, n_writes: int = 0) -> bool:  # noqa: ARG002
        """Return false: Qdrant takes new chunks into its indexes by itself."""
        return False

    def compact(self) -> None:
        """Do nothing: Qdrant does."""

    def _merge(self, marks: Mapping[str, str], parts: Sequence[Embedded], *, is_replacing: bool) -> None:
        """Put chunks in, then take older ones out: whoever is killed between leaves two hashes behind."""
        points = [point for part in parts for point in self._points(part, marks)]
        self._changed()
        for _ in range(_TRIES):
            self._put(points, marks, is_replacing=is_replacing)
            documents = models.Filter(must=[_any_of(marks)])
            if not is_replacing or self._count(documents) >= len(points):
                break  # else another process took out what was just put in
        self._changed()

    def _put(
        self, points: Sequence[models.PointStruct], marks: Mapping[str, str], *, is_replacing: bool
    ) -> None:
        for first in range(0, len(points), _AT_ONCE):
            self._client.upsert(self._name, points[first : first + _AT_ONCE], wait=True)
        if is_replacing:
            fresh = models.HasIdCondition(has_id=[point.id for point in points])
            older = models.Filter(must=[_any_of(marks)], must_not=[fresh] if points else [])
            self._client.delete(self._name, models.FilterSelector(filter=older), wait=True)

    def _points(self, part: Embedded, marks: Mapping[str, str]) -> Iterator[models.PointStruct]:
        if part.vectors is not None:
            self._need_fitting(part.vectors.shape[1])
        for place, chunk in enumerate(part.chunks):
            vector: dict[str, Any] = {_WORDS: _as_vector(sparse_text(_indexed(chunk), self._language))}
            if part.vectors is not None:
                vector[_DENSE] = part.vectors[place].tolist()
            payload = {name: getattr(chunk, name) for name in _CHUNK_FIELDS} | {
                "heading_path": list(chunk.heading_path),
                "text_hash": marks[chunk.document_id],
                "embedder": part.embedder,
                "within": _around(chunk.document_id),
            }
            yield models.PointStruct(id=_point_id(chunk.id), vector=vector, payload=payload)

    def _need_fitting(self, n_dimensions: int) -> None:
        if n_dimensions != self._n_dimensions:
            raise IndexMismatch(
                f"The collection {self._name!r} in Qdrant holds vectors of {self._n_dimensions} numbers; the "
                f"embedding model makes {n_dimensions}.",
                hint="Change models.embedding back, or rebuild the index: lorewright add --rebuild",
            )

    def _found(self, query: Any, *, using: str, n: int, limits: models.Filter) -> Scored:
        params = models.SearchParams(
            hnsw_ef=max(_EF, n),
            quantization=models.QuantizationSearchParams(rescore=True, oversampling=_OVERSAMPLING),
        )
        found = self._client.query_points(
            self._name, query=query, using=using, limit=n, query_filter=limits,
            search_params=params if using == _DENSE else None, with_payload=list(_CHUNK_FIELDS),
        )  # fmt: skip
        return [(_chunk(point.payload or {}), float(point.score)) for point in found.points]

    def _count(self, limits: models.Filter) -> int:
        return int(self._client.count(self._name, count_filter=limits, exact=True).count)

    def _all(self, fields: Sequence[str], limits: models.Filter | None = None) -> Iterator[dict[str, Any]]:
        """Yield these fields of every chunk."""
        limits, offset = limits or models.Filter(must_not=[_NO_CHUNK]), None
        while True:
            points, offset = self._client.scroll(
                self._name, limit=4_096, offset=offset, with_payload=list(fields), scroll_filter=limits
            )
            yield from (point.payload or {} for point in points)
            if offset is None:
                return

    def _meta(self) -> dict[str, Any]:
        return dict(self._client.retrieve(self._name, [_META])[0].payload or {})

    def _changed(self) -> None:
        self._client.set_payload(self._name, {"number": _fresh()}, points=[_META], wait=True)


_NO_CHUNK = models.HasIdCondition(has_id=[_META])


def _filter(among: Collection[str] | None, readable: Readable) -> models.Filter:
    """Return the condition that a chunk is of these documents and may be read."""
    limits = models.Filter(must=[], must_not=[_NO_CHUNK])
    must: list[Any] = [] if among is None else [_any_of(among)]
    if not readable.is_all:
        regions: list[Any] = [_region(path, readable) for path in sorted(readable.opened)]
        if readable.has_rest:
            regions.append(_region("", readable))
        must.append(models.Filter(should=regions) if regions else _is("within", ""))
    limits.must = must
    return limits


def _region(path: str, readable: Readable) -> models.Filter:
    """Return the condition for what lies below a path ('' for everything) and may be read as it may."""
    closed = [
        other
        for other in sorted(readable.restricted - readable.opened)
        if other != path and (not path or is_within(other, path))
    ]
    return models.Filter(
        must=[_is("within", path)] if path else [], must_not=[_is("within", other) for other in closed]
    )


def _around(document_id: str) -> list[str]:
    """Return the folders around a document, and it: what a permission may name."""
    parts = document_id.split("/")
    return [*("/".join(parts[:n]) + "/" for n in range(1, len(parts))), document_id]


def _is(field: str, value: str) -> models.FieldCondition:
    return models.FieldCondition(key=field, match=models.MatchValue(value=value))


def _any_of(document_ids: Collection[str]) -> models.FieldCondition:
    return models.FieldCondition(key="document_id", match=models.MatchAny(any=list(document_ids)))


def _selected(condition: models.FieldCondition) -> models.FilterSelector:
    return models.FilterSelector(filter=models.Filter(must=[condition]))


def _listed(conditions: Any) -> list[Any]:
    return list(conditions or ())


def _as_vector(sparse: Sparse) -> models.SparseVector:
    return models.SparseVector(indices=sparse[0], values=sparse[1])


def _point_id(chunk_id: str) -> str:
    return str(UUID(bytes=blake2b(chunk_id.encode(), digest_size=16).digest()))


def _indexed(chunk: Chunk) -> str:
    """Return the text whose words are indexed: title and headings count twice."""
    return "\n".join((chunk.title, *chunk.heading_path, chunk.context))


def _chunk(row: Mapping[str, Any]) -> Chunk:
    values = {name: row.get(name) for name in _CHUNK_FIELDS}
    return Chunk(**{**values, "heading_path": tuple(values["heading_path"] or ())})  # type: ignore[arg-type]


def _fresh() -> int:
    return random.SystemRandom().getrandbits(48)
