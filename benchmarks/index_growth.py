"""How searching, adding and everything else grows with an index: 1,000 chunks, ten thousand, and so on.

    python -m benchmarks.index_growth --sizes 1000 10000
    python -m benchmarks.index_growth --sizes 1000000 --folder /big/disk     # 5 GB, an hour of two cores

Texts and vectors are drawn, so nothing is embedded: texts of 80 words, frequent ones being frequent; vectors
about the sum of two of 4,000 topics, which differ in some directions more than in others, as those of texts
do. Prints, per size: the CPU of a search, the embedding of its query not included, with the index in memory,
and on disk as a process begins; among every second document; the share of the ten nearest chunks that it
finds; the bytes of a chunk on disk; the most memory that the process took which searched; the CPU of adding a
page until it is found, and of reading which documents are indexed, which is what a sync of an unchanged
folder asks the index.
"""

import argparse
import multiprocessing
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lorewright.documents import Chunk, Document
from lorewright.knowledge import Collection
from lorewright.knowledge.chunk_table import find_chunk_table, make_chunk_table
from lorewright.knowledge.index import Embedded
from lorewright.settings import Retrieval

_AT_ONCE, _A_DOCUMENT, _WORDS_OF_A_CHUNK = 4_096, 4, 80
_N_TOPICS, _N_DIMENSIONS, _N_QUERIES, _NEAREST = 4_000, 384, 100, 10
_SYLLABLES = ("ka", "ri", "to", "mu", "sel", "an", "vor", "pi", "den", "lo", "fa", "gri", "ul", "est", "bo")

Numbers = NDArray[np.float32]


@dataclass
class DrawnModel:
    """An embedding model that knows the vector of each query beforehand."""

    vectors: dict[str, Numbers]
    name: str = "drawn"
    n_dimensions: int = _N_DIMENSIONS
    max_tokens: int = 256

    def embed(self, texts: Sequence[str]) -> Numbers:
        """Return the same vector for all: only a page that is added is embedded."""
        return np.tile(next(iter(self.vectors.values())), (len(texts), 1))

    def embed_query(self, text: str) -> Numbers:
        """Return the vector of a query."""
        return self.vectors.get(text, next(iter(self.vectors.values())))

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Return a token for every five characters."""
        return [(start, min(len(text), start + 5)) for start in range(0, len(text), 5)]


class Drawing:
    """Draws chunks with their vectors, the same ones each time."""

    def __init__(self) -> None:
        self._numbers = np.random.default_rng(0)
        draw = random.Random(0)
        words = {"".join(draw.choices(_SYLLABLES, k=draw.choice((2, 3, 4)))) for _ in range(40_000)}
        self._words = np.array(sorted(words))
        self._shares = np.cumsum(1 / np.arange(1, len(self._words) + 1))
        self._spread = (np.arange(1, _N_DIMENSIONS + 1) ** -0.35).astype(np.float32)
        self._topics = unit(self._numbers.standard_normal((_N_TOPICS, _N_DIMENSIONS)) * self._spread)

    def texts(self, n: int) -> list[str]:
        """Return some texts."""
        drawn = self._numbers.random((n, _WORDS_OF_A_CHUNK)) * self._shares[-1]
        words = self._words[np.searchsorted(self._shares, drawn)]
        return [" ".join(row) for row in words]

    def vectors(self, n: int) -> Numbers:
        """Return some vectors."""
        return self.near(self._numbers.integers(0, _N_TOPICS, (n, 2)))

    def near(self, topics: NDArray[np.int64]) -> Numbers:
        """Return vectors about pairs of topics."""
        noise = unit(self._numbers.standard_normal((len(topics), _N_DIMENSIONS)) * self._spread)
        return unit(self._topics[topics[:, 0]] + 0.7 * self._topics[topics[:, 1]] + noise)

    def queries(self) -> tuple[list[str], Numbers]:
        """Return queries of a few words that are not the rarest, and their vectors."""
        ranks = self._numbers.integers(30, 4_000, (_N_QUERIES, 6))
        return [" ".join(row) for row in self._words[ranks]], self.vectors(_N_QUERIES)


class Nearest:
    """The true nearest chunks of some queries, found while the chunks are drawn."""

    def __init__(self, queries: Numbers) -> None:
        self._queries = queries
        self._scores = np.full((len(queries), _NEAREST), -2.0, dtype=np.float32)
        self._places = np.zeros((len(queries), _NEAREST), dtype=np.int64)

    def see(self, vectors: Numbers, first: int) -> None:
        """Look at the chunks from number `first` on."""
        places = np.broadcast_to(np.arange(first, first + len(vectors)), (len(self._queries), len(vectors)))
        scores = np.concatenate([self._scores, self._queries @ vectors.T], axis=1)
        places = np.concatenate([self._places, places], axis=1)
        best = np.argpartition(-scores, _NEAREST - 1, axis=1)[:, :_NEAREST]
        self._scores, self._places = (np.take_along_axis(of, best, axis=1) for of in (scores, places))

    def ids(self) -> list[set[str]]:
        """Return the ids of the nearest chunks of each query."""
        return [{id_of(place) for place in row} for row in self._places.tolist()]


def main() -> None:
    """Print a line per size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, help="where the indexes are built and removed again")
    given = parser.parse_args()
    for n_chunks in given.sizes:
        with tempfile.TemporaryDirectory(dir=given.folder) as place:
            started = time.process_time()
            queries, vectors, wanted = fill(Path(place) / "index", n_chunks)
            built = time.process_time() - started
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as alone:  # a process of its own: its memory is that of searching
                lines = alone.apply(measure, (Path(place) / "index", queries, vectors, wanted))
            print(f"{n_chunks:,} chunks: {built:.0f} CPU s to draw and index", *lines, sep="\n  ", flush=True)
            shutil.rmtree(Path(place) / "index")


def fill(folder: Path, n_chunks: int) -> tuple[list[str], Numbers, list[set[str]]]:
    """Index drawn chunks; return queries, their vectors and which chunks are nearest to each."""
    drawing = Drawing()
    queries, vectors = drawing.queries()
    nearest = Nearest(vectors)
    stamp = {"embedder": "drawn", "language": "English", "chunk_tokens": str(Retrieval().chunk_tokens)}
    table = make_chunk_table(folder, n_dimensions=_N_DIMENSIONS, stamp=stamp)
    for first in range(0, n_chunks, _AT_ONCE):
        n = min(_AT_ONCE, n_chunks - first)
        drawn = drawing.vectors(n)
        nearest.see(drawn, first)
        documents, chunks = documents_of(drawing.texts(n), first)
        table.replace(documents, [Embedded("drawn", chunks, drawn)])
        if table.is_scattered(n_chunks=max(256, table.n_chunks // 8)):  # as a collection does
            table.compact()
    table.compact()
    return queries, vectors, nearest.ids()


def documents_of(texts: Sequence[str], first: int) -> tuple[list[Document], list[Chunk]]:
    """Return documents of four chunks each, the first of which has number `first`."""
    documents: list[Document] = []
    chunks: list[Chunk] = []
    for start in range(0, len(texts), _A_DOCUMENT):
        parts = texts[start : start + _A_DOCUMENT]
        name = id_of(first + start).partition("#")[0]
        documents.append(Document(name, f"Page {first + start}", "\n\n".join(parts)))
        begun = 0
        for number, part in enumerate(parts, start=first + start):
            title = documents[-1].title
            chunks.append(Chunk(id_of(number), name, title, begun, begun + len(part), part))
            begun += len(part) + 2
    return documents, chunks


def id_of(number: int) -> str:
    """Return the id of a chunk."""
    return f"drawn/{number // _A_DOCUMENT:07}.md#{number % _A_DOCUMENT}"


def measure(folder: Path, queries: list[str], vectors: Numbers, wanted: list[set[str]]) -> list[str]:
    """Return what an index costs and finds."""
    model = DrawnModel(dict(zip(queries, vectors, strict=True)))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    collection = Collection(folder, model, Retrieval())
    n_chunks = collection.n_chunks
    state, hashes = timed(collection.text_hashes)
    table = find_chunk_table(folder)
    half = list(hashes)[::2]
    collection._opened = table  # to tell when it is in memory
    on_disk = [cpu_ms(partial(collection.search, query)) for query in queries[:4]][1:]
    while table is not None and table.cache.latest() is None and table.cache.may_be_filled:
        table.cache.wait()
    in_memory = [cpu_ms(partial(collection.search, query)) for query in queries]
    among = [cpu_ms(partial(collection.search, query, among=half)) for query in queries]
    found = [
        {chunk.id for chunk, _ in collection.rankings(query, n=50).dense[:_NEAREST]} for query in queries
    ]
    recall = mean(len(near & true) / _NEAREST for near, true in zip(found, wanted, strict=True))
    added = [add_one(collection, number) for number in range(5)][1:]
    held = table.cache.n_bytes / 1e6 if table else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        f"search, CPU: {told(in_memory)}; among half of the documents {told(among)}; "
        f"at first, on disk, p50 {median(on_disk):.1f} ms",
        f"recall@10 {recall:.3f}; {size / n_chunks:,.0f} bytes a chunk, {size / 1e6:,.0f} MB; "
        f"{memory:,.0f} MB of memory at most, the index {held:,.0f} of it",
        f"a page until it is found: {median(added):.0f} ms; which documents are indexed: {state:.0f} ms",
    ]


def add_one(collection: Collection, number: int) -> float:
    """Return what it costs to add a page until a search finds it."""
    page = Document(f"new/{number}.md", f"New {number}", f"The machine zq{number}x needs oil every week.")

    def add() -> None:
        collection.add([page])
        assert any(hit.chunk.document_id == page.id for hit in collection.search(f"zq{number}x oil"))

    return cpu_ms(add)


def told(taken: Sequence[float]) -> str:
    """Return the middle and the 95th percentile of milliseconds."""
    return f"p50 {median(taken):.1f} ms, p95 {quantiles(taken, n=20)[-1]:.1f} ms"


def cpu_ms(work: Callable[[], Any]) -> float:
    """Return the CPU that something takes of this process with all its threads."""
    return timed(work)[0]


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the CPU that something takes, and what it returns."""
    started = time.process_time()
    done = work()
    return (time.process_time() - started) * 1000, done


def unit(rows: NDArray[Any]) -> Numbers:
    """Return rows of length 1."""
    length_one: Numbers = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return length_one


if __name__ == "__main__":
    main()
