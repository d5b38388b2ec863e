"""How the default chat model reads, plain and with the reader: what `rag` says to questions of open sets.

    python -m benchmarks.reader --data DATA
    python -m benchmarks.reader --data DATA --sets squad2 --limit 40 --models plain FOLDER/adapter.gguf

The product's own flow `rag` with its default retrieval over a set's documents, its engine at
temperature 0; it shows the model excerpts, as the product does where there is a reader, or whole chunks.
Nothing is withheld (grounding "flag"): `refused` is what the model itself refuses, `withheld` what the
check of numbers and names would take back, `invented` an unanswerable question that the model answers.
`held` is a target in the answer, for clapnq one of the sentences that annotators selected; `right` what
the product counts as right: for squad2 the same, for clapnq a token F1 of .35. Means with their 95 %
bootstrap interval and n.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from training.reader.sets import held_out

from benchmarks.retrieval import indexed
from lorewright.evaluation import ScoringContext, estimate
from lorewright.evaluation.compared import is_in, words
from lorewright.evaluation.scorers import token_f1
from lorewright.flows import Answer, Flow, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Collection
from lorewright.messages import Message
from lorewright.models import ModelStore, open_engine
from lorewright.models.reader import find_reader
from lorewright.settings import DEFAULT_CHAT_MODEL, DEFAULT_REFUSAL, Retrieval, cache_folder

SETS = ("squad2", "clapnq")
RIGHT_FROM = 0.35


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a set; without targets the documents do not answer it."""

    text: str
    targets: tuple[str, ...]
    evidence: tuple[str, ...]


def main() -> None:
    """Print a table for every set."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("LOREWRIGHT_DATA"))
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS)
    parser.add_argument("--models", nargs="+", default=["plain", "reader"], help="plain, reader or a file")
    parser.add_argument("--shown", nargs="+", default=["excerpts"], choices=["excerpts", "chunks"])
    parser.add_argument("--chunks", nargs="+", type=int, default=[3], help="how many whole chunks are shown")
    parser.add_argument("--limit", type=int, default=100, help="answerable questions of a set")
    parser.add_argument("--unanswerable", type=int, default=50, help="unanswerable questions of a set")
    parser.add_argument("--index", type=Path, help="folder that keeps the indexes for the next time")
    parser.add_argument("--answers", type=Path, help="file that gets every answer")
    given = parser.parse_args()
    if given.data is None:
        parser.error("name the data folder with --data or LOREWRIGHT_DATA")
    with tempfile.TemporaryDirectory() as passing:
        for name in given.sets:
            collection = indexed(given.data / name, (given.index or Path(passing)) / name)
            questions = spread_questions(given.data / name, given.limit, given.unanswerable)
            for model, shown, n_kept in product(given.models, given.shown, given.chunks):
                told = measure(model, questions, collection, shown=shown, n_kept=n_kept, kept=given.answers)
                print(f"{name:8} {shown:8} {n_kept} {told}", flush=True)


def spread_questions(folder: Path, n_answerable: int, n_unanswerable: int) -> list[Question]:
    """Return questions spread evenly over a set; of clapnq's answerable ones those never trained on."""
    with (folder / "questions.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    known = [row for row in rows if row["answerable"]]
    if folder.name == "clapnq":
        held = held_out(row["id"] for row in known)
        known = [row for row in known if row["id"] in held]
    unknown = [row for row in rows if not row["answerable"]]
    return [
        Question(
            row["question"],
            tuple(row["answers"]) if row["answerable"] else (),
            tuple(row.get("evidence", ())),
        )
        for row in (*_spread(known, n_answerable), *_spread(unknown, n_unanswerable))
    ]


def measure(
    model: str,
    questions: Sequence[Question],
    collection: Collection,
    *,
    shown: str,
    n_kept: int,
    kept: Path | None,
) -> str:
    """Return the line of one model on one set."""
    flow = arms(
        Style(
            instruction="",
            refusal=DEFAULT_REFUSAL,
            retrieval=Retrieval(grounding="flag", n_kept=n_kept),
            reads_excerpts=shown == "excerpts",
        )
    )["rag"]
    engine = open_engine(
        DEFAULT_CHAT_MODEL, store=ModelStore(cache_folder()), adapter=_adapter(model), n_prompt_threads=1
    )
    begun = time.process_time()
    try:
        parts = GivenParts({"": engine}, collection)
        answers = [_asked(flow, question, parts) for question in questions]
    finally:
        engine.close()
    seconds = (time.process_time() - begun) / len(questions)
    if kept is not None:
        _keep(kept, f"{model} {shown} {n_kept}", questions, answers)
    told = "  ".join(f"{name} {estimate(values)}" for name, values in scores(questions, answers).items())
    return f"{Path(model).name:8} {told}  {seconds:.2f} CPU-s an answer"


def scores(questions: Sequence[Question], answers: Sequence[Answer]) -> Mapping[str, list[float]]:
    """Return every score of the answers, a value a question that it is for."""
    pairs = list(zip(questions, answers, strict=True))
    known = [(question, answer) for question, answer in pairs if question.targets]
    unknown = [answer for question, answer in pairs if not question.targets]
    f1 = [token_f1.agreement(answer.text, question.targets, ScoringContext()) for question, answer in known]
    held = [_holds(question, answer.text) for question, answer in known]
    is_long = [bool(question.evidence) for question, _ in known]
    return {
        "right": [
            float(share >= RIGHT_FROM) if long else holds
            for share, holds, long in zip(f1, held, is_long, strict=True)
        ],
        "held": held,
        "token_f1": f1,
        "cited": [float(bool(answer.citations)) for _, answer in known],
        "refused": [float(answer.refused) for _, answer in known],
        "withheld": [float(bool(answer.unsupported)) for _, answer in known],
        **({"invented": [float(not answer.refused) for answer in unknown]} if unknown else {}),
        "words": [float(len(answer.text.split())) for _, answer in known],
    }


def _holds(question: Question, text: str) -> float:
    """Return 1 where a target stands in the text, or for long targets a sentence of the evidence."""
    if not question.evidence:
        return float(any(is_in(target, text) for target in question.targets))
    said = " ".join(words(text))
    return float(any(" ".join(words(sentence)) in said for sentence in question.evidence))


def _asked(flow: Flow, question: Question, parts: GivenParts) -> Answer:
    return run(flow, (Message("user", question.text),), parts)


def _adapter(model: str) -> Path | None:
    if model == "reader":
        return find_reader(DEFAULT_CHAT_MODEL).path
    return None if model == "plain" else Path(model)


def _keep(path: Path, model: str, questions: Sequence[Question], answers: Sequence[Answer]) -> None:
    with path.open("a", encoding="utf-8") as file:
        for question, answer in zip(questions, answers, strict=True):
            body = {
                "model": model,
                "question": question.text,
                "targets": question.targets,
                "answer": answer.text,
                "refused": answer.refused,
                "unsupported": answer.unsupported,
                "quotes": [citation.quote for citation in answer.citations],
            }
            file.write(json.dumps(body, ensure_ascii=False) + "\n")


def _spread(rows: Sequence[dict[str, Any]], n: int) -> Iterator[dict[str, Any]]:
    """Yield `n` rows from all over the list: always the same ones."""
    if n:
        yield from rows[:: max(1, len(rows) // n)][:n]


if __name__ == "__main__":
    main()
