"""Feedback seen through by a person: taken into the dataset, put right, or turned down."""

from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.errors import BadParameter
from lorewright.storage import Record
from lorewright.workspace.answering.feedback import accept_feedback, own_feedback
from lorewright.workspace.answering.feedback_placing import KIND
from lorewright.workspace.dataset.placing import PLACING_LOCK, delete_feedback_row
from lorewright.workspace.dataset.versions import keep_version
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Reviewed:
    """Feedback as it is seen through; `right` is what would be learned, '' where nobody said it yet.

    `status` is `waiting`, `placed`, `rejected`, or `kept` where it holds no right answer.
    """

    id: str
    answer_id: str
    question: str
    answer: str
    right: str
    thumb: str
    comment: str
    by: str
    model: str
    status: str
    side: str
    at: float


def reviewed_feedback(server: Server, caller: Caller) -> list[Reviewed]:
    """Return the feedback that a key may see and whose words were kept: what waits first, then the newest."""
    caller.need("read")
    reviewed = [
        _reviewed(record)
        for record in server.records(KIND).all(owner=owner_of(caller))
        if record.body["messages"] is not None
    ]
    ranks = {"waiting": 0, "kept": 1}
    return sorted(reviewed, key=lambda one: (ranks.get(one.status, 2), -one.at))


def take_feedback(server: Server, caller: Caller, feedback_id: str, *, right: str = "") -> Reviewed:
    """Return feedback that is now in the dataset; `right` is the right answer, else the one that is known.

    Without either, a thumb up says that the answer as it was given is right.
    """
    caller.need("tune")
    feedback = own_feedback(server, caller, feedback_id)
    answer = right.strip() or feedback.body["right"]
    if not answer and feedback.body["thumb"] == "up":
        answer = feedback.body["text"]
    if not answer:
        raise BadParameter("right", "This feedback has no correct answer yet. Write one first.")
    with PLACING_LOCK:
        keep_version(server, "Changed outside", by="")
    server.records(KIND).change(feedback_id, lambda body: {**body, "right": answer})
    placed = accept_feedback(server, caller, feedback_id)
    with PLACING_LOCK:
        keep_version(server, "Accepted feedback", by=caller.name)
    return _reviewed(placed)


def reject_feedback(server: Server, caller: Caller, feedback_id: str) -> Reviewed:
    """Return feedback that is turned down: what came of it is taken out of the dataset again."""
    caller.need("tune")
    feedback = own_feedback(server, caller, feedback_id)
    with PLACING_LOCK:
        keep_version(server, "Changed outside", by="")
        if feedback.body["side"]:
            delete_feedback_row(server.workspace, feedback.body["side"], feedback_id)
        keep_version(server, "Rejected feedback", by=caller.name)
    audit(server.workspace, caller, Act.FEEDBACK_REJECTED, feedback_id)
    return _reviewed(server.records(KIND).change(feedback_id, _rejected))


def _rejected(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "status": "rejected"}


def _reviewed(record: Record) -> Reviewed:
    body = record.body
    messages = body["messages"] or []
    question = next((turn["content"] for turn in reversed(messages) if turn["role"] == "user"), "")
    return Reviewed(
        id=record.id,
        answer_id=str(body.get("answer") or ""),
        question=question if isinstance(question, str) else str(question),
        answer=body["text"] or "",
        right=body["right"] or "",
        thumb=body["thumb"] or "",
        comment=body["comment"] or "",
        by=body["by"],
        model=body["model"] or "",
        status=body["status"],
        side=body["side"] or "",
        at=record.updated_at,
    )
