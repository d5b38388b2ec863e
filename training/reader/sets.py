"""Questions of open sets, each with the words of a text that answer it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.documents import Document
from lorewright.evaluation.compared import words
from lorewright.messages import Message

N_HELD_OUT = 60  # questions of clapnq that are only measured on
MIN_SHARED = 0.5  # of a sentence's words must stand in the written answer for it to be one
MAX_TURNS = 2  # of a conversation before the question
MAX_TURN_WORDS = 60  # of a turn before it: in the chats of mtrag they are pages

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'`(*])|\n+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question after some turns, and the texts that answer it, word for word from one document.

    `is_alone`: other documents of the set may answer it too, so only its own is shown with it.
    """

    set_name: str
    question: str
    document_id: str
    answers: tuple[str, ...]
    joined_by: str = " "
    unit: str = ""
    start: int = -1
    history: tuple[Message, ...] = ()
    is_alone: bool = False

    @property
    def conversation(self) -> tuple[Message, ...]:
        """Return the turns up to the question."""
        return (*self.history, Message("user", self.question))


def read_documents(folder: Path) -> list[Document]:
    """Return the documents of a set; of one in several languages the English ones."""
    english = folder / "docs.en.jsonl"
    rows = _rows(english if english.is_file() else folder / "docs.jsonl")
    return [Document(row["id"], row["title"], row["text"]) for row in rows]


def held_out(ids: Iterable[str]) -> frozenset[str]:
    """Return the questions of clapnq that are only measured on."""
    return frozenset(sorted(ids, key=lambda one: sha256(one.encode()).hexdigest())[:N_HELD_OUT])


def labelled(folder: Path, labels: Path, n_labels: int | None = None) -> Iterator[Asked]:
    """Yield our own questions about documents of a set, each with the place of its answer.

    Of all labels the first `n_labels`.

    One that `follows` is asked after the one before it and its answer. Documents of clapnq that
    questions are measured on have none.
    """
    texts = {document.id: document.text for document in read_documents(folder)}
    rows = _rows(_questions(folder))
    questions = {row["id"]: row["question"] for row in rows}
    held = held_out(row["id"] for row in rows if row["answerable"]) if folder.name == "clapnq" else ()
    measured_on = {document for row in rows if row["id"] in held for document in row["doc_ids"]}
    before: Asked | None = None
    for label in _rows(labels)[:n_labels]:
        if label["set"] == folder.name and label["document"] not in measured_on:
            text = texts[label["document"]]
            before = Asked(
                set_name=folder.name,
                question=label.get("question") or questions[label["question_id"]],
                document_id=label["document"],
                answers=(text[label["start"] : label["end"]],),
                start=label["start"],
                history=_exchange(before) if before and label.get("follows") else (),
            )
            yield before


def clapnq(folder: Path) -> Iterator[Asked]:
    """Yield questions with the one or two evidence sentences that share most with the written answer."""
    rows = [row for row in _rows(_questions(folder)) if row["answerable"]]
    held = held_out(row["id"] for row in rows)
    for row in rows:
        if row["id"] not in held:
            wanted = set(words(f"{row['question']} {' '.join(row['answers'])}"))
            best = sorted(row["evidence"], key=lambda text: -len(wanted & set(words(text))))[:2]
            chosen = tuple(text.strip() for text in row["evidence"] if text in best)
            yield Asked(
                set_name=folder.name, question=row["question"], document_id=row["doc_ids"][0], answers=chosen
            )


def tatqa(folder: Path) -> Iterator[Asked]:
    """Yield questions about tables and the text around them whose answer stands there."""
    for row in _rows(_questions(folder)):
        if row["answer_type"] in ("span", "multi-span"):
            yield Asked(
                set_name=folder.name,
                question=row["question"],
                document_id=row["doc_ids"][0],
                answers=tuple(row["answers"]),
                joined_by=", ",
                unit=row["scale"] if row["scale"] not in ("", "percent") else "",
                is_alone=True,
            )


def written(folder: Path) -> Iterator[Asked]:
    """Yield questions with the sentences of their documents that the written answer was made of."""
    texts = {document.id: document.text for document in read_documents(folder)}
    for row in _rows(_questions(folder)):
        target = row["answers"][0] if row["answers"] else ""
        if not row["answerable"] or not target:
            continue
        found = [(document_id, _told(texts[document_id], target)) for document_id in row["doc_ids"]]
        document_id, sentences = max(found, key=lambda one: sum(map(len, one[1])))
        if sentences:
            yield Asked(
                set_name=folder.name,
                question=row["question"],
                document_id=document_id,
                answers=tuple(sentences),
                history=tuple(_short(Message(**turn)) for turn in row.get("history", ())[-MAX_TURNS:]),
            )


SETS: Mapping[str, Callable[[Path], Iterator[Asked]]] = {
    "clapnq": clapnq,
    "tatqa": tatqa,
    "mtrag-un": written,
    "claude-docs": written,
}


def _exchange(asked: Asked) -> tuple[Message, ...]:
    return Message("user", asked.question), Message("assistant", asked.joined_by.join(asked.answers))


def _short(turn: Message) -> Message:
    """Return a turn's first sentences."""
    kept: list[str] = []
    for sentence in _SENTENCE_END.split(turn.content):
        if kept and len(" ".join([*kept, sentence]).split()) > MAX_TURN_WORDS:
            break
        kept.append(sentence)
    return Message(turn.role, " ".join(kept))


def _told(text: str, target: str, n_most: int = 2) -> list[str]:
    """Return the few sentences of a text that the target repeats most of, in the text's order."""
    wanted = set(words(target))
    shares = {}
    for sentence in _SENTENCE_END.split(text):
        said = set(words(sentence))
        if len(said) >= 5 and len(sentence) <= 400:
            shares[sentence.strip()] = len(said & wanted) / len(said)
    best = sorted(shares, key=lambda sentence: -shares[sentence])[:n_most]
    return [sentence for sentence in shares if sentence in best and shares[sentence] >= MIN_SHARED]


def _questions(folder: Path) -> Path:
    english = folder / "questions.en.jsonl"
    return english if english.is_file() else folder / "questions.jsonl"


def _rows(path: Path) -> Sequence[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
