"""What there is to learn from and to measure on: examples and held-out questions, kept apart."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from lorewright.datasets import Example, deduplicate, near_duplicates, read_examples, split
from lorewright.evaluation import Question, held_out_texts, questions_from, read_questions
from lorewright.workspace.workspace import Workspace

VALIDATION_SHARE = 0.1
FEEDBACK = "feedback"
"""The metadata that names the feedback an example or a question came of."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """What there is to learn from and to measure on.

    No question occurs among the examples: those too near to one are in `leaked` (example id,
    question id) and kept out of `train` and `validation`.
    """

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    questions: tuple[Question, ...]
    n_examples_read: int
    n_duplicates: int
    leaked: tuple[tuple[str, str], ...]
    mappings: tuple[str, ...]

    @property
    def examples(self) -> tuple[Example, ...]:
        """Every example to learn from."""
        return (*self.train, *self.validation)

    @property
    def fingerprint(self) -> str:
        """Identify the examples: the same examples give the same adapter."""
        return sha256("".join(sorted(example.id for example in self.examples)).encode()).hexdigest()


def read_material(workspace: Workspace) -> Material:
    """Return examples and questions, deduplicated and kept apart.

    Questions come from the questions folder, else a share of the examples is held out. What came
    of feedback stays on the side it was put on, and does not count as a questions folder. Near
    duplicates are found once per content and remembered below the state folder.
    """
    read = read_examples(workspace.examples_folder)
    questions = tuple(read_questions(workspace.questions_folder))
    examples, n_duplicates = _without_duplicates(workspace, read.examples)
    if examples and all(FEEDBACK in question.metadata for question in questions):
        share = workspace.settings.evaluation.holdout_share
        free = [example for example in examples if FEEDBACK not in example.metadata]
        held_out = split(free, test_share=share, validation_share=0.0).test
        names = {example.id for example in held_out}
        examples = tuple(example for example in examples if example.id not in names)
        questions = (*questions_from(held_out), *questions)
    leaked = _leaked(workspace, examples, questions)
    lost = {example_id for example_id, _ in leaked}
    clean = [example for example in examples if example.id not in lost]
    parts = split(clean, test_share=0.0, validation_share=VALIDATION_SHARE)
    return Material(
        train=parts.train,
        validation=parts.validation,
        questions=questions,
        n_examples_read=len(read.examples),
        n_duplicates=n_duplicates,
        leaked=leaked,
        mappings=tuple(str(mapping) for mapping in read.mappings),
    )


def _without_duplicates(workspace: Workspace, examples: Sequence[Example]) -> tuple[tuple[Example, ...], int]:
    key = _key("duplicates", [example.id for example in examples])
    dropped = _remembered(workspace, key)
    if dropped is None:
        found = deduplicate(examples, embed=workspace.embedder.embed)
        dropped = [(pair.kept_id, pair.dropped_id) for pair in found.dropped]
        _remember(workspace, key, dropped)
    lost = {dropped_id for _, dropped_id in dropped}
    kept = {example.id: example for example in examples if example.id not in lost}
    return tuple(kept.values()), len(examples) - len(kept)


def _leaked(
    workspace: Workspace, examples: Sequence[Example], questions: Sequence[Question]
) -> tuple[tuple[str, str], ...]:
    texts = held_out_texts(questions)
    key = _key(
        "leaks", [example.id for example in examples], [f"{name}\0{text}" for name, text in texts.items()]
    )
    found = _remembered(workspace, key)
    if found is None:
        pairs = near_duplicates(examples, texts, embed=workspace.embedder.embed)
        found = [(pair.dropped_id, pair.kept_id) for pair in pairs]
        _remember(workspace, key, found)
    return tuple(found)


def _key(kind: str, *texts: Sequence[str]) -> str:
    return f"{kind}-{sha256(json.dumps(texts).encode()).hexdigest()[:24]}.json"


def _remembered(workspace: Workspace, key: str) -> list[tuple[str, str]] | None:
    path = workspace.state_folder / "material" / key
    if not path.exists():
        return None
    return [(left, right) for left, right in json.loads(path.read_text(encoding="utf-8"))]


def _remember(workspace: Workspace, key: str, pairs: Sequence[tuple[str, str]]) -> None:
    path = workspace.state_folder / "material" / key
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".partial")
    unfinished.write_text(json.dumps(pairs), encoding="utf-8")
    unfinished.replace(path)
