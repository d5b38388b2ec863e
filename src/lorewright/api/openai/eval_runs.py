"""`/v1/evals/{eval_id}/runs`: runs of an evaluation and the results of every item."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from openai.types.evals import (
    RunCancelResponse,
    RunCreateResponse,
    RunDeleteResponse,
    RunListResponse,
    RunRetrieveResponse,
)
from openai.types.evals.runs import OutputItemListResponse, OutputItemRetrieveResponse

from lorewright.access import Caller
from lorewright.api.http.answers import ListOf, answers
from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, OrderOf, listed
from lorewright.api.http.prefix import public_url
from lorewright.evaluation.openai_evals.data_source import DataSource
from lorewright.request_body import RequestBody
from lorewright.storage import Record
from lorewright.workspace.openai.evals.evals import begin_run, cancel_run, delete_run
from lorewright.workspace.openai.evals.listing import (
    all_items,
    counts_so_far,
    find_item,
    find_run,
    list_items,
    list_runs,
)
from lorewright.workspace.openai.evals.report import render_run
from lorewright.workspace.server.server import Server

router = APIRouter(prefix="/v1/evals/{eval_id}/runs", tags=["evals"])


class RunRequest(RequestBody):
    """A request for a run."""

    data_source: DataSource
    name: str = ""
    metadata: dict[str, Any] | None = None


@router.post("", responses=answers(RunCreateResponse))
def post_run(
    eval_id: str, body: RunRequest, request: Request, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Start a run in the background."""
    run = begin_run(
        server, caller, eval_id, name=body.name, metadata=body.metadata, source=body.data_source
    )  # fmt: skip
    return _as_json(request, server, caller, run)


@router.get("", responses=answers(ListOf[RunListResponse]))
def get_runs(
    eval_id: str,
    request: Request,
    server: ServerOf,
    caller: CallerOf,
    after: str = "",
    limit: Limit = 20,
    order: OrderOf = "asc",
    status: Literal["queued", "in_progress", "completed", "canceled", "failed"] | None = None,
) -> dict[str, Any]:
    """List the runs of an evaluation, the oldest first."""
    page = list_runs(server, caller, eval_id, status=status, limit=limit, after=after, order=order)
    return listed(page, lambda run: _as_json(request, server, caller, run))


@router.get("/{run_id}", responses=answers(RunRetrieveResponse))
def get_run(
    eval_id: str, run_id: str, request: Request, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Return one run."""
    return _as_json(request, server, caller, find_run(server, caller, eval_id, run_id))


@router.post("/{run_id}/cancel", responses=answers(RunCancelResponse))
def post_cancel(
    eval_id: str, run_id: str, request: Request, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Cancel a run; results so far are kept."""
    return _as_json(request, server, caller, cancel_run(server, caller, eval_id, run_id))


@router.delete("/{run_id}", responses=answers(RunDeleteResponse))
def remove_run(eval_id: str, run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Delete a run with its items."""
    delete_run(server, caller, eval_id, run_id)
    return {"object": "eval.run.deleted", "deleted": True, "run_id": run_id}


@router.get("/{run_id}/report", response_class=PlainTextResponse)
def get_report(eval_id: str, run_id: str, server: ServerOf, caller: CallerOf) -> PlainTextResponse:
    """Return a run as readable text: its counts, and every item that did not pass."""
    run = find_run(server, caller, eval_id, run_id)
    items = all_items(server, caller, eval_id, run_id)
    text = render_run(run.body["name"] or run.id, run.body["status"], [item.body for item in items])
    return PlainTextResponse(text, media_type="text/markdown")


@router.get("/{run_id}/output_items", responses=answers(ListOf[OutputItemListResponse]))
def get_items(
    eval_id: str,
    run_id: str,
    server: ServerOf,
    caller: CallerOf,
    after: str = "",
    limit: Limit = 20,
    order: OrderOf = "asc",
    status: Literal["fail", "pass", "error"] | None = None,
) -> dict[str, Any]:
    """List the results of the items of a run, in their order."""
    page = list_items(server, caller, eval_id, run_id, status=status, limit=limit, after=after, order=order)
    return listed(page, lambda item: _shown_item(eval_id, item))


@router.get("/{run_id}/output_items/{item_id}", responses=answers(OutputItemRetrieveResponse))
def get_item(eval_id: str, run_id: str, item_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return the result of one item."""
    return _shown_item(eval_id, find_item(server, caller, eval_id, run_id, item_id))


def _as_json(request: Request, server: Server, caller: Caller, run: Record) -> dict[str, Any]:
    body = run.body
    is_going_on = body["status"] == "in_progress"
    return {
        "id": run.id,
        "object": "eval.run",
        "eval_id": run.parent,
        "created_at": int(run.created_at),
        "name": body["name"],
        "metadata": body["metadata"],
        "status": body["status"],
        "model": body["model"],
        "data_source": body["data_source"],
        "error": body["error"],
        "report_url": public_url(request, f"/v1/evals/{run.parent}/runs/{run.id}/report"),
        "result_counts": counts_so_far(server, caller, run) if is_going_on else body["result_counts"],
        "per_model_usage": body["per_model_usage"],
        "per_testing_criteria_results": body["per_testing_criteria_results"],
    }


def _shown_item(eval_id: str, item: Record) -> dict[str, Any]:
    body = item.body
    return {
        "id": item.id,
        "object": "eval.run.output_item",
        "created_at": int(item.created_at),
        "eval_id": eval_id,
        "run_id": item.parent,
        "status": body["status"],
        "datasource_item_id": body["datasource_item_id"],
        "datasource_item": body["datasource_item"],
        "results": body["results"],
        "sample": body["sample"],
    }
