"""The rows that an adapter learns from: made once, then read back from its run's folder."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.datasets import Example
from lorewright.flows import Style, training_rows
from lorewright.flows.arms.moved_dates import ask_on_one_day
from lorewright.flows.arms.refusal_share import USUAL_SHARE
from lorewright.jobs import Steps
from lorewright.tuning import Recipe, Row
from lorewright.whole_files import rewrite_rows
from lorewright.workspace.dataset.material import LearningMaterial
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.tuning.estimate import read_rows
from lorewright.workspace.tuning.part_fit import ROWS, shown_to_learn


def rows_in(
    folder: Path,
    workspace: Workspace,
    caller: Caller,
    material: LearningMaterial,
    *,
    kind: str,
    style: Style,
    no_gold_share: float,
    recipe: Recipe,
    steps: Steps,
) -> tuple[list[Row], list[Row]]:
    """Return the rows to learn from and to validate on, as many as the recipe takes.

    They are drawn before anything is retrieved for them: 100,000 examples cost no more than those taken.
    """
    retriever = workspace.searchable_by(readable(workspace, caller)) if kind == "context" else None

    if retriever is not None:
        style = replace(style, asks_on_one_day=ask_on_one_day(material.train))
        if workspace.settings.tuning.shown == "auto":
            shown = shown_to_learn(folder, material.train, style=style, retriever=retriever, steps=steps)
            style = replace(style, shown=shown)

    def made(examples: Sequence[Example]) -> list[Row]:
        return training_rows(
            examples,
            style=style,
            retriever=retriever,
            no_gold_share=no_gold_share,
            seed=workspace.settings.tuning.seed,
            progress=steps.progress("retrieving context for examples"),
        )

    if style.asks_on_one_day:
        steps.say(
            "All questions name the same day: half of the rows have all their dates moved by the same years, "
            "so that answers are learned to hold on other days too."
        )
    train: Sequence[Example] = material.train
    if len(train) > recipe.max_rows:
        steps.say(
            f"Training on {recipe.max_rows:,} of {len(train):,} examples, drawn at random "
            "(tuning.max_examples, effort)."
        )
        train = random.Random(recipe.seed).sample(train, recipe.max_rows)  # noqa: S311 - not a secret
    paths = [folder / ROWS, folder / "validation.jsonl"]
    parts: list[list[Row]] = []
    for path, examples in zip(paths, (train, material.validation[: recipe.max_validation_rows]), strict=True):
        if not path.exists():
            _save_rows(path, made(examples))
        parts.append(read_rows(path))
    return parts[0], parts[1]


def inputs_of_context(
    workspace: Workspace, caller: Caller, material: LearningMaterial, style: Style, no_gold_share: float
) -> list[Any]:
    """Return what decides which rows with retrieved chunks an adapter learns, besides what examples say."""
    is_usual = no_gold_share == (0.0 if style.has_own_refusals else USUAL_SHARE)
    inputs: list[Any] = [] if is_usual else [no_gold_share]
    labels = sorted(
        [example.identity, *sorted(example.document_ids), str(example.answerable)]
        for example in material.examples
        if example.document_ids or not example.answerable
    )
    inputs += [labels] if labels else []
    inputs += ["dates are moved"] if ask_on_one_day(material.train) else []
    inputs += ["whole chunks"] if workspace.settings.tuning.shown == "chunks" else []
    allowed = readable(workspace, caller)
    if not allowed.is_all:  # what was found for others is not learned from
        inputs.append([allowed.has_rest, sorted(allowed.restricted), sorted(allowed.opened)])
    return inputs


def _save_rows(path: Path, rows: Sequence[Row]) -> None:
    every = [
        {"messages": [message.to_json() for message in row.messages], "completion": row.completion}
        for row in rows
    ]
    rewrite_rows(path, lambda _: every)
