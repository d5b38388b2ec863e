"""`/lorewright/v1/comparisons/{id}/…`: questions and answers, another comparison beside it, what if."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ConfigDict, Field

from lorewright.advisor import Assumptions
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.errors import BadParameter, NotFound
from lorewright.evaluation import QuestionInAllArms, Selection, compare_two, select, to_json
from lorewright.request_body import RequestBody
from lorewright.settings import Preset
from lorewright.workspace.comparisons.advice import AdviceInputs, advice_inputs, html_of, report_of
from lorewright.workspace.comparisons.evidence import find_evidence
from lorewright.workspace.comparisons.listing import find_comparison, questions_of

router = APIRouter(prefix="/lorewright/v1/comparisons/{comparison_id}", tags=["comparisons"])


class WhatIf(RequestBody):
    """Assumptions that differ from the settings; what is left out stays as it is there."""

    model_config = ConfigDict(extra="forbid")

    questions_per_month: int | None = Field(default=None, ge=0)
    changes_per_month: float | None = Field(default=None, ge=0)
    cpu_hour_usd: float | None = Field(default=None, ge=0)
    gpu_hour_usd: float | None = Field(default=None, ge=0)
    storage_gb_month_usd: float | None = Field(default=None, ge=0)
    person_hour_usd: float | None = Field(default=None, ge=0)
    minutes_per_example: float | None = Field(default=None, ge=0)
    preset: Preset | None = None
    unsupported: float | None = Field(default=None, ge=0, le=100)
    second_points: float | None = Field(default=None, ge=0, le=100)
    cost_points: float | None = Field(default=None, ge=0, le=100)
    stale_percent: float | None = Field(default=None, ge=0, le=100)

    def on(self, inputs: AdviceInputs) -> Assumptions:
        """Return the assumptions of the settings with these in their place."""
        known = to_json(inputs.assumptions.under(self.preset) if self.preset else inputs.assumptions)
        return Assumptions(**{**known, **self.model_dump(exclude_none=True)})


@router.get("/questions")
def list_questions(
    comparison_id: str,
    server: ServerOf,
    caller: CallerOf,
    right: Annotated[list[str] | None, Query()] = None,
    wrong: Annotated[list[str] | None, Query()] = None,
    failure: str = "",
    failed: str = "",
    tag: str = "",
    search: str = "",
    disputed: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    unsupported: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    limit: Limit = 20,
    after: str = "",
) -> dict[str, Any]:
    """List the questions that match all filters, with the answers of all arms."""
    wanted = Selection(
        right=frozenset(right or ()),
        wrong=frozenset(wrong or ()),
        failure=failure,
        failed=failed,
        tag=tag,
        search=search,
        is_disputed=disputed,
        is_unsupported=unsupported,
    )
    questions = select(questions_of(server.workspace, caller, comparison_id), wanted)
    ids = [question.question_id for question in questions]
    if after and after not in ids:
        raise BadParameter("after", f"No question found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = questions[start : start + limit]
    rows = [_as_json(question) for question in page]
    return {**listed_values(rows, has_more=len(questions) > start + limit), "total": len(questions)}


@router.get("/answers/{arm}/{question_id}")
def get_making(
    comparison_id: str, arm: str, question_id: str, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Return how an answer was made: what was retrieved, the prompt, the times of its nodes."""
    evidence = find_evidence(server.workspace, caller, comparison_id, arm, question_id)
    if evidence is None:
        raise NotFound(f"No details are stored of how {arm} answered {question_id!r}.")
    return {"object": "comparison.making", **to_json(evidence)}


@router.get("/against/{other_id}")
def get_against(comparison_id: str, other_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Compare two comparisons; the older one is the baseline."""
    one, other = (find_comparison(server.workspace, caller, name) for name in (comparison_id, other_id))
    differences = to_json(compare_two(one, other))
    return {
        "object": "comparison.against",
        **differences,
        "before": differences["before"]["id"],
        "now": differences["now"]["id"],
    }


@router.post("/what-if")
def what_if(comparison_id: str, body: WhatIf, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the recommendation under other assumptions, and what would change it; nothing is measured."""
    inputs = advice_inputs(server.workspace, caller, comparison_id)
    assumed = body.on(inputs)
    return {
        "object": "recommendation",
        "assumptions": to_json(assumed),
        "recommendation": to_json(inputs.advice(assumed)),
        "tipping_points": to_json(inputs.tipping(assumed)),
    }


@router.get("/report.html", response_class=HTMLResponse)
def get_html(comparison_id: str, server: ServerOf, caller: CallerOf) -> HTMLResponse:
    """Return the report as one self-contained page, as `lorewright report --html` writes it."""
    return HTMLResponse(html_of(server.workspace, caller, comparison_id), headers=_saved_as("report.html"))


@router.get("/report.json")
def get_json(comparison_id: str, server: ServerOf, caller: CallerOf) -> JSONResponse:
    """Return the whole report as a file, as `lorewright report --json` shows it."""
    return JSONResponse(report_of(server.workspace, caller, comparison_id), headers=_saved_as("report.json"))


def _saved_as(name: str) -> dict[str, str]:
    # What documents and models wrote stands in it: it is a file to keep, and no page of this server.
    return {
        "content-disposition": f'attachment; filename="lorewright-{name}"',
        "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
        "x-content-type-options": "nosniff",
    }


def _as_json(question: QuestionInAllArms) -> dict[str, Any]:
    rows = {arm: to_json(row) for arm, row in question.rows.items()}
    return {
        "id": question.question_id,
        "object": "comparison.question",
        "question": question.question,
        "targets": list(question.targets),
        "answerable": question.answerable,
        "tags": list(question.tags),
        "answers": rows,
    }
