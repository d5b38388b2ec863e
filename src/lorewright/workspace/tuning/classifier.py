"""The classifier of a domain, trained on its examples in seconds."""

import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import ClosedAnswers, closed_answers
from lorewright.errors import NoLabels, UserError
from lorewright.jobs import Steps
from lorewright.knowledge.language import language_in
from lorewright.models import EmbeddingModel
from lorewright.models.embedders import E5_SOURCE
from lorewright.peak_memory import peak_bytes
from lorewright.settings import AUTOMATIC_MODEL
from lorewright.tuning import Adapter, Recipe, Run, TrainingMetrics
from lorewright.tuning.classifier.told import told
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.domain.classifiers import CLASSIFIER
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.tuning.once import train_once

FILE = "classifier.safetensors"
_VERSION = 1
_N_READ_FOR_LANGUAGE = 200
_CHARACTERS_PER_TOKEN = 2
_N_SHOWN = 3


def train_classifier(workspace: Workspace, material: LearningMaterial, steps: Steps) -> dict[str, Any]:
    """Return the run of the classifier as JSON, trained now unless it was before on the same examples.

    Raises `NoLabels` where the answers are not chosen from closed sets, `TooFewExamples`.
    """
    answers = _answers(material.examples)
    embedder = _embedder_for(workspace, material.examples, steps)
    fingerprint = _fingerprint(workspace, material, embedder)
    return train_once(
        workspace, CLASSIFIER, fingerprint, steps,
        lambda folder: _train(workspace, material, answers, embedder, folder, fingerprint, steps),
    )  # fmt: skip


def _train(
    workspace: Workspace,
    material: LearningMaterial,
    answers: ClosedAnswers,
    embedder: EmbeddingModel,
    folder: Path,
    fingerprint: str,
    steps: Steps,
) -> Run:
    for line in _remarks(material.examples, answers, embedder):
        steps.say(line)
    recipe = Recipe(name="classifier", trainer="classifier", epochs=0.0, seed=workspace.settings.tuning.seed)
    run = workspace.runs.begin(CLASSIFIER, fingerprint, recipe, folder)
    try:
        adapter = _fit(workspace, material.examples, answers, embedder, folder, steps)
    except UserError:
        workspace.runs.fail(run)
        raise
    return workspace.runs.finish(run, adapter)


def _answers(examples: Sequence[Example]) -> ClosedAnswers:
    closed = closed_answers(examples, is_forced=True)
    if closed.answers is None:
        raise NoLabels(
            f"A classifier needs labels to choose from. {closed.why_not}",
            hint='Set method = "lora" under [tuning].',
        )
    return closed.answers


def _embedder_for(workspace: Workspace, examples: Sequence[Example], steps: Steps) -> EmbeddingModel:
    """Return the model of the domain, or the multilingual one where examples are not in English."""
    texts = [example.question for example in examples[:_N_READ_FOR_LANGUAGE]]
    languages = Counter(language for text in texts if (language := language_in(text)))
    is_other = 2 * languages["English"] < languages.total()
    if workspace.settings.models.embedding == AUTOMATIC_MODEL and is_other:
        workspace.store.pull(E5_SOURCE, progress=steps.progress(f"downloading {E5_SOURCE}"), say=steps.say)
        multilingual = workspace.find_multilingual()
        if multilingual is not None:
            return multilingual
    return workspace.embedder


def _fingerprint(workspace: Workspace, material: LearningMaterial, embedder: EmbeddingModel) -> str:
    refusals = sorted(example.identity for example in material.examples if not example.answerable)
    tuning = workspace.settings.tuning
    parts = [_VERSION, material.fingerprint, refusals, embedder.name, tuning.max_examples, tuning.seed]
    return sha256(json.dumps(parts).encode()).hexdigest()


def _fit(
    workspace: Workspace,
    examples: Sequence[Example],
    answers: ClosedAnswers,
    embedder: EmbeddingModel,
    folder: Path,
    steps: Steps,
) -> Adapter:
    from lorewright.tuning.classifier.fit import MOST_EXAMPLES, fit_classifier
    from lorewright.tuning.classifier.trained import save_classifier

    tuning, started, cpu_started = workspace.settings.tuning, time.perf_counter(), time.process_time()
    embed = workspace.cached_embedder if embedder is workspace.embedder else embedder.embed
    fitted = fit_classifier(
        examples,
        answers,
        embed,
        most_examples=tuning.max_examples or MOST_EXAMPLES,
        seed=tuning.seed,
        progress=steps.progress("training the classifier"),
    )
    if fitted.n_left_out:
        steps.say(
            f"Learning from {len(fitted.example_ids):,} examples, as many of each label as there is room "
            f"for; {fitted.n_left_out:,} are left out (tuning.max_examples)."
        )
    if fitted.n_unusable:
        steps.say(f"{fitted.n_unusable:,} examples without a label or a question are left out.")
    path = folder / FILE
    heads = tuple(one.to_json() for one in fitted.validations)
    content = save_classifier(fitted, path, embedding=embedder.name)
    for line in told(heads):
        steps.say(f"Classifier: {line}")
    metrics = TrainingMetrics(
        losses=(),
        step_tokens=(),
        validation_loss_before=None,
        validation_loss=None,
        n_rows=len(fitted.example_ids),
        n_validation_rows=0,
        n_rows_too_long=0,
        n_tokens=0,
        n_completion_tokens=0,
        precision="float32",
        seconds=time.perf_counter() - started,
        cpu_seconds=time.process_time() - cpu_started,
        peak_bytes=peak_bytes(),
        heads=heads,
    )
    return Adapter(kind="classifier", path=path, folder=folder, sha256=content, metrics=metrics)


def _remarks(examples: Sequence[Example], answers: ClosedAnswers, embedder: EmbeddingModel) -> Iterator[str]:
    """Yield what is to be known of the examples."""
    fields = [field.name for field in answers.chosen]
    what = f"values of {', '.join(fields)}" if answers.is_json else "labels"
    yield (
        f"The answers are {what}: the arm tuned is a classifier on {embedder.name}, not a language model. "
        'For a LoRA, set method = "lora" under [tuning].'
    )
    for ways in answers.merged[:_N_SHOWN]:
        yield f"Written in several ways, taken as one label: {', '.join(map(repr, ways))}."
    for field in answers.chosen:
        counts = Counter(
            keys[field.name] for one in examples if (keys := answers.keys_in(one.completion)) is not None
        )
        rare = [str(value) for value, key in zip(field.values, field.keys, strict=True) if counts[key] == 1]
        if rare:
            more = f" and {len(rare) - _N_SHOWN} more" if len(rare) > _N_SHOWN else ""
            yield f"Labels with a single example, seldom told right: {', '.join(rare[:_N_SHOWN])}{more}."
    long = [one for one in examples if len(one.question) > _CHARACTERS_PER_TOKEN * embedder.max_tokens]
    n_long = sum(len(embedder.token_offsets(one.question)) > embedder.max_tokens for one in long[:1000])
    if n_long:
        yield (
            f"{n_long} examples are longer than {embedder.name} reads ({embedder.max_tokens} tokens): "
            "only their beginning counts."
        )
