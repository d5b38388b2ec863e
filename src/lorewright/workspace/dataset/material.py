"""What there is to learn from and to measure on: examples and held-out questions, kept apart."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from lorewright.access import Caller
from lorewright.access.readable import Readable
from lorewright.datasets import Embed, Example, deduplicate, near_duplicates, read_examples, split
from lorewright.datasets.duplicates import likely_near
from lorewright.datasets.fitness import SEE_MORE
from lorewright.errors import InvalidExamples
from lorewright.evaluation import Question, held_out_texts, questions_from, read_questions
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.sources import FEEDBACK, is_row_readable
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace

VALIDATION_SHARE = 0.1
MOST_BY_MEANING = 20_000
"""With more examples, duplicates are those in the same words: embedding 100,000 takes an hour of a core."""
REMEMBERED = "material"
"""Folder of the state folder with the near duplicates that were found."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LearningMaterial:
    """What there is to learn from and to measure on.

    No question occurs among the examples: those too near to one are in `leaked` (example id,
    question id) and kept out of `train` and `validation`, as are all `duplicates` but the first
    (kept id, dropped id). Unless `is_by_meaning`, both were looked for by their words alone.
    """

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    questions: tuple[Question, ...]
    n_examples_read: int
    n_duplicates: int
    leaked: tuple[tuple[str, str], ...]
    mappings: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...] = ()
    is_by_meaning: bool = True

    @property
    def examples(self) -> tuple[Example, ...]:
        """Every example to learn from."""
        return (*self.train, *self.validation)

    @property
    def fingerprint(self) -> str:
        """Identify the examples: the same examples give the same adapter."""
        return sha256("".join(sorted(example.identity for example in self.examples)).encode()).hexdigest()


def held_out_questions(workspace: Workspace, caller: Caller) -> list[Question]:
    """Return the questions that nothing is learned from, for those who may read or measure."""
    caller.need("read", "evaluate")
    return list(material_for(workspace, caller).questions)


def material_for(workspace: Workspace, caller: Caller) -> LearningMaterial:
    """Return what a caller may learn from and measure on, as `read_material` does.

    Rows that were made of documents which the caller may not read are left out.
    """
    return material_in(read_material(workspace), readable(workspace, caller))


def material_in(material: LearningMaterial, allowed: Readable) -> LearningMaterial:
    """Return the material of who may read these documents: without rows that were made of others."""
    if allowed.is_all:
        return material
    train = tuple(row for row in material.train if is_row_readable(row, allowed))
    validation = tuple(row for row in material.validation if is_row_readable(row, allowed))
    questions = tuple(row for row in material.questions if is_row_readable(row, allowed))
    return replace(
        material, train=train, validation=validation, questions=questions, leaked=(), duplicates=(),
        n_examples_read=len(train) + len(validation), n_duplicates=0,
    )  # fmt: skip


def read_material(workspace: Workspace) -> LearningMaterial:
    """Return examples and questions, deduplicated and kept apart, whoever asks.

    Questions come from the questions folder, else a share of the examples is held out. What came
    of feedback stays on the side it was put on, and does not count as a questions folder. Near
    duplicates are found once per content and remembered below the state folder.
    """
    return read_files(workspace, is_quick=False)


def read_files(workspace: Workspace, *, is_quick: bool) -> LearningMaterial:
    """Return what the files of a domain hold, kept apart; raise `InvalidExamples` where a row is broken."""
    broken: list[InvalidExamples] = []
    read = read_examples(workspace.examples_folder, on_bad_line=broken.append)
    questions = read_questions(workspace.questions_folder, on_bad_line=broken.append)
    if broken:
        n_more = len(broken) - 1
        more = f" {n_more:,} more {'row' if n_more == 1 else 'rows'} cannot be used." if n_more else ""
        hint = f"{broken[0].hint} {SEE_MORE if n_more else ''}".strip()
        raise InvalidExamples(f"{broken[0]}{more}", hint=hint) from broken[0]
    mappings = tuple(str(mapping) for mapping in read.mappings)
    return keep_apart(workspace, read.examples, questions, mappings=mappings, is_quick=is_quick)


def keep_apart(
    workspace: Workspace,
    given: Sequence[Example],
    questions: Sequence[Question],
    *,
    mappings: tuple[str, ...] = (),
    is_quick: bool = False,
) -> LearningMaterial:
    """Return examples and questions, deduplicated and kept apart; `is_quick` embeds nothing.

    Then near duplicates are those that are remembered, or else those in the same words.
    """
    duplicates = _duplicates(workspace, given, is_quick=is_quick)
    lost = {dropped_id for _, dropped_id in duplicates.pairs}
    kept = {example.id: example for example in given if example.id not in lost}
    examples, n_duplicates = tuple(kept.values()), len(given) - len(kept)
    share = 0.0
    if examples and all(FEEDBACK in question.metadata for question in questions):
        share = workspace.settings.evaluation.holdout_share
        free = [example for example in examples if FEEDBACK not in example.metadata]
        held_out = split(free, test_share=share, validation_share=0.0).test
        names = {example.id for example in held_out}
        examples = tuple(example for example in examples if example.id not in names)
        questions = (*questions_from(held_out), *questions)
    leaks = _leaks(workspace, examples, questions, is_quick=is_quick)
    leaked = leaks.pairs
    lost = {example_id for example_id, _ in leaked}
    clean = [example for example in examples if example.id not in lost]
    # Validation comes after the share that is held out; only feedback is still left in that one.
    parts = split(clean, test_share=share, validation_share=VALIDATION_SHARE)
    return LearningMaterial(
        train=(*parts.test, *parts.train),
        validation=parts.validation,
        questions=tuple(questions),
        n_examples_read=len(given),
        n_duplicates=n_duplicates,
        leaked=leaked,
        mappings=mappings,
        duplicates=duplicates.pairs,
        is_by_meaning=duplicates.is_by_meaning and leaks.is_by_meaning,
    )


@dataclass(frozen=True, slots=True)
class _FoundPairs:
    pairs: tuple[tuple[str, str], ...]
    is_by_meaning: bool = True


def _duplicates(workspace: Workspace, examples: Sequence[Example], *, is_quick: bool) -> _FoundPairs:
    def look(embed: Embed | None) -> list[tuple[str, str]]:
        return [(pair.kept_id, pair.dropped_id) for pair in deduplicate(examples, embed=embed).dropped]

    key = _key("duplicates", [example.identity for example in examples])
    return _cached_pairs(workspace, key, look, len(examples), is_quick=is_quick)


def _leaks(
    workspace: Workspace, examples: Sequence[Example], questions: Sequence[Question], *, is_quick: bool
) -> _FoundPairs:
    texts = held_out_texts(questions)
    key = _key(
        "leaks",
        [example.identity for example in examples],
        [f"{name}\0{text}" for name, text in texts.items()],
    )

    # Of very many, only those with most words of a question are compared with it by meaning.
    likely = examples if len(examples) <= MOST_BY_MEANING else likely_near(examples, texts)

    def look(embed: Embed | None) -> list[tuple[str, str]]:
        pairs = near_duplicates(likely, texts, embed=embed)
        return [(pair.dropped_id, pair.kept_id) for pair in pairs]

    return _cached_pairs(workspace, key, look, len(likely) + len(texts), is_quick=is_quick)


def _cached_pairs(
    workspace: Workspace,
    key: str,
    look: Callable[[Embed | None], list[tuple[str, str]]],
    n_examples: int,
    *,
    is_quick: bool,
) -> _FoundPairs:
    """Return what is remembered, or looked for now."""
    known = _remembered(workspace, key)
    if known is not None:
        return _FoundPairs(tuple(known))
    if is_quick:
        return _FoundPairs(tuple(look(None)), is_by_meaning=False)
    if n_examples > MOST_BY_MEANING:
        return _FoundPairs(tuple(look(None)), is_by_meaning=False)
    pairs = look(workspace.cached_embedder)
    _remember(workspace, key, pairs)
    return _FoundPairs(tuple(pairs))


def _key(kind: str, *texts: Sequence[str]) -> str:
    return f"{kind}-{sha256(json.dumps(texts).encode()).hexdigest()[:24]}.json"


def _remembered(workspace: Workspace, key: str) -> list[tuple[str, str]] | None:
    path = workspace.state_folder / REMEMBERED / key
    if not path.exists():
        return None
    return [(left, right) for left, right in json.loads(path.read_text(encoding="utf-8"))]


def _remember(workspace: Workspace, key: str, pairs: Sequence[tuple[str, str]]) -> None:
    path = workspace.state_folder / REMEMBERED / key
    write_whole(path, json.dumps(pairs))
