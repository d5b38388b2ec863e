"""Claims and questions of the public sets with the texts to judge them by."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.knowledge.windows import Windows
from lorewright.knowledge.words import content_words
from lorewright.models import EmbeddingModel

MEASURED_SHARE = 0.3
"""The share of the documents of a trained-on set that training leaves out."""


@dataclass(frozen=True, slots=True)
class Given:
    """A response or a question, the texts it was judged by, what people said of it, and turns before it."""

    asked: str
    texts: tuple[str, ...]
    is_good: bool
    said: tuple[str, ...] = ()


def is_held_back(document: str) -> bool:
    """Tell whether a document belongs to the part that only measures; fixed by its id."""
    return int(sha256(document.encode()).hexdigest()[:8], 16) / 16**8 < MEASURED_SHARE


def support_sets(data: Path) -> Iterator[tuple[str, list[Given]]]:
    """Yield sets of responses that people judged: good where the texts bear them."""
    for name, file in (("faith-swap", "judged"), ("begin-wow", "judged.dev")):
        yield (
            name,
            [
                Given(row["response"], (row["context"],), row["label"] == "supported")
                for row in rows(data / name / f"{file}.jsonl")
            ],
        )
    yield "mtrag-judged", [given for task, given in mtrag_judged(data) if not is_fitted_task(task)]


def mtrag_judged(data: Path) -> Iterator[tuple[str, Given]]:
    """Yield the answers of mtrag-judged with their task: good where most people found them faithful."""
    for row in rows(data / "mtrag-judged/judged.jsonl"):
        texts, is_good = tuple(text["text"] for text in row["contexts"]), row["faithfulness_median"] >= 3
        yield row["id"].split("|")[0], Given(row["response"], texts, is_good, (row["question"],))


def is_fitted_task(task: str) -> bool:
    """Tell whether the layers over the judge are fitted on a task of mtrag-judged: half of them."""
    return int(sha256(task.encode()).hexdigest()[:8], 16) % 2 == 0


def answerable_sets(data: Path, *, limit: int) -> Iterator[tuple[str, list[Given]]]:
    """Yield sets of questions with passages: good where one of them holds the answer.

    `squad2` and `clapnq` give the passage that the question was asked of and the two others that share
    most words with it; `nomiracl` gives the ten that people looked through.
    """
    for name in ("squad2", "clapnq"):
        documents = {row["id"]: row["text"] for row in rows(data / name / "docs.jsonl")}
        questions = rows(data / name / "questions.jsonl")
        if name == "clapnq":
            questions = [row for row in questions if is_held_back(row["doc_ids"][0])]
        yield name, [with_neighbours(row, documents) for row in _spread(questions, limit)]
    documents = {row["id"]: f"{row['title']}\n{row['text']}" for row in rows(data / "nomiracl/docs.en.jsonl")}
    questions = [row for row in rows(data / "nomiracl/questions.en.jsonl") if is_held_back(row["doc_ids"][0])]
    yield (
        "nomiracl en",
        [
            Given(
                row["question"],
                tuple(documents[key] for key in row["doc_ids"] if key in documents),
                row["answerable"],
            )
            for row in _spread(questions, limit)
        ],
    )


def rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of JSON lines; other line ends stand inside them."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def with_neighbours(row: dict[str, Any], documents: dict[str, str]) -> Given:
    """Return a question with its own passage and the two others that share most words with it."""
    own = documents[row["doc_ids"][0]]
    asked = _words(row["question"])
    ranked = sorted(documents.values(), key=lambda text: -len(asked & _words(text)))
    near = [text for text in ranked[:3] if text != own][:2]
    return Given(row["question"], (own, *near), row["answerable"])


def closest_cosine(question: str, texts: Sequence[str], embedder: EmbeddingModel) -> float | None:
    """Return the cosine of a question and the closer of two windows that share most words with it."""
    read = Windows(texts).closest(question, n=2)
    if not read:
        return None
    first, *others = embedder.embed([question, *read])
    return max(float(other @ first) for other in others)


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text))


def _spread(questions: list[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """Return `limit` questions at even distances: those of one document stand together."""
    n = min(limit, len(questions))
    return [questions[place * len(questions) // n] for place in range(n)]
