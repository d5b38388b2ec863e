"""An adapter that is trained on another server: handed over, followed, counted; halted with its job."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.amounts import usd_text
from lorewright.errors import Cancelled, EngineError, InvalidExamples, UserError
from lorewright.flows import Style, style_from
from lorewright.flows.arms.refusal_share import refusal_share
from lorewright.jobs import Steps
from lorewright.messages import last_user_turn
from lorewright.models import parse_source
from lorewright.progress import quiet, silent
from lorewright.settings import Settings
from lorewright.tuning import Adapter, Recipe, Row, Run, continuing, recipe_for
from lorewright.tuning.recipe import remote_recipe
from lorewright.tuning.remote.files import tuned_uri
from lorewright.tuning.remote.patience import Patience
from lorewright.tuning.remote.run import RemoteOrder, RemoteRun
from lorewright.tuning.remote.service import TuningService
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.dataset.refusals import fit_refusals_to_examples
from lorewright.workspace.dataset.table import read_table
from lorewright.workspace.domain.kept_shown import keep_shown
from lorewright.workspace.domain.model_key import key_variable, model_key
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.tuned_elsewhere import host_of
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.stopping import sigterm_deferred
from lorewright.workspace.tuning.once import train_once
from lorewright.workspace.tuning.part_fit import shown_in_rows
from lorewright.workspace.tuning.remote_costs import remote_estimate
from lorewright.workspace.tuning.rows import inputs_of_context, rows_in

MAX_SUFFIX = 40
_NUMBERS = re.compile(r"(?i)\b(?:rows?|lines?|examples?)\s+((?:#?\d+(?:\s*,\s*|\s+and\s+)?)+)")
_N_NAMED = 5


def train_elsewhere(
    workspace: Workspace,
    caller: Caller,
    kind: str,
    material: LearningMaterial,
    steps: Steps,
    *,
    start: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the run of one adapter as JSON, trained on the server of `tuning.base` unless it was before.

    `start` is the run to learn further from.
    """
    settings, style = workspace.settings, style_from(material.train, workspace.settings)
    share = refusal_share(material.train, style, configured=settings.tuning.no_gold_share).share
    recipe = recipe_elsewhere(settings, len(material.train), is_continued=start is not None)
    inputs: list[Any] = [kind, material.fingerprint, settings.tuning.base, asdict(recipe), style.fingerprint]
    inputs.append(start["sha256"] if start else "")
    if kind == "context":
        inputs += inputs_of_context(workspace, caller, material, style, share)
    fingerprint = sha256(json.dumps(inputs).encode()).hexdigest()
    return train_once(
        workspace, kind, fingerprint, steps,
        lambda folder: _train(
            workspace, caller, kind, material, steps, folder=folder, fingerprint=fingerprint,
            recipe=recipe, style=style, no_gold_share=share, start=start,
        ),
    )  # fmt: skip


def _train(
    workspace: Workspace,
    caller: Caller,
    kind: str,
    material: LearningMaterial,
    steps: Steps,
    *,
    folder: Path,
    fingerprint: str,
    recipe: Recipe,
    style: Style,
    no_gold_share: float,
    start: Mapping[str, Any] | None,
) -> Run:
    """Return the run of one adapter, trained on the other server now."""
    settings = workspace.settings
    rows, validation = rows_in(
        folder, workspace, caller, material,
        kind=kind, style=style, no_gold_share=no_gold_share, recipe=recipe, steps=steps,
    )  # fmt: skip
    if kind == "context" and readable(workspace, caller).is_all:
        fit_refusals_to_examples(workspace, material, steps)
    steps.say(remote_estimate(workspace, kind, rows, recipe).told(host_of(settings.tuning.base)))
    order = RemoteOrder(
        rows=rows,
        validation=validation,
        recipe=recipe,
        suffix=_suffix(f"{workspace.folder.name}-{kind}"),
        start=parse_source(tuned_uri(Path(start["path"]))).name if start else "",
    )
    run = workspace.runs.begin(kind, fingerprint, recipe, folder)
    try:
        adapter = _followed(workspace, folder, order, steps, f"tuning ({kind}) on another server")
    except InvalidExamples as error:
        workspace.runs.fail(run)
        raise _naming_rows(workspace, error, rows) from error
    except UserError:
        workspace.runs.fail(run)
        raise
    keep_shown(workspace.database, run.id, shown_in_rows(folder))
    return workspace.runs.finish(run, _priced(workspace.settings, adapter, steps))


def recipe_elsewhere(settings: Settings, n_rows: int, *, is_continued: bool) -> Recipe:
    """Return the recipe of a run on another server."""
    recipe = recipe_for(settings.tuning, effort=settings.effort, n_rows=n_rows)
    return remote_recipe(
        continuing(recipe) if is_continued else recipe, parse_source(settings.tuning.base).base_url
    )


def cancel_elsewhere(workspace: Workspace, run: Run) -> None:
    """Cancel the job of an unfinished run on its server, if it has one there."""
    if run.recipe.get("name") == "remote":
        with _remote_run(workspace, Path(run.path), lambda: False) as remote:
            remote.cancel()


def _followed(workspace: Workspace, folder: Path, order: RemoteOrder, steps: Steps, label: str) -> Adapter:
    """Return what came of an order; a cancelled job of ours halts the one on the server."""
    with (
        sigterm_deferred() as ending,
        _remote_run(workspace, folder, ending, steps=steps, label=label) as remote,
    ):
        try:
            return remote.train(order)
        except Cancelled:
            if steps.is_cancelled():  # else the server ends: the job goes on there, and we with it later
                _halt(remote, steps)
            raise


def _halt(remote: RemoteRun, steps: Steps) -> None:
    try:
        steps.say(remote.halt())
    except (EngineError, UserError) as error:
        steps.say(f"The job on the server could not be stopped and goes on there. {error}")


@contextmanager
def _remote_run(
    workspace: Workspace,
    folder: Path,
    stopped: Callable[[], bool],
    *,
    steps: Steps | None = None,
    label: str = "",
) -> Iterator[RemoteRun]:
    settings, source = workspace.settings, parse_source(workspace.settings.tuning.base)
    service = TuningService(
        source.name,
        base_url=source.base_url,
        api_key=model_key(settings, workspace.state_folder, settings.tuning.base),
        key_name=key_variable(settings, settings.tuning.base),
    )
    try:
        yield RemoteRun(
            folder=folder,
            service=service,
            patience=Patience(stopped=stopped),
            say=steps.say if steps else silent,
            progress=steps.progress(label) if steps else quiet,
        )
    finally:
        service.close()


def _suffix(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9-]+", "-", text)[-MAX_SUFFIX:].strip("-")


def _priced(settings: Settings, adapter: Adapter, steps: Steps) -> Adapter:
    """Return the adapter with what its tokens cost, and say it."""
    metrics, price = adapter.metrics, settings.prices.training_million_tokens_usd
    if not metrics.n_tokens:
        steps.say("The server did not say how many tokens it trained on.")
        return adapter
    usd = metrics.n_tokens * price / 1e6 if price else None
    cost = f", {usd_text(usd)} at ${price:g} per million" if usd is not None else ""
    steps.say(f"The server trained on {metrics.n_tokens:,} tokens{cost}.")
    return replace(adapter, metrics=replace(metrics, usd=usd))


def _naming_rows(workspace: Workspace, error: InvalidExamples, rows: Sequence[Row]) -> InvalidExamples:
    """Return the error of a refused file with the rows of ours that it speaks of by their number."""
    numbers = [
        int(number)
        for match in _NUMBERS.finditer(str(error))
        for number in re.findall(r"\d+", match[1])
        if 0 < int(number) <= len(rows)
    ]
    places = {row.answer.strip(): row.key for row in read_table(workspace).of("examples")}
    named = [_name(rows[number - 1], places) for number in dict.fromkeys(numbers)]
    more = f" and {len(named) - _N_NAMED} more" if len(named) > _N_NAMED else ""
    hint = f"Fix or delete: {'; '.join(named[:_N_NAMED])}{more}." if named else error.hint
    return InvalidExamples(str(error), hint=hint or "See these examples with: lorewright data check")


def _name(row: Row, places: Mapping[str, str]) -> str:
    asked = " ".join(last_user_turn(row.messages).split())
    place = places.get(row.completion.strip(), "")
    short = asked if len(asked) <= 60 else f"…{asked[-59:]}"
    return f"{place} ({short!r})" if place else repr(short)
