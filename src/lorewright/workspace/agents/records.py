"""Runs of agents as they are kept: one record for each, and one for each entry of its journal."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from lorewright.agents.journal import STEPS, Entry
from lorewright.agents.steering import Decision
from lorewright.storage import Record, Records

KIND, ENTRIES = "agent_run", "agent_entry"
OVER = ("finished", "stopped", "failed")


@dataclass(frozen=True, kw_only=True, slots=True)
class AgentRun:
    """A run: what was asked, how far it is, and what it came to.

    `state` is queued, running, waiting, finished, stopped or failed; `outcome` is what it came to so far,
    `thumb` what somebody thinks of it: up, down or ''.
    """

    id: str
    task: str
    state: str
    owner: str
    created_at: float
    order: Mapping[str, Any]
    outcome: Mapping[str, Any]
    is_stop_wanted: bool
    job: str
    thumb: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.state in OVER

    def to_json(self) -> dict[str, Any]:
        """Return the run as clients see it."""
        return {
            "id": self.id, "object": "agent.run", "task": self.task, "state": self.state,
            "created_at": int(self.created_at), "job": self.job or None,
            "thumb": self.thumb or None,
            **{name: self.order.get(name) for name in ("driver", "mode", "tools", "budget", "schema")},
            **{name: value for name, value in self.outcome.items() if name != "state"},
        }  # fmt: skip


def run_in(record: Record) -> AgentRun:
    """Return the run that a record holds."""
    body = record.body
    return AgentRun(
        id=record.id, task=body["order"]["task"], state=body["state"], owner=record.owner,
        created_at=record.created_at, order=body["order"], outcome=body["outcome"],
        is_stop_wanted=body["is_stop_wanted"], job=body["job"], thumb=body.get("thumb", ""),
    )  # fmt: skip


class RecordJournal:
    """The journal of a run in the database; an entry that was added survives whatever comes."""

    def __init__(self, records: Records, run_id: str) -> None:
        self._records = records
        self._run_id = run_id

    def entries(self) -> Sequence[Entry]:
        """Return everything written down so far."""
        return [dict(record.body) for record in self._records.all(parent=self._run_id)]

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write one entry down."""
        self._records.add(f"entry_{uuid4().hex}", entry, parent=self._run_id)


def decision_on(entries: Sequence[Entry], call_id: str, *, hours: float, now: float) -> Decision | None:
    """Return what was decided on a call, `None` while it waits; what waited too long is denied."""
    for entry in reversed(entries):
        if entry["kind"] == "decision" and entry["call"] == call_id:
            return Decision(bool(entry["approved"]), str(entry.get("reason", "")))
    asked = [entry for entry in entries if entry["kind"] == "approval" and entry["call"] == call_id]
    if asked and now - float(asked[-1]["at"]) > hours * 3600:
        return Decision(
            approved=False, reason=f"Nobody decided within {hours:g} hours: the call was not made."
        )
    return None


_OF_PROMPTS = ("messages", "tools", "options", "sent", "digest")


def without_messages(entry: Entry) -> Entry:
    """Return an entry as clients list it: without the conversation with the driver and passages' texts."""
    hidden = (*_OF_PROMPTS, "chunks") if entry["kind"] in STEPS else ("messages", "chunks")
    shown = {name: value for name, value in entry.items() if name not in hidden}
    if entry.get("chunks"):
        shown["sources"] = [
            {name: chunk[name] for name in ("document_id", "title", "page", "start", "end")}
            for chunk in entry["chunks"]
        ]
    return shown


def clock() -> float:
    """Return the time, in seconds since 1970."""
    return time.time()
