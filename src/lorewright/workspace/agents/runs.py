"""Runs of agents: started, followed, steered, stopped, continued."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from pydantic import ConfigDict, Field

from lorewright.access import Caller
from lorewright.agents.budget import budget_from
from lorewright.agents.journal import STEPS, Entry
from lorewright.agents.outcome import pending_approvals
from lorewright.agents.plan import plan_from
from lorewright.errors import BadParameter, NotFound
from lorewright.models import Stopped, never
from lorewright.request_body import RequestBody
from lorewright.storage import Page, Record
from lorewright.workspace.agents.budgets import usual_budget
from lorewright.workspace.agents.drivers import driver_key
from lorewright.workspace.agents.perform import FOLDER, entries_of, settle_run
from lorewright.workspace.agents.reading import NOTHING_READ, is_seen_by
from lorewright.workspace.agents.records import (
    ENTRIES,
    KIND,
    AgentRun,
    RecordJournal,
    clock,
    run_in,
    without_messages,
)
from lorewright.workspace.agents.toolbox import domain_tools
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, no_owned, owner_of

JOB = "agent"
_LOOK_EVERY_SECONDS = 0.2
MOST_TASK = 20_000


class RunRequest(RequestBody):
    """A task for an agent; what is left out is as the settings say.

    `tools` are the only ones it has, `approve` those whose calls wait for a person, `schema` the form of
    the result in JSON. Limits of `budget` are steps, tokens, usd and seconds.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    task: str = Field(min_length=1, max_length=MOST_TASK)
    driver: str = ""
    mode: str = "auto"
    tools: list[str] | None = None
    approve: list[str] = Field(default_factory=list)
    budget: dict[str, float] = Field(default_factory=dict)
    form: dict[str, Any] | None = Field(default=None, alias="schema")


def start_run(server: Server, caller: Caller, request: RunRequest) -> AgentRun:
    """Return a new run, which goes on in the background."""
    run = new_run(server, caller, request)
    return begin_round(server, run.id)


def new_run(server: Server, caller: Caller, request: RunRequest) -> AgentRun:
    """Return a new run that somebody else begins; raise what is wrong with what was asked."""
    caller.need("chat")
    _check(server, caller, request)
    order = {
        "task": request.task.strip(), "driver": request.driver, "mode": request.mode, "tools": request.tools,
        "approve": request.approve, "budget": request.budget, "schema": request.form,
    }  # fmt: skip
    body = {"order": order, "state": "queued", "outcome": {}, "is_stop_wanted": False, "job": "", "round": 0,
        "reading": NOTHING_READ,
    }  # fmt: skip
    record = server.records(KIND).add(f"run_{uuid4().hex}", body, owner=caller.id)
    audit(server.workspace, caller, Act.AGENT_RUN_STARTED, record.id)
    return run_in(record)


def find_run(server: Server, caller: Caller, agent_run_id: str) -> AgentRun:
    """Return a run; raise `NotFound` for one that is not there or another's."""
    caller.need("chat")
    return run_in(_seen_record(server, caller, agent_run_id))


def list_runs(server: Server, caller: Caller, *, limit: int = 20, after: str = "") -> Page:
    """Return a page of the runs that a caller may see, the newest first."""
    caller.need("chat")
    page = server.records(KIND).page(owner=owner_of(caller), limit=limit, after=after)
    allowed = readable(server.workspace, caller)
    return replace(page, records=tuple(one for one in page.records if is_seen_by(one, allowed)))


def _seen_record(server: Server, caller: Caller, agent_run_id: str) -> Record:
    """Return the record of a run; one made of what the caller may not read any more is not there for them."""
    record = get_owned(server.records(KIND), agent_run_id, caller)
    if not is_seen_by(record, readable(server.workspace, caller)):
        raise no_owned(server.records(KIND), agent_run_id)
    return record


def run_entries(server: Server, caller: Caller, agent_run_id: str, *, after: int = 0) -> list[Entry]:
    """Return what a run did, numbered from 1, beginning after the entry `after`."""
    find_run(server, caller, agent_run_id)
    return _numbered(entries_of(server, agent_run_id), after)


def run_entry(server: Server, caller: Caller, agent_run_id: str, entry_number: int) -> dict[str, Any]:
    """Return one entry of what a run did, with the calls and the prompt of a step of its driver.

    The prompt is what was sent, put together again: its messages and tools, and how to answer. It is
    `None` for other entries, and for a fixed step, which asks no model.
    """
    from lorewright.agents.prompts import calls_of, prompts_in  # pydantic-ai takes a second to load

    find_run(server, caller, agent_run_id)
    entries = entries_of(server, agent_run_id)
    if not 1 <= entry_number <= len(entries):
        hint = f"Its entries are numbered from 1 to {len(entries)}." if entries else "It has none yet."
        raise NotFound(f"The run has no entry {entry_number}.", hint=hint)
    entry = entries[entry_number - 1]
    prompt = prompts_in(entries[:entry_number])[-1]
    return {
        "n": entry_number, **without_messages(entry),
        **({"calls": calls_of(entry)} if entry["kind"] in STEPS else {}),
        "prompt": prompt.to_json() if prompt else None,
    }  # fmt: skip


def run_events(
    server: Server, caller: Caller, agent_run_id: str, *, after: int = 0, stopped: Stopped = never
) -> Iterator[Entry]:
    """Yield what a run did after the entry `after`, and goes on doing, until it is over or waits."""
    pause = threading.Event()
    while not stopped():
        run = find_run(server, caller, agent_run_id)  # before its entries: none comes after it is over
        for entry in _numbered(entries_of(server, agent_run_id), after):
            after = int(entry["n"])
            yield entry
        if run.is_over or run.state == "waiting":
            return
        pause.wait(_LOOK_EVERY_SECONDS)


def decide(
    server: Server, caller: Caller, agent_run_id: str, decisions: Mapping[str, bool], *, reason: str = ""
) -> AgentRun:
    """Approve (true) or deny calls that wait, by their ids; the run goes on once none waits any more."""
    is_ready = _decide(server, caller, agent_run_id, decisions, reason)
    return begin_round(server, agent_run_id) if is_ready else find_run(server, caller, agent_run_id)


def edit_plan(
    server: Server, caller: Caller, agent_run_id: str, items: Sequence[Any]
) -> list[dict[str, str]]:
    """Replace the plan of a run; its agent reads it before its next step."""
    run = find_run(server, caller, agent_run_id)
    if run.is_over:
        raise BadParameter("items", f"The run is {run.state}: its plan changes nothing any more.")
    made = [item.to_json() for item in plan_from(items)]
    journal = RecordJournal(server.records(ENTRIES), run.id)
    journal.add({"kind": "plan", "agent": "", "at": clock(), "by": "person", "items": made})
    audit(server.workspace, caller, Act.AGENT_RUN_CHANGED, run.id)
    return made


def stop_run(server: Server, caller: Caller, agent_run_id: str) -> AgentRun:
    """Return the run, which ends at the step it is at, with what it found."""
    run = find_run(server, caller, agent_run_id)
    if run.is_over:
        raise BadParameter("run_id", f"The run is already {run.state}.")
    server.records(KIND).change(run.id, lambda body: {**body, "is_stop_wanted": True})
    audit(server.workspace, caller, Act.AGENT_RUN_STOPPED, run.id)
    if run.state == "waiting":  # nobody is at work on it
        settle_run(server.records(KIND), run.id, "stopped", "It was stopped while it waited for approval.")
    return find_run(server, caller, agent_run_id)


def fail_run(server: Server, caller: Caller, agent_run_id: str, reason: str) -> AgentRun:
    """Return the run, ended as failed for this reason unless it is over: its work ended without it."""
    run = find_run(server, caller, agent_run_id)
    if not run.is_over:
        settle_run(server.records(KIND), run.id, "failed", reason)
    return find_run(server, caller, agent_run_id)


def continue_run(
    server: Server,
    caller: Caller,
    agent_run_id: str,
    *,
    from_entry: int = 0,
    budget: Mapping[str, Any] | None = None,
) -> AgentRun:
    """Return a run that goes on: one that ended early where it ended, or any again from a step.

    With `from_entry` a new run begins with the entries before that one; `budget` raises limits.
    """
    run = find_run(server, caller, agent_run_id)
    if from_entry:
        return _again(server, caller, run, from_entry, budget or {})
    _go_on(server, caller, run, budget or {})
    return begin_round(server, run.id)


def decided_run(server: Server, caller: Caller, agent_run_id: str, decisions: Mapping[str, bool]) -> AgentRun:
    """Return a run with decisions on its calls; somebody else begins its next round."""
    _decide(server, caller, agent_run_id, decisions, "")
    return _next_round(server, agent_run_id)


def continued_run(
    server: Server,
    caller: Caller,
    agent_run_id: str,
    *,
    decision: bool | None = None,
    budget: Mapping[str, Any] | None = None,
) -> AgentRun:
    """Return a run that somebody else goes on with; a `decision` is one on all of its calls that wait."""
    run = find_run(server, caller, agent_run_id)
    if run.state == "waiting" and decision is not None:
        waiting = pending_approvals(entries_of(server, agent_run_id))
        return decided_run(server, caller, agent_run_id, {one.call_id: decision for one in waiting})
    if run.state in ("queued", "running"):
        return run
    _go_on(server, caller, run, budget or {})
    return _next_round(server, agent_run_id)


def job_order(server: Server, caller: Caller, agent_run_id: str) -> dict[str, Any]:
    """Return the order of the job that goes on with a run."""
    find_run(server, caller, agent_run_id)
    body = server.records(KIND).get(agent_run_id).body
    return {"run_id": agent_run_id, "round": body["round"]}


def run_files(server: Server, caller: Caller, agent_run_id: str) -> list[str]:
    """Return the names of a run's working files."""
    from lorewright.agents.tools.files import WorkingFiles

    run = find_run(server, caller, agent_run_id)
    return WorkingFiles(server.workspace.state_folder / FOLDER / run.id).names()


def run_file(server: Server, caller: Caller, agent_run_id: str, path: str) -> str:
    """Return the text of a working file."""
    from lorewright.agents.tools.files import WorkingFiles

    run = find_run(server, caller, agent_run_id)
    return WorkingFiles(server.workspace.state_folder / FOLDER / run.id).read(path)


def tool_list(server: Server, caller: Caller) -> list[dict[str, Any]]:
    """Return the tools that an agent of this caller would have, and which of them wait for a person."""
    caller.need("chat")
    tools = domain_tools(server, caller, folder=server.workspace.state_folder / FOLDER, on_file=_unheard)
    return [
        {
            "name": tool.name, "description": tool.description, "parameters": dict(tool.schema),
            "needs_approval": tool.needs_approval,
        }
        for tool in tools
    ]  # fmt: skip


def _decide(
    server: Server, caller: Caller, agent_run_id: str, decisions: Mapping[str, bool], reason: str
) -> bool:
    """Write decisions down; return whether the run can go on now."""
    run = find_run(server, caller, agent_run_id)
    waiting = {approval.call_id for approval in pending_approvals(entries_of(server, agent_run_id))}
    for call_id in decisions:
        if call_id not in waiting:
            raise BadParameter(
                "decisions", f"No call {call_id!r} waits. Waiting: {', '.join(sorted(waiting)) or 'none'}."
            )
    journal = RecordJournal(server.records(ENTRIES), run.id)
    for call_id, approved in decisions.items():
        journal.add({
            "kind": "decision", "agent": "", "at": clock(), "call": call_id, "approved": approved,
            "reason": reason, "by": caller.name,
        })  # fmt: skip
    audit(server.workspace, caller, Act.AGENT_RUN_DECIDED, run.id, decisions=dict(decisions))
    return run.state == "waiting" and waiting <= set(decisions)


def _go_on(server: Server, caller: Caller, run: AgentRun, budget: Mapping[str, Any]) -> None:
    """Make a run ready to go on where it ended early; `budget` raises limits."""
    wanted = {**(run.order.get("budget") or {}), **budget}
    budget_from(wanted, usual_budget(server.workspace.settings.agent))
    if run.state in ("finished", "running", "queued"):
        raise BadParameter("run_id", f"The run is {run.state}. Rerun it from a step, or start a new one.")

    def ready(body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "is_stop_wanted": False, "order": {**body["order"], "budget": wanted}}

    server.records(KIND).change(run.id, ready)
    audit(server.workspace, caller, Act.AGENT_RUN_CONTINUED, run.id)


def _again(
    server: Server, caller: Caller, run: AgentRun, from_entry: int, budget: Mapping[str, Any]
) -> AgentRun:
    """Return a new run that begins with what another one had done before an entry."""
    wanted = {**(run.order.get("budget") or {}), **budget}
    budget_from(wanted, usual_budget(server.workspace.settings.agent))
    entries = entries_of(server, run.id)
    if not 1 <= from_entry <= len(entries):
        raise BadParameter("from_entry", f"from_entry is {from_entry}; it must be from 1 to {len(entries)}.")
    kept = [entry for entry in entries[: from_entry - 1] if entry["kind"] not in ("end", "waiting")]
    body = {
        "order": {**run.order, "budget": wanted}, "state": "queued", "outcome": {},
        "is_stop_wanted": False, "job": "", "round": 0,
        "reading": server.records(KIND).get(run.id).body.get("reading", NOTHING_READ),
    }  # fmt: skip
    record = server.records(KIND).add(f"run_{uuid4().hex}", body, owner=caller.id, parent=run.id)
    audit(server.workspace, caller, Act.AGENT_RUN_RERUN, record.id, of=run.id)
    journal = RecordJournal(server.records(ENTRIES), record.id)
    for entry in kept:
        journal.add(entry)
    return begin_round(server, record.id)


def begin_round(server: Server, agent_run_id: str) -> AgentRun:
    """Return a run whose next round is begun in the background."""
    records = server.records(KIND)
    _next_round(server, agent_run_id)
    job = server.start(JOB, {"run_id": agent_run_id, "round": records.get(agent_run_id).body["round"]})
    return run_in(records.change(agent_run_id, lambda body: {**body, "job": job.id}))


def _next_round(server: Server, agent_run_id: str) -> AgentRun:
    """Return a run that is queued for another round: one more job."""
    return run_in(
        server.records(KIND).change(
            agent_run_id, lambda body: {**body, "state": "queued", "round": body["round"] + 1}
        )
    )


def _check(server: Server, caller: Caller, request: RunRequest) -> None:
    if not request.task.strip():
        raise BadParameter("task", "The task is empty.")
    if request.mode not in ("auto", "model", "plan"):
        raise BadParameter("mode", f"mode is {request.mode!r}; it must be auto, model or plan.")
    budget_from(request.budget, usual_budget(server.workspace.settings.agent))
    driver_key(server, caller, request.driver)
    if request.form is not None and request.form.get("type") != "object":
        raise BadParameter("schema", "schema must be a JSON Schema of type object.")
    if request.tools is not None:
        domain_tools(
            server,
            caller,
            folder=server.workspace.state_folder / FOLDER,
            on_file=_unheard,
            names=request.tools,
        )


def _numbered(entries: Sequence[Entry], after: int) -> list[Entry]:
    return [{"n": n, **without_messages(entry)} for n, entry in enumerate(entries, start=1) if n > after]


def _unheard(_path: str, _size: int) -> None:
    """Nothing is written while tools are listed."""
