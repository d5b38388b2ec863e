"""Examples in, adapters out: one on bare prompts, one on retrieved context."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.datasets.closed_answers import closed_answers
from lorewright.errors import InvalidExamples, NoDocuments, NoLabels, TooFewExamples, UnfitBase, UserError
from lorewright.flows import Style, style_from
from lorewright.flows.arms.refusal_share import refusal_share
from lorewright.flows.arms.style import is_classified
from lorewright.jobs import Steps
from lorewright.models import LocalModel
from lorewright.settings import Settings
from lorewright.tuning import Recipe, Run, check_enough, check_fit, continuing, load_trainer, recipe_for
from lorewright.tuning.reader_start import can_start_from_reader, unpack_reader
from lorewright.whole_files import sha256_of
from lorewright.workspace.dataset.fitness import tell_fitness, unread_lines
from lorewright.workspace.dataset.material import LearningMaterial, material_for
from lorewright.workspace.dataset.refusals import fit_refusals_to_examples
from lorewright.workspace.documents.add import sync_documents
from lorewright.workspace.domain.classifiers import CLASSIFIER
from lorewright.workspace.domain.kept_shown import keep_shown
from lorewright.workspace.domain.memory import available_bytes, give_back
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.tuned_elsewhere import is_tuned_elsewhere
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.orders import caller_of
from lorewright.workspace.tuning.classifier import train_classifier
from lorewright.workspace.tuning.elsewhere import train_elsewhere
from lorewright.workspace.tuning.estimate import estimate_run
from lorewright.workspace.tuning.fetch import fetch_tuning_base
from lorewright.workspace.tuning.hour_price import hour_price
from lorewright.workspace.tuning.once import train_once
from lorewright.workspace.tuning.part_fit import shown_in_rows
from lorewright.workspace.tuning.rows import inputs_of_context, rows_in


def tune(workspace: Workspace, order: Mapping[str, Any], steps: Steps) -> dict[str, Any]:
    """Train the adapters the order names and return the run of each, as JSON.

    The order holds `only`, the one adapter to train, or null for all: `bare` learns from the
    examples alone, `classifier` takes its place where their answers are labels, and `context` (where
    there are documents) learns from the examples with what this domain's own retriever finds for
    them. What was trained on the same examples with the same
    recipe is not trained again; an interrupted run continues at its checkpoint.
    """
    caller = caller_of(workspace, order)
    sync_documents(workspace, caller, steps)
    steps.say("Reading examples: removing duplicates and near-duplicates of held-out questions.")
    material = material_for(workspace, caller)
    for mapping in material.mappings:
        steps.say(mapping)
    for line in unread_lines(workspace):
        steps.say(line)
    has_documents = workspace.documents.count(readable(workspace, caller)) > 0
    kinds = (
        [order["only"]]
        if order["only"]
        else adapter_kinds(workspace.settings, material, has_documents=has_documents)
    )
    if order["only"] is None and (line := why_no_classifier(workspace.settings, material)):
        steps.say(line)
    runs = _train_each(workspace, caller, kinds, material, steps)
    for run in runs.values():  # one that was trained before is the one that was asked for now
        workspace.runs.promote(run["id"])
    return {
        "runs": runs,
        "n_examples_read": material.n_examples_read,
        "n_duplicates": material.n_duplicates,
        "n_leaked": len(material.leaked),
        "mappings": list(material.mappings),
    }


def _train_each(
    workspace: Workspace, caller: Caller, kinds: Sequence[str], material: LearningMaterial, steps: Steps
) -> dict[str, dict[str, Any]]:
    """Return the run of each adapter; one that cannot be learned from these examples is told and left out.

    Raises why the first one cannot be learned where none can.
    """
    runs: dict[str, dict[str, Any]] = {}
    refused: list[UserError] = []
    for kind in kinds:
        try:
            runs[kind] = train_adapter(workspace, caller, kind, material, steps)
        except (InvalidExamples, NoLabels, TooFewExamples, UnfitBase) as error:
            refused.append(error)
            if runs:
                steps.say(f"The {kind} adapter is not trained. {error} {error.hint}".strip())
    if refused and not runs:
        raise refused[0]
    return runs


def adapter_kinds(settings: Settings, material: LearningMaterial, *, has_documents: bool) -> list[str]:
    """Return the adapters that the arms of this domain run on."""
    alone = CLASSIFIER if is_classified(material.train, settings.tuning) else "bare"
    return [alone, "context"] if has_documents else [alone]


def why_no_classifier(settings: Settings, material: LearningMaterial) -> str:
    """Return why answers that are nearly labels are not classified, '' where nothing is to be said."""
    if settings.tuning.method != "auto":
        return ""
    closed = closed_answers(material.train)
    return f"{closed.why_not} The arm tuned is a language model." if closed.is_near else ""


@dataclass(frozen=True, slots=True)
class _Plan:
    """Everything that decides what a run learns.

    It starts from the adapter in the folder `init_from`, from the shipped `reader`'s file, or from neither.
    """

    kind: str
    style: Style
    base: LocalModel
    recipe: Recipe
    init_from: Path | None
    reader: Path | None
    no_gold_share: float
    fingerprint: str


def train_adapter(
    workspace: Workspace, caller: Caller, kind: str, material: LearningMaterial, steps: Steps
) -> dict[str, Any]:
    """Return the run of one adapter as JSON, trained now unless it was before.

    It learns from the documents that the caller may read.
    """
    if kind == CLASSIFIER:
        tell_fitness(workspace, material, steps, is_classified=True)
        return train_classifier(workspace, material, steps)
    if kind == "context" and workspace.documents.count(readable(workspace, caller)) == 0:
        raise NoDocuments(
            "The context adapter is trained with retrieved documents, but there are none.",
            hint="Add documents with: lorewright add --sync",
        )
    check_enough(len(material.train), workspace.settings.tuning.min_examples)
    tell_fitness(workspace, material, steps, is_classified=False)
    if is_tuned_elsewhere(workspace.settings.tuning):
        bare = train_adapter(workspace, caller, "bare", material, steps) if kind == "context" else None
        return train_elsewhere(workspace, caller, kind, material, steps, start=bare)
    plan = _plan(workspace, caller, kind, material, steps)
    return train_once(
        workspace, kind, plan.fingerprint, steps,
        lambda folder: _train(workspace, caller, plan, folder, material, steps),
    )  # fmt: skip


def _train(
    workspace: Workspace, caller: Caller, plan: _Plan, folder: Path, material: LearningMaterial, steps: Steps
) -> Run:
    """Return the run of one adapter, trained in its folder now."""
    kind = plan.kind
    # What is missing is told before the long part.
    trainer = load_trainer(plan.recipe.trainer, workspace.settings.tuning, free_memory=available_bytes)
    init_from = plan.init_from
    if plan.reader:
        steps.say(
            "The context adapter starts from the reader, which is already trained to answer from texts."
        )
        init_from = unpack_reader(plan.reader, base=plan.base.path, folder=folder)
    rows, validation = rows_in(
        folder, workspace, caller, material,
        kind=kind, style=plan.style, no_gold_share=plan.no_gold_share, recipe=plan.recipe, steps=steps,
    )  # fmt: skip
    takes = estimate_run(workspace, kind, rows, plan.recipe, plan.base.path)
    if told := takes.told(hour_price(workspace)):
        steps.say(told)
    if kind == "context" and readable(workspace, caller).is_all:
        fit_refusals_to_examples(workspace, material, steps)
    workspace.close_engines()  # their memory and threads are the trainer's now
    check_fit(
        rows, plan.recipe, base=plan.base.path, available_bytes=available_bytes(),
        tuning=workspace.settings.tuning,
    )  # fmt: skip
    run = workspace.runs.begin(kind, plan.fingerprint, plan.recipe, folder)
    try:
        adapter = trainer.train(
            rows,
            validation=validation,
            recipe=plan.recipe,
            base=plan.base.path,
            folder=folder,
            init_from=init_from,
            progress=steps.progress(f"tuning ({kind})"),
            say=steps.say,
        )
    except UserError:
        workspace.runs.fail(run)
        raise
    give_back()
    keep_shown(workspace.database, run.id, shown_in_rows(folder))
    return workspace.runs.finish(run, adapter)


def reader_to_start_from(workspace: Workspace, recipe: Recipe) -> Path | None:
    """Return the shipped reader's file where the context adapter can start from it."""
    is_its_base = workspace.tuning_base() == workspace.settings.models.chat
    return workspace.reader.path if is_its_base and can_start_from_reader(recipe) else None


def _plan(workspace: Workspace, caller: Caller, kind: str, material: LearningMaterial, steps: Steps) -> _Plan:
    style = style_from(material.train, workspace.settings)
    base = fetch_tuning_base(workspace, steps)
    recipe = recipe_for(
        workspace.settings.tuning, effort=workspace.settings.effort, n_rows=len(material.train)
    )
    init_from, reader = None, reader_to_start_from(workspace, recipe) if kind == "context" else None
    if reader is None and kind == "context" and recipe.name != "full":
        # The form is learned on short prompts, three to five times cheaper; what is left to learn
        # is to read the context.
        bare = train_adapter(workspace, caller, "bare", material, steps)
        init_from = Path(bare["path"]).parent / "adapter"
        recipe = continuing(recipe)
    refusing = refusal_share(material.train, style, configured=workspace.settings.tuning.no_gold_share)
    if kind == "context" and refusing.warning:
        steps.say(refusing.warning)
    inputs = [
        kind,
        material.fingerprint,
        base.sha256,
        asdict(recipe),
        style.fingerprint,
        init_from is not None,
    ]
    if kind == "context":
        inputs += inputs_of_context(workspace, caller, material, style, refusing.share)
    if reader:
        inputs.append(sha256_of(reader))
    fingerprint = sha256(json.dumps(inputs).encode()).hexdigest()
    return _Plan(kind, style, base, recipe, init_from, reader, refusing.share, fingerprint)
