"""`/lorewright/v1/interview`: a few questions for who has nothing yet, and a first answer from them."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.advisor import STEPS, provisional
from lorewright.api.http.caller import CallerOf
from lorewright.evaluation import to_json
from lorewright.request_body import RequestBody

router = APIRouter(prefix="/lorewright/v1", tags=["comparisons"])


class InterviewAnswers(RequestBody):
    """Answers to the interview: the id of a choice by topic; what is left out is not known."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, str] = Field(default_factory=dict)


@router.get("/interview")
def get_interview(caller: CallerOf) -> dict[str, Any]:
    """Return the questions with their choices, as `lorewright advise --ask` asks them."""
    caller.need("read")
    return {"object": "interview", "steps": to_json(STEPS)}


@router.post("/interview")
def answer_interview(body: InterviewAnswers, caller: CallerOf) -> dict[str, Any]:
    """Return where to start according to the answers; an estimate, and marked as such."""
    caller.need("read")
    return {"object": "recommendation.provisional", **to_json(provisional(body.answers))}
