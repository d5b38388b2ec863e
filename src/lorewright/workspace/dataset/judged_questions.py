"""Questions saved from a test, with the documents that answer them."""

import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.evaluation import Question, read_questions
from lorewright.evaluation.question_json import question_from_json, question_to_json
from lorewright.messages import Message
from lorewright.whole_files import rewrite_rows
from lorewright.workspace.dataset.sources import FEEDBACK, MADE_OF
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

FILE = "judged.jsonl"
_WRITING = threading.Lock()


def add_question(
    server: Server,
    caller: Caller,
    text: str,
    answer: str,
    document_ids: Sequence[str],
    *,
    answerable: bool = True,
) -> Question:
    """Return a new held-out question, saved below `questions/`; nothing is ever learned from it.

    One that is there already gets the answer and the documents in addition.
    """
    caller.need("tune")
    if not text.strip():
        raise BadParameter("question", "The question is empty.")
    if answerable and not answer.strip():
        raise BadParameter("answer", "Provide the expected answer: the question is scored against it.")
    _check(server.workspace, caller, document_ids)
    row: dict[str, Any] = {
        "messages": [Message("user", text.strip()).to_json()], "answerable": answerable,
        "targets": [answer.strip()] if answer.strip() else [], "document_ids": list(document_ids),
    }  # fmt: skip
    question_id = question_from_json(row).id
    saved = _saved(server.workspace).get(question_id)
    # Without questions of its own a domain holds examples back: one more question must not end that.
    own = [question for question in _saved(server.workspace).values() if FEEDBACK not in question.metadata]
    meta = dict(saved.metadata) if saved else {} if own else {FEEDBACK: "retrieval test", MADE_OF: []}
    _put(server.workspace, {"id": question_id, **row, "meta": meta})
    audit(server.workspace, caller, Act.QUESTION_SAVED, question_id)
    return _saved(server.workspace)[question_id]


def judge(server: Server, caller: Caller, question_id: str, document_id: str, *, is_right: bool) -> Question:
    """Return a saved question with a document that answers it, or without one that was marked here.

    Raises `BadParameter` for a question that stands in no file of `questions/`, and for a document
    that another file says is right.
    """
    caller.need("tune")
    saved = _saved(server.workspace).get(question_id)
    if saved is None:
        raise BadParameter(
            "question",
            f"The question {question_id!r} is held out from the examples: set document_ids there.",
        )
    _check(server.workspace, caller, [document_id])
    marked = [name for name in _marked(server.workspace, question_id) if name != document_id]
    row = question_to_json(saved) | {"document_ids": [*marked, document_id] if is_right else marked}
    _put(server.workspace, row)
    changed = _saved(server.workspace)[question_id]
    if not is_right and document_id in changed.document_ids:
        raise BadParameter(
            "document", f"A file in questions/ marks {document_id!r} as relevant: change it there."
        )
    audit(server.workspace, caller, Act.QUESTION_JUDGED, question_id, document=document_id, is_right=is_right)
    return changed


def _saved(workspace: Workspace) -> dict[str, Question]:
    return {question.id: question for question in read_questions(workspace.questions_folder)}


def _marked(workspace: Workspace, question_id: str) -> list[str]:
    """Return the documents that were marked here, of one question."""
    rows = (row for row in _rows(workspace) if row["id"] == question_id)
    return [str(name) for row in rows for name in row["document_ids"]]


def _check(workspace: Workspace, caller: Caller, document_ids: Sequence[str]) -> None:
    known, allowed = workspace.documents.states(), readable(workspace, caller)
    for name in document_ids:
        if name not in known or not allowed.holds(name):
            raise BadParameter("document", f"No document found with id {name!r}.")


def _put(workspace: Workspace, row: dict[str, Any]) -> None:
    _rewrite(workspace, lambda rows: [*(one for one in rows if one["id"] != row["id"]), row])


def _rows(workspace: Workspace) -> list[dict[str, Any]]:
    path = workspace.questions_folder / FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def _rewrite(workspace: Workspace, how: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> None:
    """Change the rows of the file; a reader sees all of the old ones or all of the new ones."""
    path = workspace.questions_folder / FILE
    with _WRITING:
        rewrite_rows(path, how)
