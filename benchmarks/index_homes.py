"""The same documents in every home of the index: how well and how fast each finds them, side by side.

    python -m benchmarks.index_homes --data DATA --set aws-docs
    python -m benchmarks.index_homes --data DATA --set aws-docs --qdrant http://127.0.0.1:6333 --s3 s3://bucket/bench

LanceDB in a folder and Qdrant: embedded, in this process, which looks at every vector and so has no index
of its own, or a server with --qdrant. Chunks are cut and embedded once. Prints, for each home, nDCG@10 of
words, meaning and both, the share of the ten nearest chunks that it finds (against a look at every vector),
the share of hits of both that it has in common with the folder, and the CPU of this process for a search,
alone and among half of the documents. What a server takes is not in it.
"""

import argparse
import os
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.judged_sets import SETS, Judged, read_documents, read_judged
from benchmarks.retrieval import ndcg
from lorewright.documents import Chunk
from lorewright.evaluation import estimate
from lorewright.knowledge import Collection
from lorewright.knowledge.collection import Mode
from lorewright.knowledge.index import FolderHome, Home, Index, home_at
from lorewright.models import ModelStore, open_embedder
from lorewright.settings import Retrieval, cache_folder

_DEEP, _NEAREST = 50, 10


class RememberedModel:
    """An embedding model that embeds each text once, whoever asks."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._known: dict[str, NDArray[np.float32]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of texts; those of known ones are not computed again."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known.update(zip(fresh, self._model.embed(fresh), strict=True))
        return np.stack([self._known[text] for text in texts])


@dataclass(frozen=True)
class EmbeddedQdrant:
    """Qdrant inside this process."""

    client: Any

    def find(self) -> Index | None:
        """Return the index, or `None`."""
        from lorewright.knowledge.qdrant_index import find_qdrant_index

        return find_qdrant_index(self.client, "bench")

    def make(self, *, n_dimensions: int, stamp: Any) -> Index:
        """Return a new index."""
        from lorewright.knowledge.qdrant_index import make_qdrant_index

        return make_qdrant_index(self.client, "bench", n_dimensions=n_dimensions, stamp=stamp)

    def clear(self) -> None:
        """Remove the index."""
        self.client.delete_collection("bench")


def main() -> None:
    """Print a line per home."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"))
    parser.add_argument("--set", default="aws-docs", choices=SETS)
    parser.add_argument("--documents", type=int, default=0, help="the first so many; 0: all")
    parser.add_argument("--qdrant", default="", help="the URL of a server, instead of an embedded one")
    parser.add_argument("--s3", default="", help="an address in an object store to measure, too")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    warnings.simplefilter("ignore")
    documents = list(read_documents(given.data / given.set))[: given.documents or None]
    here = {document.id for document in documents}
    judged = [one for one in read_judged(given.data / given.set) if here.issuperset(one.grades)][:200]
    model = RememberedModel(open_embedder("auto", store=ModelStore(cache_folder())))
    with tempfile.TemporaryDirectory() as passing:
        folder = Path(passing)
        reference: dict[str, list[str]] = {}
        for name, home in _homes(folder, given.qdrant, given.s3).items():
            collection = Collection(folder / name, model, Retrieval(), home=home)
            started = time.process_time()
            collection.add(documents)
            collection.compact()
            built = time.process_time() - started
            print(f"{name}: {collection.n_chunks} chunks, {built:.0f} CPU s to add", flush=True)
            print(measure(collection, judged, model, reference), flush=True)
            if given.qdrant or given.s3:
                collection.clear()


def _homes(folder: Path, qdrant: str, s3: str) -> dict[str, Callable[[Path], Home]]:
    homes: dict[str, Callable[[Path], Home]] = {"folder": FolderHome}
    if s3:
        homes["s3"] = lambda place: home_at(s3, "bench", place)
    if qdrant:
        homes["qdrant"] = lambda place: home_at(f"{qdrant}/lorewright", "bench", place)
    else:
        from qdrant_client import QdrantClient

        embedded = EmbeddedQdrant(QdrantClient(path=str(folder / "embedded")))
        homes["qdrant"] = lambda _: embedded
    return homes


def measure(
    collection: Collection, judged: Sequence[Judged], model: RememberedModel, reference: dict[str, list[str]]
) -> str:
    """Return the figures of one home; the first one's hits are what others are compared with."""
    lines = []
    modes: tuple[Mode, ...] = ("text", "dense", "fused")
    for mode in modes:
        scores = [ndcg(_documents(collection, one, mode), one.grades) for one in judged]
        lines.append(f"nDCG@10 {mode} {estimate(scores)}")
    chunks, vectors = _everything(collection, model)
    found = [
        {chunk.id for chunk, _ in collection.rankings(one.query, n=_DEEP, mode="dense").dense[:_NEAREST]}
        for one in judged
    ]
    wanted = [_nearest(chunks, vectors, model.embed_query(one.query)) for one in judged]
    recall = mean(len(left & right) / _NEAREST for left, right in zip(found, wanted, strict=True))
    hits = {one.query: [hit.chunk.id for hit in collection.search(one.query, n=_NEAREST)] for one in judged}
    reference.update({} if reference else hits)
    common = mean(len({*hits[query]} & {*reference[query]}) / (len(reference[query]) or 1) for query in hits)
    half = sorted({chunk.document_id for chunk in chunks})[::2]
    alone = _cpu_ms(lambda query: collection.search(query), judged)
    among = _cpu_ms(lambda query: collection.search(query, among=half), judged)
    lines.append(f"recall@10 {recall:.3f}  hits in common {common:.3f}")
    lines.append(f"CPU of a search, p50: {alone:.1f} ms, among half of the documents {among:.1f} ms")
    return "\n".join(f"  {line}" for line in lines)


def _documents(collection: Collection, judged: Judged, mode: Mode) -> list[str]:
    hits = collection.search(judged.query, n=_DEEP, mode=mode)
    return list(dict.fromkeys(hit.chunk.document_id for hit in hits))


def _everything(collection: Collection, model: RememberedModel) -> tuple[list[Chunk], NDArray[np.float32]]:
    names = sorted(collection.text_hashes())
    chunks = [chunk for name in names for chunk in collection.chunks_of(name)]
    return chunks, model.embed([chunk.context for chunk in chunks])


def _nearest(chunks: Sequence[Chunk], vectors: NDArray[np.float32], query: NDArray[np.float32]) -> set[str]:
    return {chunks[place].id for place in np.argsort(-(vectors @ query))[:_NEAREST]}


def _cpu_ms(search: Callable[[str], object], judged: Sequence[Judged]) -> float:
    taken = []
    for one in judged:
        started = time.process_time()
        search(one.query)
        taken.append((time.process_time() - started) * 1000)
    return median(taken)


if __name__ == "__main__":
    main()
