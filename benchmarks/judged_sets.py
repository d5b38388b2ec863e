"""Documents and judged questions of the public sets that retrieval is measured on."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.documents import Document
from lorewright.flows.query import query_from
from lorewright.messages import conversation_from_json

SETS = (
    "claude-docs",
    "medquad-liveqa",
    "squad2",
    "tatqa",
    "clapnq",
    "eol-changing",
    "dstc11-support",
    "mtrag-un",
    "aws-docs",
    *(f"xquad-{language}" for language in ("ar", "en", "es", "ru", "vi", "zh")),
)
_DOCUMENTS = {"eol-changing": "docs.t1.jsonl"}
_QUESTIONS = {"dstc11-support": "examples.test.jsonl"}
_QRELS = {"dstc11-support": "qrels.test.tsv"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A query and the grades of the documents that answer it."""

    query: str
    grades: Mapping[str, float]


def read_documents(folder: Path) -> list[Document]:
    """Return a set's documents; of a set with unjudged ones those that were judged."""
    rows = _rows(_file(folder, _DOCUMENTS, "docs.jsonl"))
    return [Document(row["id"], row["title"], row["text"]) for row in rows if row.get("judged", True)]


def read_judged(folder: Path) -> list[Judged]:
    """Return the queries that at least one document answers; conversations as the arms search for them."""
    grades = _grades(folder)
    found = []
    for row in _rows(_file(folder, _QUESTIONS, "questions.jsonl")):
        graded = grades.get(row["id"], {})
        if not grades and row.get("answerable_t1"):
            graded = dict.fromkeys(row["doc_ids"], 1.0)
        if any(graded.values()):
            found.append(Judged(_query(row), graded))
    return found


def _file(folder: Path, named: Mapping[str, str], usual: str) -> Path:
    """Return a file of a set; xquad has one of each kind per language."""
    if folder.name.startswith("xquad-"):
        language = folder.name.removeprefix("xquad-")
        return folder.parent / "xquad" / usual.replace(".", f".{language}.", 1)
    return folder / named.get(folder.name, usual)


def _query(row: Mapping[str, Any]) -> str:
    if "messages" in row:
        return query_from(conversation_from_json(row["messages"][:-1]))
    turns = [*row.get("history", []), {"role": "user", "content": row["question"]}]
    return query_from(conversation_from_json(turns))


def _grades(folder: Path) -> dict[str, dict[str, float]]:
    """Return the grade of each document by query; empty for a set without a file of them."""
    path = _file(folder, _QRELS, "qrels.tsv")
    grades: dict[str, dict[str, float]] = defaultdict(dict)
    for line in path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else ():
        query, document, grade = line.split("\t")
        grades[query][document] = float(grade)
    return grades


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
