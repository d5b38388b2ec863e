"""A run as a durable job: it goes on at its last finished step, whatever happened in between."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.agents.budget import budget_from
from lorewright.agents.choosing import MOST_SHOWN
from lorewright.agents.driver import Driver, DriverLimits, asks_model
from lorewright.agents.journal import Entry
from lorewright.agents.redaction import Redactor
from lorewright.agents.setting import SubDriver
from lorewright.errors import NotAllowed
from lorewright.jobs import Job, Steps
from lorewright.models import EngineKey, PooledEngine, Usage
from lorewright.models.metering import Call
from lorewright.storage import Records
from lorewright.workspace.agents.budgets import usual_budget
from lorewright.workspace.agents.drivers import driver_key, planned, sub_agent_keys
from lorewright.workspace.agents.lines import line_of
from lorewright.workspace.agents.reading import documents_read, reading_now, with_reading
from lorewright.workspace.agents.records import (
    ENTRIES,
    KIND,
    AgentRun,
    RecordJournal,
    clock,
    decision_on,
    run_in,
)
from lorewright.workspace.agents.toolbox import domain_tools
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import throttled
from lorewright.workspace.server.ledger import cost_usd
from lorewright.workspace.server.server import Server

FOLDER = "agent-files"
ANSWER_TOKENS = 512
PATIENCE_SECONDS = 2.0
_SECRET_NAMES = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
ALL_SHOWN = 1000
"""Fixed steps choose among all tools."""


def perform_run(server: Server, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Go on with a run until it is over or waits for a person; return what it came to."""
    records = server.records(KIND)
    run = run_in(records.get(str(order["run_id"])))
    if run.is_over:
        return dict(run.outcome)
    caller = _caller_of(server, run)
    journal = RecordJournal(server.records(ENTRIES), run.id)
    _set(records, run.id, "running")
    with _reading(server, caller, run.id, journal):
        outcome: dict[str, Any] = _run(server, caller, run, journal, steps).to_json()
        _set(records, run.id, outcome["state"], outcome)
    return outcome


@contextmanager
def _reading(server: Server, caller: Caller, run_id: str, journal: RecordJournal) -> Iterator[None]:
    """Keep what a run may read while it goes on; once it stands still, what it read."""
    records = server.records(KIND)

    def keep(documents: list[str] | None) -> None:
        moment = reading_now(server.workspace, caller)
        records.change(run_id, lambda body: with_reading(body, moment, documents))

    keep(None)
    yield
    keep(documents_read(journal.entries()))


def in_worker(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Go on with a run in a process of its own, with engines of its own."""
    server = Server(workspace.folder)
    try:
        return perform_run(server, order, steps)
    finally:
        server.close(patience_seconds=PATIENCE_SECONDS)  # a driver that hangs was left behind


def settle(workspace: Workspace, job: Job) -> None:
    """Let a run end whose job ended without it: failed, or cancelled; what was found is in its journal."""
    if job.state in ("failed", "cancelled"):
        reason = "It was stopped." if job.state == "cancelled" else str(job.error.get("message", ""))
        state = "stopped" if job.state == "cancelled" else "failed"
        settle_run(Records(workspace.database, KIND), str(job.order["run_id"]), state, reason)


def settle_run(records: Records, run_id: str, state: str, reason: str) -> None:
    """Let a run end, unless it is over."""

    def end(body: dict[str, Any]) -> dict[str, Any]:
        if run_in_state(body) in ("finished", "stopped", "failed"):
            return body
        return {**body, "state": state, "outcome": {**body["outcome"], "state": state, "reason": reason}}

    records.change(run_id, end)


def run_in_state(body: Mapping[str, Any]) -> str:
    """Return the state that a record's body tells."""
    return str(body["state"])


def _run(server: Server, caller: Caller, run: AgentRun, journal: RecordJournal, steps: Steps) -> Any:
    from lorewright.agents.run import run_agent  # pydantic-ai takes a second to load

    settings, records = server.workspace.settings, server.records(KIND)
    key = driver_key(server, caller, str(run.order.get("driver") or ""))
    engine: Driver = PooledEngine(server.pool, key, who=caller.id)
    driver = planned(server, caller, engine, key, run.order)
    hours = settings.agent.approval_hours

    def on_file(path: str, size: int) -> None:
        journal.add({"kind": "file", "agent": "", "at": clock(), "path": path, "bytes": size})

    def on_missing(name: str, error: str, *, what: str = "server") -> None:
        entry = {"kind": "missing", "agent": "", "at": clock(), what: name, "error": error}
        journal.add(entry)
        hear(entry)

    def hear(entry: Mapping[str, Any]) -> None:
        if line := line_of(entry):
            steps.say(line)

    sub_keys = (
        sub_agent_keys(server, caller, partial(on_missing, what="sub_agent")) if driver is engine else {}
    )
    return run_agent(
        run.task,
        driver=driver,
        tools=domain_tools(
            server, caller, folder=server.workspace.state_folder / FOLDER / run.id, on_file=on_file,
            names=run.order.get("tools"), approve=run.order.get("approve") or (), on_missing=on_missing,
        ),
        journal=journal,
        budget=budget_from(run.order.get("budget") or {}, usual_budget(settings.agent)),
        limits=DriverLimits(context_tokens=settings.models.context_tokens, answer_tokens=ANSWER_TOKENS),
        redact=redactor(server, key, *sub_keys.values()),
        stopped=throttled(lambda: run_in(records.get(run.id)).is_stop_wanted),
        decided=lambda call_id: decision_on(journal.entries(), call_id, hours=hours, now=clock()),
        price=partial(_price, server, caller, key),
        on_entry=hear,
        schema=run.order.get("schema"),
        instruction=settings.agent.instruction,
        n_shown=_n_shown(driver),
        sub_drivers={name: _sub_driver(server, caller, run, name, one) for name, one in sub_keys.items()},
    )  # fmt: skip


def _sub_driver(server: Server, caller: Caller, run: AgentRun, name: str, key: EngineKey) -> SubDriver:
    """Return what drives a sub-agent of the settings: as drivers are, by the size of its model."""
    engine = PooledEngine(server.pool, key, who=caller.id)
    driver = planned(server, caller, engine, key, run.order)
    return SubDriver(
        driver=driver,
        description=server.workspace.settings.agent.sub_agents[name].description,
        price=partial(_price, server, caller, key),
        n_shown=_n_shown(driver),
    )


def _n_shown(driver: Driver) -> int:
    return MOST_SHOWN if asks_model(driver) else ALL_SHOWN


def _price(server: Server, caller: Caller, key: EngineKey, seconds: float, usage: Usage) -> float:
    return cost_usd(Call(caller.id, key, usage, seconds), server.workspace.settings.prices)


def redactor(server: Server, *keys: EngineKey) -> Redactor:
    """Return what takes the secrets of this server out of texts: keys of models, of tools, of logins."""
    settings = server.workspace.settings
    names = {
        settings.models.api_key_env, settings.oidc.client_secret_env,
        *(tool.key_env for tool in (*settings.tools.values(), *settings.agent.programs.values())),
    }  # fmt: skip
    secrets = [os.environ.get(name, "") for name in names if name]
    named = [
        value
        for name, value in os.environ.items()
        if name.endswith(("_KEY", "_TOKEN", "_SECRET", "_PASSWORD"))
    ]
    return Redactor([*secrets, *named, *(_stored_key(server, key) for key in keys)])


def _stored_key(server: Server, key: EngineKey) -> str:
    from lorewright.workspace.domain.model_key import model_key

    return model_key(server.workspace.settings, server.workspace.state_folder, key.uri) or ""


def _caller_of(server: Server, run: AgentRun) -> Caller:
    caller = server.keys.find(run.owner)
    if caller is None:
        raise NotAllowed("The key that started this run is no longer valid.", hint="Start it again.")
    caller.need("chat")
    return caller


def _set(records: Records, run_id: str, state: str, outcome: Mapping[str, Any] | None = None) -> None:
    records.change(
        run_id,
        lambda body: {**body, "state": state, "outcome": {**body["outcome"], **(outcome or {})}},
        label=state,
    )


def entries_of(server: Server, run_id: str) -> list[Entry]:
    """Return the journal of a run."""
    return list(RecordJournal(server.records(ENTRIES), run_id).entries())
