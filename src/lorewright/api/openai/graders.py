"""`/v1/fine_tuning/alpha/graders`: check a grader, and run it on one output."""

from typing import Any

from fastapi import APIRouter
from openai.types.fine_tuning.alpha import GraderRunResponse
from pydantic import Field

from lorewright.api.http.answers import answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.evaluation.graders import Grader
from lorewright.request_body import RequestBody
from lorewright.workspace.openai.evals.try_grader import try_grader, validate_grader

router = APIRouter(prefix="/v1/fine_tuning/alpha/graders", tags=["graders"])


class GraderRequest(RequestBody):
    """A request to check a grader."""

    grader: Grader


class GraderRun(GraderRequest):
    """A request to run a grader on a sample output."""

    model_sample: str
    item: dict[str, Any] = Field(default_factory=dict)


@router.post("/validate")
def post_validate(body: GraderRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Validate a grader: return it, or the reason why it is invalid."""
    validate_grader(server, caller, body.grader)
    return {"grader": body.grader.model_dump(mode="json", exclude_none=True)}


@router.post("/run", responses=answers(GraderRunResponse))
def post_run(body: GraderRun, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Run a grader and return its reward."""
    return try_grader(server, caller, body.grader, body.model_sample, body.item)
