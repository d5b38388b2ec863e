"""A file from elsewhere into the dataset: what its columns mean, what is broken, what would be kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from uuid import uuid4

from lorewright.access import Caller
from lorewright.datasets import (
    ColumnMapping,
    Example,
    deduplicate,
    example_from,
    near_duplicates,
    read_examples,
)
from lorewright.datasets.example_row import question_row_from, row_from
from lorewright.datasets.findings import find_conflicts, find_private
from lorewright.datasets.mapping import map_columns
from lorewright.datasets.placed import Placed, placed_rows
from lorewright.datasets.rows import READ, Row, short
from lorewright.errors import BadParameter, InvalidExamples
from lorewright.evaluation import held_out_texts, questions_from, read_questions
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.editing import CHANGING
from lorewright.workspace.dataset.table import Side, folder_of
from lorewright.workspace.dataset.versions import DataVersion, keep_version
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

N_LOOKED_AT = 500  # rows, for the names of columns
N_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """A file before it is taken in: its columns, and what they were taken for, `None` if that is unclear.

    `unclear` says why.
    """

    columns: tuple[str, ...]
    guess: ColumnMapping | None
    unclear: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a mapping makes of a file; `shown` holds the first rows as they are and as they would be."""

    examples: tuple[Example, ...]
    broken: tuple[Placed[Example], ...]
    shown: tuple[tuple[Row, Example | None], ...]
    n_duplicates: int
    n_leaked: int
    n_conflicts: int
    n_private: int


def read_incoming(path: Path) -> Incoming:
    """Return what columns a file has and what they seem to mean; raise `InvalidExamples` for no rows."""
    if path.suffix.lower() not in READ:
        raise InvalidExamples(
            f"{path.name} is not a file of examples.", hint=f"Supported formats: {', '.join(READ)}."
        )
    first = list(islice(placed_rows(path, lambda row: row), N_LOOKED_AT))
    rows = [placed.row for placed in first if placed.row is not None]
    if not rows:
        reason = first[0].error if first else "it is empty"
        raise InvalidExamples(f"{path.name} contains no readable row: {reason}")
    columns = tuple(dict.fromkeys(name for row in rows for name in row))
    try:
        return Incoming(columns=columns, guess=map_columns(rows[0]))
    except InvalidExamples as error:
        return Incoming(columns=columns, guess=None, unclear=f"{error} {error.hint}")


def incoming_folder(workspace: Workspace, caller: Caller) -> Path:
    """Return a folder for a file on its way into the dataset, to be made and removed by whoever asks."""
    caller.need("tune")
    return workspace.state_folder / "incoming" / uuid4().hex


def preview_import(
    workspace: Workspace, caller: Caller, path: Path, columns: ColumnMapping, side: Side
) -> Trial:
    """Return what would come of a file; nothing is written. Duplicates are looked for by their words."""
    caller.need("tune")
    placed = list(placed_rows(path, lambda row: _example(row, columns)))
    good = [one.value for one in placed if one.value is not None]
    bad: list[InvalidExamples] = []
    known = read_examples(workspace.examples_folder, on_bad_line=bad.append).examples
    questions = read_questions(workspace.questions_folder, on_bad_line=bad.append)
    both = [*known, *good] if side == "examples" else good
    held_out = held_out_texts(questions)
    of_other_side = near_duplicates(good, held_out) if side == "examples" else _leaking(known, good)
    return Trial(
        examples=tuple(good),
        broken=tuple(one for one in placed if one.value is None),
        shown=tuple((one.row, one.value) for one in placed[:N_SHOWN] if one.row is not None),
        n_duplicates=len(deduplicate(both).dropped)
        - (len(deduplicate(known).dropped) if side == "examples" else 0),
        n_leaked=len(of_other_side),
        n_conflicts=len({finding.example_id for finding in find_conflicts(good)}),
        n_private=len({finding.example_id for finding in find_private(good)}),
    )


def import_rows(
    server: Server, caller: Caller, path: Path, columns: ColumnMapping, side: Side, *, name: str
) -> DataVersion:
    """Return the version of the dataset with the good rows of a file, in a new file of their own."""
    caller.need("tune")
    read = (placed.value for placed in placed_rows(path, lambda row: _example(row, columns)))
    examples = [example for example in read if example is not None]
    if not examples:
        raise BadParameter("file", "No row of the file can be used with these columns.")
    write_row = question_row_from if side == "questions" else row_from
    content = "".join(json.dumps(write_row(example), ensure_ascii=False) + "\n" for example in examples)
    with CHANGING:
        keep_version(server, "Changed outside", by="")
        target = _unused(folder_of(server.workspace, side), name)
        write_whole(target, content)
        audit(server.workspace, caller, Act.ROWS_IMPORTED, f"{side}/{target.name}", n=len(examples))
        return keep_version(server, f"Imported {len(examples)} rows as {target.name}", by=caller.name)


def _example(row: Row, columns: ColumnMapping) -> Example:
    needed = [columns.chat] if columns.chat else [*columns.prompt, columns.completion]
    missing = [name for name in needed if name not in row]
    if missing:
        raise InvalidExamples(f"the column {short(missing[0])} is missing.")
    if columns.chat and not isinstance(row[columns.chat], list):
        raise InvalidExamples(f"{short(row[columns.chat])} is not a list of turns.")
    optional = (columns.system, columns.id, columns.document_ids, columns.answerable, columns.metadata)
    return example_from({**{name: None for name in optional if name}, **row}, columns)


def _leaking(known: Sequence[Example], new: Sequence[Example]) -> Sequence[object]:
    return near_duplicates(known, held_out_texts(questions_from(new)))


def _unused(folder: Path, name: str) -> Path:
    """Return a file of this name that is not there yet; what a name must not hold is left out of it."""
    stem = PurePosixPath(name.replace("\\", "/")).stem
    plain = "".join(letter if letter.isalnum() or letter in "-_. " else "-" for letter in stem).strip(". -")
    first = plain[:80] or "imported"
    names = [first, *(f"{first}-{n}" for n in range(2, 1000))]
    return next(folder / f"{name}.jsonl" for name in names if not (folder / f"{name}.jsonl").exists())
