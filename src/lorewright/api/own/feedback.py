"""`/lorewright/v1/feedback`: what callers think of answers, and what came of it."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.answering.feedback import (
    Opinion,
    accept_feedback,
    find_feedback,
    give_feedback,
    list_feedback,
    remove_feedback,
)

router = APIRouter(prefix="/lorewright/v1/feedback", tags=["feedback"])


class NewFeedback(RequestBody):
    """A thumb, a correction or a comment on the answer with this id: a chat completion's or a response's."""

    model_config = ConfigDict(extra="forbid")

    answer: str
    thumb: Literal["up", "down"] | None = None
    correction: str = ""
    comment: str = ""
    exemplary: bool = False


@router.post("")
def create_feedback(body: NewFeedback, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Give feedback on an answer, or replace earlier feedback."""
    opinion = Opinion(
        thumb=body.thumb, correction=body.correction, comment=body.comment, is_exemplary=body.exemplary
    )
    return shown_feedback(give_feedback(server, caller, body.answer, opinion))


@router.get("")
def get_feedbacks(
    server: ServerOf,
    caller: CallerOf,
    deployment: str | None = None,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List feedback, newest first."""
    page = list_feedback(server, caller, deployment=deployment, limit=limit, after=after, order=order)
    return listed(page, shown_feedback)


@router.get("/{feedback_id}")
def get_feedback(feedback_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one piece of feedback."""
    return shown_feedback(find_feedback(server, caller, feedback_id))


@router.post("/{feedback_id}/accept")
def accept(feedback_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Accept a pending correction as an example or a held-out question."""
    return shown_feedback(accept_feedback(server, caller, feedback_id))


@router.delete("/{feedback_id}")
def delete_feedback(feedback_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Withdraw feedback, together with the example or question it became."""
    remove_feedback(server, caller, feedback_id)
    return {"id": feedback_id, "object": "feedback", "deleted": True}


def shown_feedback(feedback: Record) -> dict[str, Any]:
    """Return a feedback object."""
    body = {name: value for name, value in feedback.body.items() if name != "right"}
    side = body["side"] if body["status"] == "placed" else None
    return {
        "id": feedback.id,
        "object": "feedback",
        "created_at": int(feedback.created_at),
        **body,
        "side": side,
        "file": f"{side}/feedback.jsonl" if side else None,
    }
