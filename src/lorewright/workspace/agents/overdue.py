"""Runs that wait for a person who does not come: after `approval_hours` they go on without the call."""

from lorewright.access import Caller
from lorewright.agents.outcome import pending_approvals
from lorewright.workspace.agents.perform import entries_of
from lorewright.workspace.agents.records import KIND, clock, decision_on, run_in
from lorewright.workspace.agents.runs import begin_round
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import owner_of


def go_on_overdue(server: Server, caller: Caller) -> list[str]:
    """Let every run of the caller's go on whose calls have all waited too long, and return their ids.

    The calls count as denied: they are not made, and the agent is told why.
    """
    caller.need("chat")
    hours, begun = server.workspace.settings.agent.approval_hours, []
    for record in server.records(KIND).all(owner=owner_of(caller), label="waiting"):
        entries = entries_of(server, record.id)
        waiting = pending_approvals(entries)
        is_overdue = all(decision_on(entries, one.call_id, hours=hours, now=clock()) for one in waiting)
        if run_in(record).state == "waiting" and is_overdue:
            begin_round(server, record.id)
            begun.append(record.id)
    return begun
