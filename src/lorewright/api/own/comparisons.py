"""`/lorewright/v1/comparisons` and `/recommendation`: arms measured against each other, and which to use."""

from typing import Any

from fastapi import APIRouter
from pydantic import ConfigDict, Field

from lorewright.advisor import render_text
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.own.jobs import shown_job
from lorewright.errors import BadParameter
from lorewright.evaluation import Comparison, to_json
from lorewright.request_body import RequestBody
from lorewright.workspace.comparisons.advice import advise, report_of
from lorewright.workspace.comparisons.bundled import load_bundled_comparison
from lorewright.workspace.comparisons.listing import (
    all_comparisons,
    find_comparison,
    remove_comparison,
    rename_comparison,
)
from lorewright.workspace.comparisons.start import start_comparison
from lorewright.workspace.dataset.question_choice import comparison_order

router = APIRouter(prefix="/lorewright/v1", tags=["comparisons"])


class NewComparison(RequestBody):
    """A request to measure arms (all that can be built where none are named) on held-out questions.

    `tags` and `file` (of the questions folder) choose questions; `limit` takes so many of them.
    """

    model_config = ConfigDict(extra="forbid")

    arms: list[str] | None = None
    limit: int = Field(default=0, ge=0)
    tags: list[str] = Field(default_factory=list)
    file: str = ""
    drill: bool = True


class Renamed(RequestBody):
    """A comparison's new name."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=80)


@router.get("/comparisons")
def list_comparisons(
    server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = ""
) -> dict[str, Any]:
    """List comparisons, newest first, as summaries."""
    comparisons = all_comparisons(server.workspace, caller)
    ids = [comparison.id for comparison in comparisons]
    if after and after not in ids:
        raise BadParameter("after", f"No comparison found with id {after!r}; it cannot be used as a cursor.")
    start = ids.index(after) + 1 if after else 0
    page = comparisons[start : start + limit]
    return listed_values(
        [_short(comparison) for comparison in page], has_more=len(comparisons) > start + limit
    )


@router.post("/comparisons")
def create_comparison(body: NewComparison, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Start a comparison; the result of the job names it."""
    limit = body.limit or server.workspace.settings.evaluation.limit
    order = comparison_order(body.arms, limit=limit, tags=body.tags, file=body.file, is_drilled=body.drill)
    return shown_job(server, caller, start_comparison(server, caller, order))


@router.post("/comparisons/version-desk")
def load_version_desk(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Load the precomputed comparison of the template (the version desk, say) that the domain was made of."""
    return _short(load_bundled_comparison(server.workspace, caller))


@router.get("/comparisons/{comparison_id}")
def get_comparison(comparison_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the whole report of a comparison, as `lorewright report --json` shows it."""
    report = report_of(server.workspace, caller, comparison_id)
    return {"id": comparison_id, "object": "comparison", **report}


@router.post("/comparisons/{comparison_id}")
def rename(comparison_id: str, body: Renamed, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Rename a comparison."""
    rename_comparison(server.workspace, caller, comparison_id, body.name)
    return {**_short(find_comparison(server.workspace, caller, comparison_id)), "name": body.name.strip()}


@router.delete("/comparisons/{comparison_id}")
def delete(comparison_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a comparison."""
    remove_comparison(server.workspace, caller, comparison_id)
    return {"id": comparison_id, "object": "comparison", "deleted": True}


@router.get("/recommendation")
def get_recommendation(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return which arm to use and why, from everything known now, measured or not."""
    comparison, recommended = advise(server.workspace, caller)
    return {
        "object": "recommendation",
        "comparison": comparison.id if comparison else None,
        "text": render_text(comparison, recommended),
        "recommendation": to_json(recommended),
    }


def _short(comparison: Comparison) -> dict[str, Any]:
    return {
        "id": comparison.id,
        "object": "comparison",
        "created_at": int(comparison.created_at),
        "n_questions": comparison.n_questions,
        "correctness_means": comparison.primary,
        "arms": {report.arm: to_json(report.correctness) for report in comparison.reports},
        "recommended_arm": comparison.recommended_arm or None,
        "origin": comparison.measured.origin or None,
    }
