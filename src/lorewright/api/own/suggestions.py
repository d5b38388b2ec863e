"""`/lorewright/v1/suggestions`: questions suggested from the documents, accepted, changed or rejected."""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import ConfigDict

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody
from lorewright.workspace.dataset.suggesting import N_USUAL, suggestion_order
from lorewright.workspace.dataset.suggestions import (
    Suggestion,
    accept_suggestions,
    edit_suggestion,
    list_suggestions,
    reject_suggestions,
    start_suggesting,
)

router = APIRouter(prefix="/lorewright/v1/suggestions", tags=["suggestions"])


class NewSuggestions(RequestBody):
    """A request to suggest `n` questions, of some kinds only, by templates or by the chat model."""

    model_config = ConfigDict(extra="forbid")

    n: int = N_USUAL
    kinds: tuple[str, ...] = ()
    how: str = "auto"


class SuggestionChange(RequestBody):
    """Another wording or another answer; `answerable` is false where a refusal is right."""

    model_config = ConfigDict(extra="forbid")

    question: str | None = None
    answer: str | None = None
    answerable: bool | None = None


@router.post("")
def create_suggestions(body: NewSuggestions, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start suggesting questions from the documents; the job tells how far it is."""
    order = suggestion_order(body.n, body.kinds, body.how)
    return shown_job(server, caller, start_suggesting(server, caller, order))


@router.get("")
def get_suggestions(
    server: ServerOf,
    caller: CallerOf,
    status: Literal["", "waiting", "accepted", "rejected"] = "",
    limit: Limit = 20,
    after: str = "",
) -> dict[str, Any]:
    """List suggested questions, the oldest first."""
    found = list_suggestions(server, caller, status=status)
    ids = [one.id for one in found]
    if after and after not in ids:
        raise BadParameter("after", f"No suggestion found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = found[start : start + limit]
    return listed_values([_as_json(one) for one in page], has_more=len(found) > start + limit)


@router.post("/{suggestion_id}/accept")
def accept(
    suggestion_id: str,
    server: ServerOf,
    caller: CallerOf,
    side: Literal["questions", "examples"] = "questions",
) -> dict[str, Any]:
    """Accept a suggestion as a held-out question, or as an example; it stays marked as synthetic."""
    return _as_json(accept_suggestions(server, caller, [suggestion_id], side=side)[0])


@router.post("/{suggestion_id}/reject")
def reject(suggestion_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Reject a suggestion; one that was accepted is taken out of the held-out questions."""
    return _as_json(reject_suggestions(server, caller, [suggestion_id])[0])


@router.patch("/{suggestion_id}")
def change(suggestion_id: str, body: SuggestionChange, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Change the wording or the answer of a suggestion."""
    fields = body.model_dump(exclude_none=True)
    return _as_json(edit_suggestion(server, caller, suggestion_id, **fields))


def _as_json(one: Suggestion) -> dict[str, Any]:
    values = asdict(one)
    at = values.pop("at")
    return {
        "object": "suggestion",
        **values,
        "question_id": one.question_id or None,
        "side": one.side or None,
        "created_at": int(at),
    }
