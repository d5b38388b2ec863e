"""Evaluations that clients define: what an item looks like, what is a pass, and runs of them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from pydantic import TypeAdapter

from lorewright.access import Caller
from lorewright.errors import BadParameter, Busy, UserError
from lorewright.evaluation.graders import Grader, Multi
from lorewright.evaluation.openai_evals.data_source import (
    Completions,
    FileContent,
    FileId,
    Jsonl,
    Responses,
    StoredCompletions,
    StoredResponses,
)
from lorewright.evaluation.openai_evals.item_schema import UnfitItem, check_schema
from lorewright.storage import Record
from lorewright.workspace.answering.served_models import find_served
from lorewright.workspace.collections.files import own_file
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.openai.evals.items import Source
from lorewright.workspace.openai.evals.rows import check_rows
from lorewright.workspace.openai.evals.run import ITEMS, KIND, RUNS
from lorewright.workspace.server.metadata import checked_metadata
from lorewright.workspace.server.server import Server
from lorewright.workspace.server.visible_records import get_owned

EVALS = "eval"
OVER = ("completed", "failed", "canceled")
_NOTHING = {
    "result_counts": {"total": 0, "passed": 0, "failed": 0, "errored": 0},
    "per_testing_criteria_results": [],
    "per_model_usage": [],
}  # fmt: skip
_GRADERS: TypeAdapter[list[Grader]] = TypeAdapter(list[Grader])


def create_eval(
    server: Server,
    caller: Caller,
    *,
    name: str,
    metadata: Mapping[str, Any] | None,
    config: Mapping[str, Any],
    graders: Sequence[Grader],
) -> Record:
    """Return the new evaluation; raise where a grader asks a model that is not there."""
    caller.need("evaluate")
    if config["type"] != "custom":
        raise BadParameter(
            "data_source_config.type",
            f"{config['type']} is not supported. Use custom; a run can read stored answers "
            "(source type responses or stored_completions) or samples of the items.",
        )
    try:
        check_schema(config.get("item_schema", {}))
    except UnfitItem as error:
        raise BadParameter("data_source_config.item_schema", str(error)) from error
    for place, grader in enumerate(graders):
        check_grader(server, caller, grader, f"testing_criteria.{place}")
    record = server.records(EVALS).add(
        f"eval_{uuid4().hex}",
        {
            "name": name, "metadata": checked_metadata(metadata), "data_source_config": dict(config),
            "testing_criteria": [grader.model_dump(mode="json", exclude_none=True) for grader in graders],
        },
        owner=caller.id,
    )  # fmt: skip
    audit(server.workspace, caller, Act.EVAL_CREATED, record.id, name=name)
    return record


def check_grader(server: Server, caller: Caller, grader: Grader, param: str) -> None:
    """Raise `BadParameter` for a grader that asks a model which is not there or not for this key."""
    parts = grader.graders.values() if isinstance(grader, Multi) else [grader]
    for part in parts:
        if model := getattr(part, "model", None):
            check_model(server, caller, model, f"{param}.model")


def check_model(server: Server, caller: Caller, model: str, param: str) -> None:
    """Raise `BadParameter` for a model which is not there or not for this key, `NotAllowed` without chat."""
    caller.need("chat")
    try:
        find_served(server, model, caller)
    except UserError as error:
        raise BadParameter(param, f"{error} {error.hint}".strip(), code="model_not_found") from error


def change_eval(
    server: Server, caller: Caller, eval_id: str, *, name: str | None, metadata: Mapping[str, Any] | None
) -> Record:
    """Return the evaluation with another name, other metadata, or both; what is measured stays as it is."""
    caller.need("evaluate")
    get_owned(server.records(EVALS), eval_id, caller)
    changes: dict[str, Any] = {"name": name} if name is not None else {}
    if metadata is not None:
        changes["metadata"] = checked_metadata(metadata)
    changed = server.records(EVALS).change(eval_id, lambda body: {**body, **changes})
    audit(server.workspace, caller, Act.EVAL_CHANGED, eval_id, changed=sorted(changes))
    return changed


def delete_eval(server: Server, caller: Caller, eval_id: str) -> None:
    """Remove an evaluation with its runs; those under way end."""
    caller.need("evaluate")
    get_owned(server.records(EVALS), eval_id, caller)
    for run in server.records(RUNS).all(parent=eval_id):
        _remove_run(server, run)
    server.records(EVALS).remove(eval_id)
    audit(server.workspace, caller, Act.EVAL_REMOVED, eval_id)


def begin_run(
    server: Server,
    caller: Caller,
    eval_id: str,
    *,
    name: str,
    metadata: Mapping[str, Any] | None,
    source: Source,
) -> Record:
    """Return the new run of an evaluation, which goes on in the background."""
    caller.need("evaluate")
    evaluation = get_owned(server.records(EVALS), eval_id, caller)
    schema = evaluation.body["data_source_config"].get("item_schema", {})
    _check_source(server, caller, source, schema)
    criteria = evaluation.body["testing_criteria"]
    for place, grader in enumerate(_GRADERS.validate_python(criteria)):
        check_grader(server, caller, grader, f"testing_criteria.{place}")
    body = {
        "name": name, "metadata": checked_metadata(metadata), "model": getattr(source, "model", None) or "",
        "data_source": source.model_dump(mode="json", exclude_unset=True), "item_schema": schema,
        "testing_criteria": criteria, "status": "queued", "error": None, **_NOTHING,
    }  # fmt: skip
    run_id = f"evalrun_{uuid4().hex}"
    run = server.records(RUNS).add(run_id, body, parent=eval_id, owner=caller.id, label="queued")
    server.start(KIND, {"run_id": run_id})
    audit(server.workspace, caller, Act.EVAL_RUN_CREATED, run_id, eval=eval_id)
    return run


def cancel_run(server: Server, caller: Caller, eval_id: str, run_id: str) -> Record:
    """Return the run, canceled: it ends at the row it is at, and the items it has stay."""
    caller.need("evaluate")
    run = get_owned(server.records(RUNS), run_id, caller, parent=eval_id)

    def cancel(body: dict[str, Any]) -> dict[str, Any]:
        if body["status"] in OVER:
            raise Busy(f"The run {run_id} is {body['status']} and cannot be canceled.")
        return {**body, "status": "canceled", "result_counts": counts_of(server, run_id)}

    cancelled = server.records(RUNS).change(run.id, cancel, label="canceled")
    audit(server.workspace, caller, Act.EVAL_RUN_CANCELLED, run_id)
    return cancelled


def delete_run(server: Server, caller: Caller, eval_id: str, run_id: str) -> None:
    """Remove a run with its items; one that is under way ends."""
    caller.need("evaluate")
    _remove_run(server, get_owned(server.records(RUNS), run_id, caller, parent=eval_id))
    audit(server.workspace, caller, Act.EVAL_RUN_REMOVED, run_id)


def counts_of(server: Server, run_id: str) -> dict[str, int]:
    """Return how many items of a run passed, failed and could not be measured until now."""
    items = server.records(ITEMS)
    labels = {"passed": "pass", "failed": "fail", "errored": "error"}
    counts = {name: items.count(parent=run_id, label=label) for name, label in labels.items()}
    return {"total": sum(counts.values()), **counts}


def _remove_run(server: Server, run: Record) -> None:
    server.records(RUNS).remove(run.id)
    server.records(ITEMS).remove_all(parent=run.id)


def _check_source(server: Server, caller: Caller, source: Source, schema: Mapping[str, Any]) -> None:
    given = source.source
    if isinstance(given, FileContent):
        check_rows(given.content, schema)
    elif isinstance(given, FileId):
        own_file(server, caller, given.id)
    else:
        caller.need("chat")
    is_answered = isinstance(given, StoredCompletions | StoredResponses)
    if isinstance(source, Jsonl) or (is_answered and source.input_messages is None):
        return
    _check_asking(source)
    if source.model is not None:
        check_model(server, caller, source.model, "data_source.model")


def _check_asking(source: Completions | Responses) -> None:
    """Raise `BadParameter` where it is not clear whether, or what, a model is to be asked."""
    if source.input_messages is not None and source.model is None:
        raise BadParameter("data_source.model", "input_messages requires a model.")
    if source.input_messages is None:
        raise BadParameter(
            "data_source.input_messages",
            "input_messages is required when the model is to be called. "
            "If the file already contains samples, use a data source of type jsonl.",
        )
    try:
        source.sampling_params.options()
    except UserError as error:
        raise BadParameter("data_source.sampling_params.tools", str(error)) from error
