"""What reranking changes: nDCG@3 and nDCG@10 of fused hits as they come, and in other orders.

    python -m benchmarks.reranking --data DATA --sets claude-docs --limit 60
    python -m benchmarks.reranking --data DATA --sets claude-docs --limit 40 --methods model

A document ranks by its best chunk. Figures are means over the queries; behind them stands the
difference to the order that came, with its 95 % bootstrap interval, and the CPU per question, in which
what the first weight made the models remember costs the others nothing.
"""

import argparse
import json
import math
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.judged_sets import SETS, Judged, read_judged
from benchmarks.retrieval import indexed, ndcg
from lorewright.evaluation import estimate
from lorewright.flows import Node
from lorewright.flows.fakes import GivenParts
from lorewright.flows.kinds import Running
from lorewright.flows.parameters import build
from lorewright.flows.runner import call_nothing, ignore_text
from lorewright.knowledge import Hit
from lorewright.messages import Message
from lorewright.models import (
    Engine,
    Judge,
    ModelStore,
    Piece,
    Reading,
    Sampling,
    Stopped,
    Support,
    never,
    open_engine,
    open_judge,
)
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

METHODS = ("words", "diversity", "parts", "judge", "model")
WEIGHTS = (0.1, 0.3, 0.4, 0.5, 1.0)
N_HITS, N_READ = 20, 8


class RememberingJudge:
    """A judge that reads the same text for the same question once, so that several weights cost the same."""

    def __init__(self, judge: Judge) -> None:
        self.name, self.max_tokens = judge.name, judge.max_tokens
        self._judge = judge
        self._known: dict[tuple[str, tuple[str, ...]], list[Reading]] = {}

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """Return what the judge said of these texts."""
        key = (question, tuple(texts))
        if key not in self._known:
            self._known[key] = self._judge.read(question, texts)
        return self._known[key]

    def support(self, claims: Sequence[tuple[str, str]]) -> list[Support]:
        """Return what the judge says."""
        return self._judge.support(claims)


class Remembering:
    """An engine that says the same to the same request, so that several weights cost one judgement."""

    def __init__(self, engine: Engine) -> None:
        self.name, self.fingerprint = engine.name, engine.fingerprint
        self._engine = engine
        self._known: dict[str, list[dict[str, Any]]] = {}

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        """Yield what the engine says."""
        return self._engine.stream(messages, sampling=sampling, stopped=stopped)

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:
        """Yield what the engine said to this request."""
        key = json.dumps(request, sort_keys=True)
        if key not in self._known:
            self._known[key] = list(self._engine.chat(request, stopped=stopped))
        return iter(self._known[key])

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the engine counts."""
        return self._engine.count_tokens(messages)

    def close(self) -> None:
        """Close the engine."""
        self._engine.close()


def main() -> None:
    """Print a line per set, method and weight."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--limit", type=int, default=60, help="queries per set at most, evenly spread")
    parser.add_argument("--offset", type=int, default=0, help="the first query: to measure on others")
    parser.add_argument(
        "--weights", type=float, nargs="+", default=WEIGHTS, help="of the method against the order that came"
    )
    parser.add_argument("--index", type=Path, help="folder that keeps the indexes for the next time")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    engines: dict[str, Engine] = {}
    if "model" in given.methods:
        engines[""] = Remembering(open_engine(DEFAULT_CHAT_MODEL, store=ModelStore(cache_folder())))
    judge = RememberingJudge(open_judge()) if {"judge", "parts"} & set(given.methods) else None
    with tempfile.TemporaryDirectory() as passing:
        for name in given.sets:
            folder = (given.index or Path(passing)) / name
            collection = indexed(given.data / name, folder)
            judged = read_judged(given.data / name)
            judged = judged[given.offset :: max(1, math.ceil(len(judged) / given.limit))]
            parts = GivenParts(engines, collection, judge=judge)
            for line in lines(judged, parts, given.methods, given.weights):
                print(f"{name:15} {line}", flush=True)


def lines(
    judged: Sequence[Judged], parts: GivenParts, methods: Sequence[str], weights: Sequence[float]
) -> Iterator[str]:
    """Yield a line for the order that came, and for every method and weight."""
    retriever = parts.retriever()
    found = [retriever.search(each.query, n=N_HITS) for each in judged]

    def scores(ranked: Sequence[Sequence[Hit]], depth: int) -> list[float]:
        return [
            ndcg(_documents(hits), each.grades, depth=depth)
            for hits, each in zip(ranked, judged, strict=True)
        ]

    before = {depth: scores(found, depth) for depth in (3, 10)}
    yield "as it came      " + "  ".join(f"nDCG@{depth} {estimate(before[depth])}" for depth in before)
    for method in methods:
        for weight in weights:
            n_read = N_READ if method == "model" else N_HITS
            node = Node(
                "rerank", "rerank", {"method": method, "weight": weight, "n_kept": N_HITS, "n_read": n_read}
            )
            begun = time.process_time()
            ranked = [
                reranked(node, each.query, hits, parts) for each, hits in zip(judged, found, strict=True)
            ]
            ms = (time.process_time() - begun) * 1000 / len(judged)
            told = []
            for depth in before:
                after = scores(ranked, depth)
                ahead = [new - old for new, old in zip(after, before[depth], strict=True)]
                told.append(f"nDCG@{depth} {sum(after) / len(after):.3f} ({estimate(ahead)})")
            yield f"{method:9} {weight:.1f}   {'  '.join(told)}  {ms:.0f} ms"


def reranked(node: Node, query: str, hits: Sequence[Hit], parts: GivenParts) -> tuple[Hit, ...]:
    """Return what a rerank node makes of the hits for a query."""
    conversation = (Message("user", query),)
    running = Running(conversation, parts, ignore_text, never, 0, {}, call_nothing)
    values: Mapping[str, Any] = {"conversation": conversation, "hits": tuple(hits)}
    ranked: tuple[Hit, ...] = build(node).run(values.__getitem__, running)["hits"]
    return ranked


def _documents(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.chunk.document_id for hit in hits))


if __name__ == "__main__":
    main()
