"""`/lorewright/v1/answers`: what was answered, as long as it is kept."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.storage import Record
from lorewright.workspace.answering.kept_answers import answer_id_of, find_answer, list_answers
from lorewright.workspace.answering.traces import find_trace

router = APIRouter(prefix="/lorewright/v1/answers", tags=["feedback"])


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
