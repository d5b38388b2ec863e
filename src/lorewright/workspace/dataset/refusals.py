"""From which answerability on this domain's questions are answered: fitted to its own examples."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from lorewright.datasets import Example
from lorewright.evaluation.refusal_threshold import threshold_for_examples
from lorewright.flows import Style, style_from
from lorewright.jobs import Steps
from lorewright.knowledge.answerable import hits_answerability
from lorewright.knowledge.verdict import can_judge
from lorewright.models import Judge
from lorewright.settings import AUTOMATIC
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.material import REMEMBERED, LearningMaterial
from lorewright.workspace.domain.judge import find_judge
from lorewright.workspace.domain.kept_shown import latest_shown
from lorewright.workspace.domain.workspace import Workspace

N_ANSWERABLE, N_REFUSING = 80, 40
"""Examples that are read, at most: some ten CPU-seconds."""


def style_of(workspace: Workspace, material: LearningMaterial) -> Style:
    """Return how the domain speaks, refuses and is shown documents, as was fitted to its examples."""
    style = replace(style_from(material.train, workspace.settings), shown=latest_shown(workspace))
    fitted = _read(_path(workspace)).get("min_answerability")
    if workspace.settings.retrieval.min_answerability != AUTOMATIC or fitted is None:
        return style
    return replace(style, retrieval=replace(style.retrieval, min_answerability=float(fitted)))


def fit_refusals_to_examples(workspace: Workspace, material: LearningMaterial, steps: Steps) -> None:
    """Fit the threshold to a sample of the examples, unless it is, and say what it is now.

    Nothing is fitted where it is set, where there is no judge or no document, or with few examples.
    """

    def fit_once() -> str:
        line = _fit(workspace, material)
        if line:
            steps.say(line)
        return line

    steps.once("refusals", fit_once)


def _fit(workspace: Workspace, material: LearningMaterial) -> str:
    judge = find_judge(workspace.settings).judge
    states = workspace.documents.states()
    if workspace.settings.retrieval.min_answerability != AUTOMATIC or judge is None or not states:
        return ""
    parts = [
        material.fingerprint,
        judge.name,
        workspace.settings.in_prompt.n_kept,
        sorted(map(str, states.items())),
    ]
    key, path = sha256(json.dumps(parts).encode()).hexdigest(), _path(workspace)
    if _read(path).get("key") == key:
        return ""
    draw = random.Random(workspace.settings.tuning.seed)  # noqa: S311 - a sample, not a secret
    answering = [example for example in material.train if example.answerable]
    refusing = [example for example in material.train if not example.answerable]
    answerable = _scores(workspace, draw.sample(answering, min(N_ANSWERABLE, len(answering))), judge)
    unanswerable = _scores(workspace, draw.sample(refusing, min(N_REFUSING, len(refusing))), judge)
    usual = workspace.settings.retrieval.usual_min_answerability
    fitted = threshold_for_examples(answerable, unanswerable, usual=usual)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, json.dumps({"key": key, "min_answerability": fitted}))
    if fitted is None or fitted == usual:
        return ""
    n_read = len(answerable) + len(unanswerable)
    return f"Refusals: retrieval.min_answerability is {fitted:.2f}, fitted to {n_read} examples."


def _scores(workspace: Workspace, examples: Sequence[Example], judge: Judge) -> list[float]:
    """Return the answerability of what is retrieved for each example, as the check of answers reads it."""
    collection, scores = workspace.collection, []
    for example in examples:
        question = " ".join([turn.content for turn in example.turns if turn.role == "user"][-2:])
        if can_judge(question):
            hits = collection.search(question, n=workspace.settings.in_prompt.n_kept)
            scores.append(hits_answerability(question, hits, judge, likeness=collection.likeness))
    return scores


def _path(workspace: Workspace) -> Path:
    return workspace.state_folder / REMEMBERED / "refusals.json"


def _read(path: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
