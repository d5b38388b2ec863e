"""`/lorewright/v1/agent/runs`: tasks given to agents: started, followed as they go, steered, stopped."""

from collections.abc import Iterator
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import ConfigDict, Field

from lorewright.api.http.caller import CallerOf, ServerOf
from lorewright.api.http.pages import Limit, listed_values
from lorewright.api.http.streaming import event, streamed
from lorewright.models import Stopped
from lorewright.request_body import RequestBody
from lorewright.workspace.agents.learning import rate_run
from lorewright.workspace.agents.records import run_in
from lorewright.workspace.agents.runs import (
    RunRequest,
    continue_run,
    decide,
    edit_plan,
    find_run,
    list_runs,
    run_entries,
    run_entry,
    run_events,
    run_file,
    run_files,
    start_run,
    stop_run,
    tool_list,
)

router = APIRouter(prefix="/lorewright/v1/agent", tags=["agents"])


class Decisions(RequestBody):
    """What a person decided on calls that wait: true to allow a call, by its id."""

    model_config = ConfigDict(extra="forbid")

    decisions: dict[str, bool] = Field(min_length=1)
    reason: str = Field(default="", max_length=1000)


class RunRating(RequestBody):
    """What somebody thinks of a run: up, down, or nothing any more."""

    model_config = ConfigDict(extra="forbid")

    thumb: Literal["up", "down", ""]


class EditedPlan(RequestBody):
    """A plan in the place of the agent's: texts, or objects with text and state."""

    model_config = ConfigDict(extra="forbid")

    items: list[str | dict[str, str]]


class Continuation(RequestBody):
    """How a run goes on: with raised limits, or again as a new run from one of its entries."""

    model_config = ConfigDict(extra="forbid")

    from_entry: int = Field(default=0, ge=0)
    budget: dict[str, float] = Field(default_factory=dict)


@router.get("/tools")
def list_tools(server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """List the tools that an agent of yours would have, and which of them wait for a person."""
    return {"object": "list", "data": tool_list(server, caller)}


@router.post("/runs")
def create_run(body: RunRequest, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Give a task to an agent, which works on it in the background."""
    return start_run(server, caller, body).to_json()


@router.get("/runs")
def get_runs(server: ServerOf, caller: CallerOf, limit: Limit = 20, after: str = "") -> dict[str, Any]:
    """List runs, newest first."""
    page = list_runs(server, caller, limit=limit, after=after)
    return listed_values([run_in(record).to_json() for record in page.records], has_more=page.has_more)


@router.get("/runs/{agent_run_id}")
def get_run(agent_run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one run with its result, its trace, and the names of its working files."""
    run = find_run(server, caller, agent_run_id)
    trace = run_entries(server, caller, agent_run_id)
    return {**run.to_json(), "trace": trace, "files": run_files(server, caller, agent_run_id)}


@router.get("/runs/{agent_run_id}/entries/{entry_number}")
def get_entry(agent_run_id: str, entry_number: int, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Return one entry of a run's trace; for a step of its driver with the prompt as it was sent."""
    return {"object": "agent.run.entry", **run_entry(server, caller, agent_run_id, entry_number)}


@router.get("/runs/{agent_run_id}/events", response_model=None)
async def stream_events(
    agent_run_id: str, request: Request, server: ServerOf, caller: CallerOf, after: int = 0
) -> Response:
    """Stream what a run does, from the beginning or after an entry, until it is over or waits."""
    find_run(server, caller, agent_run_id)

    def pieces(stopped: Stopped) -> Iterator[str]:
        for entry in run_events(server, caller, agent_run_id, after=after, stopped=stopped):
            yield event({"object": "agent.run.entry", **entry}, name=str(entry["kind"]))
        yield event(find_run(server, caller, agent_run_id).to_json(), name="run")

    return await streamed(request, pieces)


@router.post("/runs/{agent_run_id}/decisions")
def create_decisions(
    agent_run_id: str, body: Decisions, server: ServerOf, caller: CallerOf
) -> dict[str, Any]:
    """Approve or deny calls that wait; the run goes on once none waits any more."""
    return decide(server, caller, agent_run_id, body.decisions, reason=body.reason).to_json()


@router.post("/runs/{agent_run_id}/plan")
def change_plan(agent_run_id: str, body: EditedPlan, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Replace the plan of a run; its agent reads it before its next step."""
    return {"object": "list", "data": edit_plan(server, caller, agent_run_id, body.items)}


@router.post("/runs/{agent_run_id}/rating")
def rate(agent_run_id: str, body: RunRating, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Say what you think of a run; a driver can be tuned on those that you rate up."""
    return rate_run(server, caller, agent_run_id, body.thumb).to_json()


@router.post("/runs/{agent_run_id}/stop")
def stop(agent_run_id: str, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Stop a run at the step it is at; what it found is kept."""
    return stop_run(server, caller, agent_run_id).to_json()


@router.post("/runs/{agent_run_id}/continue")
def go_on(agent_run_id: str, body: Continuation, server: ServerOf, caller: CallerOf) -> dict[str, Any]:
    """Continue a run that ended early, or run it again from one of its entries as a new run."""
    run = continue_run(server, caller, agent_run_id, from_entry=body.from_entry, budget=body.budget)
    return run.to_json()


@router.get("/runs/{agent_run_id}/files/{path:path}", response_class=PlainTextResponse)
def get_file(agent_run_id: str, path: str, server: ServerOf, caller: CallerOf) -> str:
    """Return a working file of a run."""
    return run_file(server, caller, agent_run_id, path)
