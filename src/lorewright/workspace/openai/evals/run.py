"""A run of an evaluation, as a durable job: each row is asked and graded once, whatever happens."""

from collections.abc import Iterable, Mapping
from contextlib import closing, suppress
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from lorewright.access import Caller
from lorewright.errors import Cancelled, NotAllowed, NotFound
from lorewright.evaluation.graders import Grader
from lorewright.evaluation.openai_evals.data_source import DataSource
from lorewright.jobs import Job, Steps
from lorewright.storage import Record, Records
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import throttled
from lorewright.workspace.openai.evals.items import Source, measure_row
from lorewright.workspace.openai.evals.models import EvalModels
from lorewright.workspace.openai.evals.rows import read_rows
from lorewright.workspace.server.server import Server

KIND = "eval-run"
RUNS, ITEMS = "eval_run", "eval_output_item"
_SOURCE: TypeAdapter[Source] = TypeAdapter(DataSource)
_GRADERS: TypeAdapter[list[Grader]] = TypeAdapter(list[Grader])


def run_evaluation(server: Server, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Measure every row of a run; return how many passed, failed and could not be measured.

    A run that is canceled ends at the row it is at.
    """
    run = _set(server.records(RUNS), str(order["run_id"]), "in_progress", error=None)
    if run is None:
        return {}
    items = _measure(server, run, steps)
    done = _set(server.records(RUNS), run.id, "completed", **tally(items))
    return dict(done.body["result_counts"]) if done else {}


def in_worker(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Measure a run in a process of its own, with engines of its own."""
    with closing(Server(workspace.folder, is_repeatable=True)) as server:
        return run_evaluation(server, order, steps)


def after(workspace: Workspace, job: Job) -> None:
    """Let a run fail whose job failed."""
    if job.state == "failed":
        error = {"code": job.error["type"], "message": f"{job.error['message']} {job.error['hint']}".strip()}
        _set(Records(workspace.database, RUNS), str(job.order["run_id"]), "failed", error=error)


def tally(items: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the counts of all items together, by grader, and the tokens by model."""
    counts = {"passed": 0, "failed": 0, "errored": 0}
    by_grader: dict[int, dict[str, Any]] = {}
    by_model: dict[str, dict[str, int]] = {}
    for item in items:
        counts[{"pass": "passed", "fail": "failed"}.get(item["status"], "errored")] += 1
        for index, result in enumerate(item["results"]):
            empty = {"testing_criteria": result["name"], "passed": 0, "failed": 0}
            counted = by_grader.setdefault(index, empty)
            counted["passed" if result["passed"] else "failed"] += 1
        for model, usage in item["usage"].items():
            total = by_model.setdefault(model, dict.fromkeys(usage, 0))
            for name, count in usage.items():
                total[name] += count
    return {
        "result_counts": {"total": sum(counts.values()), **counts},
        "per_testing_criteria_results": list(by_grader.values()),
        "per_model_usage": [{"model_name": model, **usage} for model, usage in by_model.items()],
    }


def _measure(server: Server, run: Record, steps: Steps) -> list[dict[str, Any]]:
    caller = _key_of(server, run)
    source = _SOURCE.validate_python(run.body["data_source"])
    graders = _GRADERS.validate_python(run.body["testing_criteria"])
    rows = steps.once("rows", lambda: read_rows(server, caller, source, run.body["item_schema"]))
    is_over = throttled(lambda: not _is_wanted(server.records(RUNS), run.id))
    models = EvalModels(server, caller, stopped=is_over)
    progress, items = steps.progress("rows"), []
    for place, row in enumerate(rows):
        if not _is_wanted(server.records(RUNS), run.id):
            break
        measure = partial(measure_row, row, source, graders, models)
        try:
            item = steps.once(f"row {place}", measure)
        except Cancelled:
            break
        _keep(server, run, place, row, item)
        items.append(item)
        progress(place + 1, len(rows))
    return items


def _keep(server: Server, run: Record, place: int, row: Mapping[str, Any], item: Mapping[str, Any]) -> None:
    """Save what came of a row, unless the worker before came to that, or nobody wants it any more."""
    items, item_id = server.records(ITEMS), f"outputitem_{run.id.removeprefix('evalrun_')}_{place}"
    if items.find(item_id) is None and _is_wanted(server.records(RUNS), run.id):
        body = {"datasource_item_id": place, "datasource_item": row["item"], **item}
        items.add(item_id, body, parent=run.id, owner=run.owner, label=item["status"])


def _key_of(server: Server, run: Record) -> Caller:
    caller = server.keys.find(run.owner)
    if caller is None:
        raise NotAllowed("The key that created this run is no longer valid.", hint="Start a new run.")
    return caller


def _is_wanted(runs: Records, run_id: str) -> bool:
    """Return whether a run was neither canceled nor deleted."""
    run = runs.find(run_id)
    return run is not None and run.label != "canceled"


def _set(runs: Records, run_id: str, status: str, **values: Any) -> Record | None:
    """Return the run with another status; `None` for one that was canceled or deleted."""

    def change(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] == "canceled":
            raise Cancelled("The run was canceled.")
        return {**body, "status": status, **values}

    with suppress(Cancelled, NotFound):
        return runs.change(run_id, change, label=status)
    return None
