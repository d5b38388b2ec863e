"""Evaluations, their runs and what came of every item, as callers see them: their own."""

from collections.abc import Mapping
from typing import Literal

from lorewright.access import Caller
from lorewright.storage import Order, Page, Record
from lorewright.workspace.openai.evals.evals import EVALS, counts_of
from lorewright.workspace.openai.evals.run import ITEMS, RUNS
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned, owner_of, page_of


def list_evals(
    server: Server,
    caller: Caller,
    *,
    limit: int = 20,
    after: str = "",
    order: Order = "asc",
    order_by: Literal["created_at", "updated_at"] = "created_at",
) -> Page:
    """Return a page of evaluations, in the order in which they were made or changed last."""
    caller.need("evaluate")
    evals, owner = server.records(EVALS), owner_of(caller)
    if order_by == "created_at":
        return evals.page(owner=owner, limit=limit, after=after, order=order)
    by_change = sorted(evals.all(owner=owner), key=lambda record: record.updated_at)
    return page_of(by_change, limit=limit, after=after, order=order)


def find_eval(server: Server, caller: Caller, eval_id: str) -> Record:
    """Return an evaluation; raise `NotFound` for one that is not there or another's."""
    caller.need("evaluate")
    return get_owned(server.records(EVALS), eval_id, caller)


def list_runs(
    server: Server,
    caller: Caller,
    eval_id: str,
    *,
    status: str | None = None,
    limit: int = 20,
    after: str = "",
    order: Order = "asc",
) -> Page:
    """Return a page of the runs of an evaluation."""
    find_eval(server, caller, eval_id)
    return server.records(RUNS).page(
        parent=eval_id, owner=owner_of(caller), label=status, limit=limit, after=after, order=order
    )


def find_run(server: Server, caller: Caller, eval_id: str, run_id: str) -> Record:
    """Return a run of an evaluation; raise `NotFound` for one that is not there or another's."""
    caller.need("evaluate")
    return get_owned(server.records(RUNS), run_id, caller, parent=eval_id)


def counts_so_far(server: Server, caller: Caller, run: Record) -> Mapping[str, int]:
    """Return how many items of a run passed, failed and could not be measured until now."""
    find_run(server, caller, run.parent, run.id)
    return counts_of(server, run.id)


def list_items(
    server: Server,
    caller: Caller,
    eval_id: str,
    run_id: str,
    *,
    status: str | None = None,
    limit: int = 20,
    after: str = "",
    order: Order = "asc",
) -> Page:
    """Return a page of what came of the items of a run, in their order."""
    run = find_run(server, caller, eval_id, run_id)
    return server.records(ITEMS).page(parent=run.id, label=status, limit=limit, after=after, order=order)


def all_items(server: Server, caller: Caller, eval_id: str, run_id: str) -> list[Record]:
    """Return what came of every item of a run, in their order."""
    return server.records(ITEMS).all(parent=find_run(server, caller, eval_id, run_id).id)


def find_item(server: Server, caller: Caller, eval_id: str, run_id: str, item_id: str) -> Record:
    """Return what came of one item; raise `NotFound` where the run has none of this id."""
    run = find_run(server, caller, eval_id, run_id)
    return get_owned(server.records(ITEMS), item_id, caller, parent=run.id)
