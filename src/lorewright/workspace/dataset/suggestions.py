"""Suggested questions as a person judges them: accepted among the held-out ones, put right, or rejected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.datasets import Example, near_duplicates
from lorewright.errors import BadParameter, NotFound
from lorewright.evaluation import held_out_texts
from lorewright.evaluation.question_json import question_from_json
from lorewright.evaluation.suggested.draft import Draft
from lorewright.jobs import Job
from lorewright.messages import Message
from lorewright.storage import Record
from lorewright.whole_files import rewrite_rows
from lorewright.workspace.dataset.at_hand import material_at_hand
from lorewright.workspace.dataset.placing import PLACING_LOCK, Side
from lorewright.workspace.dataset.sources import FEEDBACK, MADE_OF
from lorewright.workspace.dataset.table import folder_of
from lorewright.workspace.dataset.versions import SIDES, keep_version
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.jobs import start_job
from lorewright.workspace.server.server import Server

KIND = "question_suggestion"
FILE = "suggested.jsonl"
ORIGIN, SYNTHETIC = "origin", "synthetic"
"""The metadata that says for ever that a question was made from documents by a program."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where the answer stands, word for word."""

    document_id: str
    title: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A suggested question; `status` is `waiting`, `accepted` or `rejected`, `side` where it was put.

    `made_of` are the documents it was made of: who may not read them all does not see it.
    """

    id: str
    question: str
    answer: str
    answerable: bool
    kind: str
    language: str
    evidence: tuple[Place, ...]
    made_of: tuple[str, ...]
    status: str
    question_id: str
    side: str
    by: str
    at: float


def start_suggesting(server: Server, caller: Caller, order: dict[str, Any]) -> Job:
    """Return the job that suggests questions from the documents, begun in the background."""
    return start_job(server, caller, "suggest", order)


def list_suggestions(server: Server, caller: Caller, *, status: str = "") -> list[Suggestion]:
    """Return the suggestions that a caller may see, in the order they were made; those of one status only."""
    caller.need("read")
    allowed = readable(server.workspace, caller)
    found = [_suggestion(record) for record in server.records(KIND).all()]
    return [one for one in found if (not status or one.status == status) and allowed.covers(one.made_of)]


def accept_suggestions(
    server: Server, caller: Caller, ids: Sequence[str], *, side: Side = "questions"
) -> list[Suggestion]:
    """Return suggestions that are held-out questions now, or examples to learn from: never both.

    They stay marked as synthetic. Raises `BadParameter` for an example that nearly is a held-out question.
    """
    caller.need("tune")
    records = [_seen(server, caller, suggestion_id) for suggestion_id in dict.fromkeys(ids)]
    refusal = server.workspace.settings.prompt.refusal
    rows = {record.id: _row(record, side, refusal) for record in records}
    if side == "examples":
        _check_leaks(server, records)
    _place(server, {row["id"] for row in rows.values()}, side, list(rows.values()), by=caller.name)
    audit(server.workspace, caller, Act.SUGGESTION_ACCEPTED, ", ".join(rows))
    return [_put_status(server, name, "accepted", row["id"], side) for name, row in rows.items()]


def reject_suggestions(server: Server, caller: Caller, ids: Sequence[str]) -> list[Suggestion]:
    """Return suggestions that are turned down: none of them is suggested again, or measured with."""
    caller.need("tune")
    records = [_seen(server, caller, suggestion_id) for suggestion_id in dict.fromkeys(ids)]
    names = {record.body["question_id"] for record in records} - {""}
    if names:
        _place(server, names, "questions", [], by=caller.name)
    audit(server.workspace, caller, Act.SUGGESTION_REJECTED, ", ".join(record.id for record in records))
    return [_put_status(server, record.id, "rejected", "") for record in records]


def _place(
    server: Server, names: set[str], side: Side, rows: Sequence[Mapping[str, Any]], *, by: str
) -> None:
    """Write rows into the file of a side, and take those with these ids out of the file of the other one."""
    why = "Accepted suggested questions" if rows else "Rejected suggested questions"
    with PLACING_LOCK:
        keep_version(server, "Changed outside", by="")
        for each in SIDES:
            path, new = folder_of(server.workspace, each) / FILE, rows if each == side else []
            if new or path.exists():
                rewrite_rows(path, partial(_with, names=names, new=new))
        keep_version(server, why, by=by)


def _with(old: list[Any], *, names: set[str], new: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [*(row for row in old if row["id"] not in names), *new]


def _check_leaks(server: Server, records: Sequence[Record]) -> None:
    """Raise `BadParameter` where one of these is nearly a question that is held out."""
    own = {record.body["question_id"] for record in records}
    held_out = held_out_texts(material_at_hand(server.workspace).questions)
    texts = {name: text for name, text in held_out.items() if name not in own}
    asked = [Example(one.id, (Message("user", one.body["question"]),), "") for one in records]
    near = near_duplicates(asked, texts, embed=server.workspace.cached_embedder) if texts else ()
    if near:
        question = next(one.body["question"] for one in records if one.id == near[0].dropped_id)
        raise BadParameter("ids", f"{question!r} is nearly a held-out question; it cannot be learned from.")


def edit_suggestion(
    server: Server,
    caller: Caller,
    suggestion_id: str,
    *,
    question: str | None = None,
    answer: str | None = None,
    answerable: bool | None = None,
) -> Suggestion:
    """Return a suggestion in other words, or with another answer; one that was accepted is changed there.

    Raises `BadParameter` for an empty question, and for an answerable one without an answer.
    """
    caller.need("tune")
    record = _seen(server, caller, suggestion_id)
    changes = {"question": question, "answer": answer, "answerable": answerable}
    body = {**record.body, **{name: value for name, value in changes.items() if value is not None}}
    if not body["question"].strip():
        raise BadParameter("question", "The question is empty.")
    if body["answerable"] and not body["answer"].strip():
        raise BadParameter("answer", "Provide the expected answer: the question is scored against it.")
    edited = server.records(KIND).change(suggestion_id, lambda _: body)
    audit(server.workspace, caller, Act.SUGGESTION_EDITED, suggestion_id)
    if record.body["status"] != "accepted":
        return _suggestion(edited)
    return accept_suggestions(server, caller, [suggestion_id], side=record.body["side"])[0]


def body_of(draft: Draft, *, by: str) -> dict[str, Any]:
    """Return a draft that passed the checks as it is kept."""
    evidence = [
        {
            "document_id": one.document_id,
            "title": one.title,
            "start": one.start,
            "end": one.end,
            "text": one.text,
        }
        for one in draft.evidence
    ]
    return {
        "question": draft.question, "answer": draft.answer, "answerable": draft.is_answerable,
        "kind": draft.kind, "language": draft.language, "evidence": evidence,
        "made_of": list(draft.document_ids), "status": "waiting", "question_id": "", "side": "",
        "by": by,
    }  # fmt: skip


def _row(record: Record, side: Side, refusal: str) -> dict[str, Any]:
    """Return a suggestion as a row of the file of a side."""
    body = record.body
    is_answerable = bool(body["answerable"])
    asked = Message("user", body["question"].strip()).to_json()
    row: dict[str, Any] = {
        "messages": [asked], "answerable": is_answerable,
        "document_ids": list(body["made_of"]) if is_answerable else [],
        # As of feedback: it stays on its side, and a domain with examples still holds some of them back.
        "meta": {
            ORIGIN: SYNTHETIC, "kind": body["kind"], FEEDBACK: record.id, MADE_OF: list(body["made_of"]),
            "evidence": [{"document": one["document_id"], "text": one["text"]} for one in body["evidence"]],
        },
    }  # fmt: skip
    answer = body["answer"].strip() if is_answerable else ""
    name = body["question_id"] or question_from_json({**row, "targets": [answer]}).id
    if side == "questions":
        return {"id": name, **row, "targets": [answer] if is_answerable else []}
    reply = Message("assistant", answer or refusal).to_json()
    return {"id": name, **row, "messages": [asked, reply]}


def _seen(server: Server, caller: Caller, suggestion_id: str) -> Record:
    """Return a suggestion; raise `NotFound` for one that is not there, or not for this caller."""
    record = server.records(KIND).find(suggestion_id)
    if record is None or not readable(server.workspace, caller).covers(record.body["made_of"]):
        raise NotFound(f"No suggested question found with id {suggestion_id!r}.")
    return record


def _put_status(
    server: Server, suggestion_id: str, status: str, question_id: str, side: str = ""
) -> Suggestion:
    def changed(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "status": status, "question_id": question_id, "side": side}

    return _suggestion(server.records(KIND).change(suggestion_id, changed))


def _suggestion(record: Record) -> Suggestion:
    body = record.body
    return Suggestion(
        id=record.id, question=body["question"], answer=body["answer"], answerable=body["answerable"],
        kind=body["kind"], language=body["language"],
        evidence=tuple(Place(**one) for one in body["evidence"]), made_of=tuple(body["made_of"]),
        status=body["status"], question_id=body["question_id"],
        side=body["side"], by=body["by"], at=record.created_at,
    )  # fmt: skip
