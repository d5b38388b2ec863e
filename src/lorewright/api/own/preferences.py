"""`/lorewright/v1/preferences`: which answers people voted for in chats, by model."""

from typing import Any

from fastapi import APIRouter

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.evaluation import to_json
from lorewright.workspace.chats.judging import preferred

router = APIRouter(prefix="/lorewright/v1/preferences", tags=["comparisons"])


@router.get("")
def get_preferences(server: ServerOf, caller: CallerOf, blind: bool | None = None) -> dict[str, Any]:  # noqa: FBT001 - as it stands in the address
    """Return wins, losses and shares by model; `blind` selects votes of blind chats, or the others."""
    preferred_answers = preferred(server, caller, is_blind=blind)
    body = to_json(preferred_answers.preferences)
    return {
        "object": "preferences",
        "n_votes": preferred_answers.preferences.n_votes,
        "n_people": preferred_answers.n_people,
        "n_blind": preferred_answers.n_blind,
        "models": body["models"],
        "duels": body["duels"],
    }
