"""What a newcomer gets: ten short documents, questions that they answer and questions that they do not.

    python -m benchmarks.first_questions
    python -m benchmarks.first_questions --reader FOLDER/adapter.gguf --answers FILE

The documents and questions of `benchmarks/first_questions`, written for this, are of the kinds that people
bring first: a policy, a contract, a product sheet, a wiki page, a study. The arms `quote` and `rag` answer as
they do by default, checks included. `right` is a target in an answer that was not refused. Means with their
95 % bootstrap interval and n.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from lorewright.documents import Document
from lorewright.evaluation import estimate
from lorewright.evaluation.compared import is_in
from lorewright.flows import Answer, Flow, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge import Collection
from lorewright.messages import Message
from lorewright.models import READER, Engine, ModelStore, open_embedder, open_engine, open_judge
from lorewright.models.reader import find_reader
from lorewright.settings import DEFAULT_CHAT_MODEL, DEFAULT_REFUSAL, Retrieval, cache_folder

FOLDER = Path(__file__).with_suffix("")


def main() -> None:
    """Print a line for each arm."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--arms", nargs="+", default=["quote", "rag"])
    parser.add_argument("--reader", type=Path, help="an adapter in place of the shipped one")
    parser.add_argument("--answers", type=Path, help="file that gets every answer")
    given = parser.parse_args()
    rows = [
        json.loads(line) for line in (FOLDER / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    style = Style(instruction="", refusal=DEFAULT_REFUSAL, retrieval=Retrieval(), reads_excerpts=True)
    engine = open_engine(
        DEFAULT_CHAT_MODEL,
        store=ModelStore(cache_folder()),
        adapter=given.reader or find_reader(DEFAULT_CHAT_MODEL).path,
        n_prompt_threads=1,
    )
    try:
        with tempfile.TemporaryDirectory() as passing:
            collection = Collection(
                Path(passing), open_embedder("auto", store=ModelStore(cache_folder())), Retrieval()
            )
            collection.add(documents())
            for arm in given.arms:
                begun = time.process_time()
                answers = asked(arms(style)[arm], [row["question"] for row in rows], collection, engine)
                seconds = (time.process_time() - begun) / len(rows)
                print(f"{arm:6} {scores(rows, answers)}  {seconds:.2f} CPU-s an answer", flush=True)
                if given.answers:
                    keep(given.answers, arm, rows, answers)
    finally:
        engine.close()


def documents() -> list[Document]:
    """Return the documents, each under its first heading or the name of its file."""
    read = []
    for path in sorted((FOLDER / "documents").iterdir()):
        text = path.read_text(encoding="utf-8")
        first = text.splitlines()[0]
        read.append(Document(path.name, first.lstrip("# ") if first.startswith("#") else path.stem, text))
    return read


def asked(flow: Flow, questions: Sequence[str], collection: Collection, engine: Engine) -> list[Answer]:
    """Return what a flow answers, with the judge at hand."""
    parts = GivenParts({READER: engine, "": engine}, collection, judge=open_judge())
    return [run(flow, (Message("user", question),), parts) for question in questions]


def scores(rows: Sequence[dict[str, list[str]]], answers: Sequence[Answer]) -> str:
    """Return what is right, refused and invented."""
    known = [(row, answer) for row, answer in zip(rows, answers, strict=True) if row["targets"]]
    unknown = [answer for row, answer in zip(rows, answers, strict=True) if not row["targets"]]
    right = [
        float(not answer.refused and any(is_in(t, answer.text) for t in row["targets"]))
        for row, answer in known
    ]
    refused = [float(answer.refused) for _, answer in known]
    answered = [float(not answer.refused) for answer in unknown]
    return f"right {estimate(right)}  refused {estimate(refused)}  unanswerable answered {estimate(answered)}"


def keep(path: Path, arm: str, rows: Sequence[dict[str, list[str]]], answers: Sequence[Answer]) -> None:
    """Write every answer into a file, a line of JSON each."""
    with path.open("a", encoding="utf-8") as file:
        for row, answer in zip(rows, answers, strict=True):
            body = {
                "arm": arm,
                **row,
                "answer": answer.text,
                "refused": answer.refused,
                "unsupported": answer.unsupported,
            }
            file.write(json.dumps(body, ensure_ascii=False, default=str) + "\n")


if __name__ == "__main__":
    main()
