"""`/lorewright/v1/answers`: what was answered, as long as it is kept."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.api.own.feedback import shown_feedback
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.answering.asked import take_asked
from lorewright.workspace.answering.kept_answers import answer_id_of, find_answer, list_answers
from lorewright.workspace.answering.traces import find_trace

router = APIRouter(prefix="/lorewright/v1/answers", tags=["feedback"])


class IntoDataset(RequestBody):
    """Where an answer belongs in the dataset, and its right text unless it is right as it is."""

    model_config = ConfigDict(extra="forbid")

    side: Literal["examples", "questions"]
    right: str = ""


@router.get("")
def get_answers(
    server: ServerOf,
    caller: CallerOf,
    deployment: str | None = None,
    limit: Limit = 20,
    after: str = "",
    order: OrderOf = "desc",
) -> dict[str, Any]:
    """List the caller's answers, newest first."""
    page = list_answers(server, caller, deployment=deployment, limit=limit, after=after, order=order)
    return listed(page, shown_answer)


@router.get("/{answer_id}")
def get_answer(answer_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one answer."""
    return shown_answer(find_answer(server, caller, answer_id))


@router.get("/{answer_id}/trace")
def get_trace(answer_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return how an answer came about: its nodes with time and tokens, the prompt, and every hit."""
    return {"object": "answer.trace", "id": answer_id, **find_trace(server, caller, answer_id)}


@router.post("/{answer_id}/dataset")
def post_dataset(answer_id: str, body: IntoDataset, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Make an answered question an example or a held-out question; return the feedback that says so."""
    return shown_feedback(take_asked(server, caller, answer_id, body.side, right=body.right))


def shown_answer(answer: Record) -> dict[str, Any]:
    """Return an answer object."""
    return {
        "id": answer_id_of(answer),
        "object": "answer",
        "created_at": int(answer.created_at),
        "deployment": answer.parent or None,
        "version": answer.label or None,
        **answer.body,
    }
