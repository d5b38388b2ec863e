"""How often the documents' own words answer: the arm `quote`, without a model.

    python -m benchmarks.quote --data DATA --sets squad2 clapnq --index FOLDER

Contained is the share of answerable questions whose target stands in the quotes; where a set names the
sentences that its long answers were written from, that one of them is shown. Refused and answered are
the shares of answerable questions that are refused and of unanswerable ones that are not. CPU is that
behind retrieval, as the median per question. Figures carry their 95 % bootstrap interval.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.retrieval import indexed
from lorewright.evaluation import Question, estimate
from lorewright.evaluation.evidence import holds
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Collection, Hit, content_words
from lorewright.messages import Message
from lorewright.models import open_judge

SETS = ("squad2", "clapnq")
SAME_SHARE = 0.8
"""Of the words of a sentence: then it is shown, whatever white space its source has."""


class Timed:
    """A collection that counts the CPU time of its searches."""

    def __init__(self, collection: Collection) -> None:
        self.version = collection.version
        self.seconds = 0.0
        self._collection = collection

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return what the collection finds."""
        begun = time.process_time()
        hits = self._collection.search(query, n=n)
        self.seconds += time.process_time() - begun
        return hits

    def likeness(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return what the collection tells."""
        return self._collection.likeness(question, texts)


def main() -> None:
    """Print a line per set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"), help="the data folder"
    )
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--limit", type=int, default=300, help="questions of either kind, evenly spread")
    parser.add_argument("--offset", type=int, default=0, help="the first question: to measure on others")
    parser.add_argument("--min-answerability", type=float, help="refuse below it; without it the default")
    parser.add_argument("--index", type=Path, help="folder that keeps the indexes for the next time")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    with tempfile.TemporaryDirectory() as passing:
        for name in given.sets:
            collection = indexed(given.data / name, (given.index or Path(passing)) / name)
            line = measure(given.data / name, collection, given.limit, given.offset, given.min_answerability)
            print(line, flush=True)


def measure(
    folder: Path, collection: Collection, limit: int, offset: int, min_answerability: float | None = None
) -> str:
    """Return the line of one set."""
    flow = arms(Style(instruction="", refusal="I cannot answer that from the documents."))["quote"]
    if min_answerability is not None:
        nodes = [
            replace(node, params={**node.params, "min_answerability": min_answerability})
            if node.kind == "quote"
            else node
            for node in flow.nodes
        ]
        flow = replace(flow, nodes=tuple(nodes))
    judge = None if min_answerability == 0 else open_judge()
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    kinds = [[row for row in rows if row["answerable"] is kind] for kind in (True, False)]
    answerable, unanswerable = (kind[offset :: max(1, len(kind) // limit)][:limit] for kind in kinds)
    retriever, context = Timed(collection), ScoringContext()
    contained, refused, answered = list[float](), list[float](), list[float]()
    seconds = []
    for row in (*answerable, *unanswerable):
        begun, retriever.seconds = time.process_time(), 0.0
        parts = GivenParts({}, retriever, judge=judge)
        answer = run(flow, _question(row).conversation, parts)
        seconds.append(time.process_time() - begun - retriever.seconds)
        if row["answerable"]:
            said = "" if answer.refused else answer.text
            contained.append(float(_is_contained(said, row, context)))
            refused.append(float(answer.refused))
        else:
            answered.append(float(not answer.refused))
    return (
        f"{folder.name:8} contained {estimate(contained)}  refused {estimate(refused)}  "
        f"unanswerable answered {estimate(answered)}  CPU p50 {statistics.median(seconds) * 1000:.0f} ms"
    )


def _is_contained(said: str, row: Mapping[str, Any], context: ScoringContext) -> bool:
    shown = set(content_words(said))
    wanted = [set(content_words(sentence)) for sentence in row.get("evidence", ())]
    if wanted:
        return any(words and len(words & shown) > SAME_SHARE * len(words) for words in wanted)
    return holds([said], _question(row), context)


def _question(row: Mapping[str, Any]) -> Question:
    return Question(row["id"], (Message("user", row["question"]),), tuple(row["answers"]))


if __name__ == "__main__":
    main()
