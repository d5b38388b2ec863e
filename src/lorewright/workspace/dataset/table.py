"""The examples and held-out questions as a table: every row with its place, its part and its findings."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Literal, cast

from lorewright.access.readable import Readable
from lorewright.datasets import Example, example_from, spoken
from lorewright.datasets.findings import (
    Finding,
    find_conflicts,
    find_long,
    find_private,
    find_unknown_documents,
)
from lorewright.datasets.placed import Placed, placed_rows
from lorewright.datasets.reading import unused_id
from lorewright.datasets.rows import Row, find_example_files
from lorewright.errors import NotFound
from lorewright.evaluation import Question
from lorewright.evaluation.question_json import question_from_json
from lorewright.flows import style_from
from lorewright.flows.arms.refusal_share import RefusalShare, refusal_share
from lorewright.messages import Conversation
from lorewright.tuning import Recipe
from lorewright.workspace.dataset.material import LearningMaterial, keep_apart, material_in
from lorewright.workspace.dataset.sources import is_row_readable
from lorewright.workspace.domain.workspace import Workspace

Side = Literal["examples", "questions"]
Part = Literal["train", "validation", "held out", "leaked", "duplicate", "broken"]


@dataclass(frozen=True, kw_only=True, slots=True)
class DataRow:
    """One row of a file, as people look at it; `part` says what it is used for."""

    side: Side
    placed: Placed[Example]
    id: str
    question: str
    answer: str
    part: Part
    findings: tuple[Finding, ...] = ()

    @property
    def key(self) -> str:
        """Identify the row among all: its side, its file and its place there."""
        return f"{self.side}/{self.placed.file}:{self.placed.number}"

    @property
    def is_broken(self) -> bool:
        """Whether nothing can be learned from it."""
        return self.placed.value is None


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """Everything there is to learn from and to measure on."""

    rows: tuple[DataRow, ...]
    material: LearningMaterial
    refusing: RefusalShare
    has_questions_folder: bool
    signature: str

    def of(self, side: Side) -> list[DataRow]:
        """Return the rows of one side."""
        return [row for row in self.rows if row.side == side]

    @cached_property
    def _by_key(self) -> Mapping[str, DataRow]:
        return {row.key: row for row in self.rows}

    @cached_property
    def _by_id(self) -> Mapping[tuple[str, str], DataRow]:
        return {(row.side, row.id): row for row in reversed(self.rows)}

    def find(self, key: str) -> DataRow | None:
        """Return a row by its key, or `None`."""
        return self._by_key.get(key)

    def like(self, finding: Finding) -> DataRow | None:
        """Return the row that a finding points at, or `None`."""
        side: Side = "questions" if finding.kind == "leak" else "examples"
        return self._by_id.get((side, finding.other_id)) or self._by_id.get(("examples", finding.other_id))


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """Which rows to look at: those of a side with a finding, a part, a file, and all these words."""

    side: Side = "examples"
    finding: str = ""
    part: str = ""
    file: str = ""
    search: str = ""


def matching_rows(table: DataTable, look: Look) -> list[DataRow]:
    """Return the rows that are looked for, in the order of the files."""
    words = look.search.casefold().split()
    return [
        row
        for row in table.of(look.side)
        if (not look.finding or any(finding.kind == look.finding for finding in row.findings))
        and (not look.part or row.part == look.part)
        and (not look.file or row.placed.file == look.file)
        and (not words or _holds(row, words))
    ]


def counts(rows: Sequence[DataRow]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return how many rows have each finding, are in each part, and stand in each file."""
    findings = Counter[str](kind for row in rows for kind in {finding.kind for finding in row.findings})
    return findings, Counter[str](row.part for row in rows), Counter[str](row.placed.file for row in rows)


def signature_of(workspace: Workspace) -> str:
    """Return a text that is another one as soon as a file of the dataset changes."""
    parts = []
    for folder in (workspace.examples_folder, workspace.questions_folder):
        for path in find_example_files(folder):
            stat = path.stat()
            parts.append(f"{path} {stat.st_mtime_ns} {stat.st_size}")
    settings = workspace.settings
    parts.append(f"{settings.prompt} {settings.tuning} {settings.evaluation.holdout_share}")
    return sha256("\n".join(parts).encode()).hexdigest()


def read_table(workspace: Workspace, *, is_quick: bool = True) -> DataTable:
    """Return the whole dataset with its findings.

    Near duplicates are looked for by meaning only if not `is_quick`, or where that was done before:
    see `material.is_by_meaning`. Broken rows are rows too.
    """
    signature = signature_of(workspace)
    examples = list(_with_ids(placed_rows(workspace.examples_folder, example_from)))
    questions = list(placed_rows(workspace.questions_folder, question_from_json))
    good = [placed.value for placed in examples if placed.value is not None]
    by_id = {placed.value.id: placed.value for placed in reversed(questions) if placed.value is not None}
    material = keep_apart(workspace, good, list(reversed(by_id.values())), is_quick=is_quick)
    findings = _findings(workspace, good, material)
    parts = _parts(material)
    style = style_from(material.train, workspace.settings)
    refusing = refusal_share(material.train, style, configured=workspace.settings.tuning.no_gold_share)
    return DataTable(
        rows=(
            *(_example_row(placed, parts, findings) for placed in examples),
            *(_question_row(placed) for placed in questions),
        ),
        material=material,
        refusing=refusing,
        has_questions_folder=bool(questions),
        signature=signature,
    )


def table_for(table: DataTable, allowed: Readable) -> DataTable:
    """Return the table for who may read these documents: without rows that were made of others.

    A row that cannot be parsed may be made of any document.
    """
    if allowed.is_all:
        return table
    rows = [row for row in table.rows if row.placed.value and is_row_readable(row.placed.value, allowed)]
    shown = {row.id for row in rows}
    kept = tuple(
        replace(row, findings=tuple(one for one in row.findings if not one.other_id or one.other_id in shown))
        for row in rows
    )
    return replace(table, rows=kept, material=material_in(table.material, allowed))


def no_row(key: str) -> NotFound:
    """Return the error for a row that is not there, or not for this caller."""
    return NotFound(
        f"No row found with key {key!r}.", hint="Keys have the form side/file:number, as in the list of rows."
    )


def folder_of(workspace: Workspace, side: Side) -> Path:
    """Return the folder of a side."""
    return workspace.questions_folder if side == "questions" else workspace.examples_folder


def _with_ids(rows: Iterator[Placed[Example]]) -> Iterator[Placed[Example]]:
    """Yield the rows; as everywhere, no two examples share an id."""
    taken: set[str] = set()
    for placed in rows:
        if placed.value is not None:
            unused = unused_id(placed.value, taken)
            taken.add(unused)
            placed = replace(placed, value=replace(placed.value, id=unused))
        yield placed


def _findings(
    workspace: Workspace, examples: Sequence[Example], material: LearningMaterial
) -> Mapping[str, list[Finding]]:
    by_example: dict[str, list[Finding]] = {}
    checks = (
        (Finding("leak", example_id, "Near-duplicate of a held-out question.", question_id)
         for example_id, question_id in material.leaked),
        (Finding("duplicate", dropped_id, "Duplicate of another example.", kept_id)
         for kept_id, dropped_id in material.duplicates),
        find_conflicts(examples),
        find_long(
            examples,
            max_answer_tokens=workspace.settings.prompt.max_answer_tokens,
            max_row_tokens=Recipe().max_row_tokens,
        ),
        find_unknown_documents(examples, workspace.documents.states()),
        find_private(examples),
    )  # fmt: skip
    for check in checks:
        for finding in check:
            by_example.setdefault(finding.example_id, []).append(finding)
    return by_example


def _parts(material: LearningMaterial) -> Mapping[str, Part]:
    parts: dict[str, Part] = {question.id: "held out" for question in material.questions}
    parts |= {example.id: "train" for example in material.train}
    parts |= {example.id: "validation" for example in material.validation}
    parts |= {dropped_id: "duplicate" for _, dropped_id in material.duplicates}
    return parts | {example_id: "leaked" for example_id, _ in material.leaked}


def _example_row(
    placed: Placed[Example], parts: Mapping[str, Part], findings: Mapping[str, list[Finding]]
) -> DataRow:
    example = placed.value
    if example is None:
        return _broken("examples", placed)
    return DataRow(
        side="examples",
        placed=placed,
        id=example.id,
        question=_asked(example.prompt),
        answer=example.completion,
        part=parts.get(example.id, "train"),
        findings=tuple(findings.get(example.id, ())),
    )


def _question_row(placed: Placed[Question]) -> DataRow:
    question = placed.value
    if question is None:
        return _broken("questions", cast("Placed[Example]", placed))
    answer = "\n".join(question.targets)
    example = Example(
        question.id, question.conversation, answer, question.document_ids, question.answerable,
        question.metadata,
    )  # fmt: skip
    return DataRow(
        side="questions",
        placed=Placed(placed.file, placed.number, placed.row, example),
        id=question.id,
        question=_asked(question.conversation),
        answer=answer,
        part="held out",
    )


def _asked(conversation: Conversation) -> str:
    """Return what the answer answers, then what was said before it: in a list, the beginning is seen."""
    places = [place for place, turn in enumerate(conversation) if turn.role == "user"]
    if not places:
        return spoken(conversation)
    asked, earlier = conversation[places[-1]].content, spoken(conversation[: places[-1]])
    return f"{asked}\n\n{EARLIER}\n{earlier}" if earlier else asked


EARLIER = "Earlier in this conversation:"


def _broken(side: Side, placed: Placed[Example]) -> DataRow:
    return DataRow(
        side=side,
        placed=placed,
        id="",
        question=_as_text(placed.row),
        answer="",
        part="broken",
        findings=(Finding("unreadable", "", f"{placed.error} {placed.hint}".strip()),),
    )


def _as_text(row: Row | None) -> str:
    return "" if row is None else " · ".join(f"{name}: {value}" for name, value in row.items())[:500]


def _holds(row: DataRow, words: Sequence[str]) -> bool:
    text = f"{row.question}\n{row.answer}\n{row.id}\n{row.placed.file}".casefold()
    return all(word in text for word in words)
