"""What a collection asks of its index, wherever that is kept, and the three homes that one may have."""

import os
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, cast

from lorewright.access.readable import EVERYTHING, Readable
from lorewright.documents import Chunk, Document
from lorewright.errors import IndexUnavailable, LorewrightError, MissingExtra
from lorewright.knowledge.lancedb_import import lightened

if TYPE_CHECKING:  # a search that another process does needs no numbers
    import numpy as np
    from numpy.typing import NDArray

Scored = list[tuple[Chunk, float]]

_importing = Lock()


@dataclass(frozen=True, slots=True)
class Embedded:
    """Chunks with their vectors by the model of this name: `None` and '' where no model embeds them."""

    embedder: str
    chunks: Sequence[Chunk]
    vectors: "NDArray[np.float32] | None"


class Index(Protocol):
    """Chunks, found by words and by meaning; derived from the database and rebuilt from it at any time."""

    @property
    def stamp(self) -> dict[str, str]:
        """What was written on the index when it was made: its embedding model, its chunks' size."""

    @property
    def number(self) -> int:
        """Identify the state of the index: another one may find other chunks."""

    @property
    def n_chunks(self) -> int:
        """How many chunks are in."""

    @property
    def is_mixed(self) -> bool:
        """Whether another model than the one that the index was made with embedded a chunk, or none did."""

    def count(self, readable: Readable) -> int:
        """Return how many chunks of documents that may be read are in."""

    def replace(self, documents: Sequence[Document], parts: Sequence[Embedded]) -> None:
        """Put the chunks of these parts in the place of all older chunks of `documents`."""

    def extend(self, document: Document, parts: Sequence[Embedded], *, n_before: int, is_last: bool) -> None:
        """Put a part of a long document's chunks in, behind `n_before`; with the last it is indexed."""

    def remove(self, document_ids: Sequence[str]) -> None:
        """Take out all chunks of these documents."""

    def by_text(
        self, words: str, *, n: int, among: Collection[str] | None = None, readable: Readable = EVERYTHING
    ) -> Scored:
        """Return the `n` chunks with the highest BM25 score, best first, `among` some documents or all."""

    def by_vector(
        self,
        vector: "NDArray[np.float32]",
        *,
        n: int,
        embedder: str = "",
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> Scored:
        """Return the `n` chunks with the highest cosine, best first, `among` some documents or all."""

    def by_both(
        self,
        words: str,
        vectors: "Sequence[tuple[str, NDArray[np.float32]]]",
        *,
        n: int,
        among: Collection[str] | None = None,
        readable: Readable = EVERYTHING,
    ) -> tuple[Scored, list[Scored]]:
        """Return what `by_text` and, for each embedder and vector, `by_vector` return, at less cost."""

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in the order of its text."""

    def sample(self, *, n: int = 20) -> str:
        """Return the text of some chunks."""

    def text_hashes(self) -> dict[str, str]:
        """Return the hash of every document's text as indexed, '' for one of which not all is in."""

    def embedders(self) -> dict[str, str]:
        """Return by the id of each document which model embedded it: '' where none did."""

    def used_embedders(self) -> list[str]:
        """Return the names of the models that embedded any chunk, that of the index first."""

    def is_scattered(self, *, n_chunks: int, n_writes: int = 0) -> bool:
        """Return whether more than so many chunks, or writes, came since the last compaction."""

    def compact(self) -> None:
        """Merge what many writes left behind."""


class Home(Protocol):
    """A place that holds one index, or none yet."""

    def find(self) -> Index | None:
        """Return the index, or `None` where nothing was added yet."""

    def make(self, *, n_dimensions: int, stamp: Mapping[str, str]) -> Index:
        """Return a new, empty index whose words are stemmed for `stamp["language"]`."""

    def clear(self) -> None:
        """Remove the index, if there is one."""


@dataclass(frozen=True, slots=True)
class FolderHome:
    """A LanceDB table in a folder of this machine."""

    folder: Path

    def find(self) -> Index | None:
        """Return the table, or `None`."""
        return cast(Index | None, _chunk_table().find_chunk_table(self.folder))

    def make(self, *, n_dimensions: int, stamp: Mapping[str, str]) -> Index:
        """Return a new table."""
        table = _chunk_table().make_chunk_table(self.folder, n_dimensions=n_dimensions, stamp=stamp)
        return cast(Index, table)

    def clear(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class BucketHome:
    """A LanceDB table in an object store: `s3://bucket/name`."""

    url: str

    def find(self) -> Index | None:
        """Return the table, or `None`."""
        with told(self.url):
            table = _chunk_table().find_chunk_table(self.url)
        return _guarded(table, self.url) if table else None

    def make(self, *, n_dimensions: int, stamp: Mapping[str, str]) -> Index:
        """Return a new table."""
        with told(self.url):
            table = _chunk_table().make_chunk_table(self.url, n_dimensions=n_dimensions, stamp=stamp)
        return _guarded(table, self.url)

    def clear(self) -> None:
        """Remove the table."""
        with told(self.url):
            _chunk_table().drop_chunk_table(self.url)


@dataclass(frozen=True, slots=True)
class QdrantHome:
    """A collection of Qdrant, a server or a cluster."""

    url: str
    name: str

    def find(self) -> Index | None:
        """Return the index in Qdrant's collection, or `None`."""
        qdrant = _qdrant()
        with told(self.url):
            index = qdrant.find_qdrant_index(qdrant.connected(self.url), self.name)
        return _guarded(index, self.url) if index else None

    def make(self, *, n_dimensions: int, stamp: Mapping[str, str]) -> Index:
        """Return the index in a new collection of Qdrant."""
        qdrant = _qdrant()
        with told(self.url):
            client = qdrant.connected(self.url)
            index = qdrant.make_qdrant_index(client, self.name, n_dimensions=n_dimensions, stamp=stamp)
        return _guarded(index, self.url)

    def clear(self) -> None:
        """Remove the collection of Qdrant."""
        qdrant = _qdrant()
        with told(self.url):
            qdrant.drop_qdrant_index(qdrant.connected(self.url), self.name)


def home_at(address: str, place: str, folder: Path) -> Home:
    """Return the home of the index that lies at `place` of an address; without one it is the folder."""
    if not address:
        return FolderHome(folder)
    address = address.rstrip("/")
    if address.startswith("s3://"):
        return BucketHome(f"{address}/{place}")
    url, _, name = address.rpartition("/")
    return QdrantHome(url, f"{name}-{place}")


@contextmanager
def told(where: str) -> Iterator[None]:
    """Raise `IndexUnavailable`, in one line, for whatever goes wrong with an index elsewhere."""
    try:
        yield
    except LorewrightError:
        raise
    except Exception as error:  # the clients of stores raise many kinds
        why = " ".join(str(error).split())[:300] or type(error).__name__
        raise IndexUnavailable(
            f"The index at {where} cannot be used: {why.rstrip('.')}.",
            hint="Is it running, and is its key right? Nothing is lost: the index is made of the database. "
            "Where it is gone, build it again: lorewright add --rebuild",
        ) from error


class _Guarded:
    """An index elsewhere: what goes wrong there is told in one line."""

    def __init__(self, index: Index, where: str) -> None:
        self._index, self._where = index, where

    def __getattr__(self, name: str) -> Any:
        with told(self._where):
            value = getattr(self._index, name)
        if not callable(value):
            return value

        def call(*given: Any, **named: Any) -> Any:
            with told(self._where):
                return value(*given, **named)

        return call


def _guarded(index: Index, where: str) -> Index:
    return cast(Index, _Guarded(index, where))


@cache
def _chunk_table() -> ModuleType:
    """Return the module that adapts lancedb, which takes a second to import."""
    os.environ.setdefault("LANCEDB_LOG", "error")  # read once, on import: it warns users of its insides
    with _importing, lightened():  # threads of a server may ask for it at the same moment
        return import_module("lorewright.knowledge.chunk_table")


def _qdrant() -> ModuleType:
    """Return the module that adapts Qdrant; raise `MissingExtra` without its client."""
    try:
        import_module("qdrant_client")  # only to tell that they are missing, and not something else
        import_module("snowballstemmer")
    except ImportError as error:
        raise MissingExtra(
            "An index in Qdrant needs the extra 'qdrant'.", hint="pip install 'lorewright[qdrant]'"
        ) from error
    return import_module("lorewright.knowledge.qdrant_index")
