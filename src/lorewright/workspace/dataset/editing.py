"""Rows of the dataset changed and taken out by hand: in their files, with a version of each change."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from lorewright.access import Caller
from lorewright.datasets import example_from
from lorewright.datasets.editing import Edit, edited
from lorewright.datasets.placed import placed_rows
from lorewright.datasets.rewriting import Change, row_text, with_row
from lorewright.datasets.rows import READ_ONLY, short
from lorewright.encoding import decode
from lorewright.errors import BadParameter, InUse, InvalidExamples
from lorewright.evaluation.question_edit import QuestionEdit, edited_question
from lorewright.evaluation.question_json import question_from_json
from lorewright.json_text import read_json
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.placing import PLACING_LOCK
from lorewright.workspace.dataset.sources import is_row_readable
from lorewright.workspace.dataset.table import DataRow, folder_of, no_row
from lorewright.workspace.dataset.versions import DataVersion, keep_version, version_for
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

# Feedback rewrites files of the dataset too: one at a time.
CHANGING: threading.Lock = PLACING_LOCK


def raw_text(workspace: Workspace, caller: Caller, row: DataRow) -> str:
    """Return a row as it stands in its file."""
    caller.need("read")
    _need_sight(workspace, caller, row)
    path = _path(workspace, row)
    if path.suffix.lower() in READ_ONLY:
        return json.dumps(row.placed.row, ensure_ascii=False, indent=2)
    return row_text(_read(path), path.suffix.lower(), row.placed.number)


def need_changeable(row: DataRow) -> None:
    """Raise `BadParameter` for a row of a file that is read, but not written."""
    if row.placed.file.lower().endswith(READ_ONLY):
        raise BadParameter(
            "row",
            f"{row.placed.file} cannot be changed here: edit it where it was made and save it again, "
            "or save it as .csv or .jsonl.",
        )


def _need_sight(workspace: Workspace, caller: Caller, row: DataRow) -> None:
    """Raise `NotFound` for a row that was made of documents which the caller may not read."""
    allowed, value = readable(workspace, caller), row.placed.value
    if not (is_row_readable(value, allowed) if value else allowed.is_all):
        raise no_row(row.key)


def edit_row(server: Server, caller: Caller, row: DataRow, edit: Edit) -> DataVersion:
    """Return the version of the dataset in which the row means what the edit says."""
    caller.need("tune")
    if row.placed.row is None:
        raise BadParameter("row", f"{row.key} cannot be parsed; edit its text instead.")
    try:
        new = edited(row.placed.row, edit)
    except InvalidExamples as error:
        raise BadParameter("row", _sentence(error)) from error
    return _change(server, caller, [row], new, why=f"Changed {_name(row)}")


def edit_question(server: Server, caller: Caller, row: DataRow, edit: QuestionEdit) -> DataVersion:
    """Return the version of the dataset in which the row of a held-out question is what the edit says."""
    caller.need("tune")
    if row.placed.row is None:
        raise BadParameter("row", f"{row.key} cannot be parsed; edit its text instead.")
    try:
        new = edited_question(row.placed.row, edit)
    except InvalidExamples as error:
        raise BadParameter("row", _sentence(error)) from error
    return _change(server, caller, [row], new, why=f"Changed {_name(row)}")


def rewrite_row(server: Server, caller: Caller, row: DataRow, text: str) -> DataVersion:
    """Return the version of the dataset in which the row stands as this text in its file.

    Raises `BadParameter` for JSON that is no example or question; a row of a table is read again.
    """
    caller.need("tune")
    if not row.placed.file.lower().endswith((".csv", ".tsv")):
        _check_text(row, text)
    return _change(server, caller, [row], text, why=f"Changed {_name(row)}")


def delete_rows(server: Server, caller: Caller, rows: Sequence[DataRow]) -> DataVersion:
    """Return the version of the dataset without these rows."""
    caller.need("tune")
    why = f"Deleted {_name(rows[0])}" if len(rows) == 1 else f"Deleted {len(rows)} rows"
    return _change(server, caller, rows, None, why=why)


def _change(
    server: Server, caller: Caller, rows: Sequence[DataRow], change: Change, *, why: str
) -> DataVersion:
    for row in rows:
        _need_sight(server.workspace, caller, row)
        need_changeable(row)
    with CHANGING:
        keep_version(server, "Changed outside", by="")
        contents: dict[Path, str] = {}
        for path, chosen in _by_file(server.workspace, rows).items():
            _check_unchanged(path, chosen)
            contents[path] = _changed(path, chosen, change)
        for path, content in contents.items():
            write_whole(path, [content.encode("utf-8", "surrogateescape")])
        keys = ", ".join(row.key for row in rows)
        audit(server.workspace, caller, Act.ROWS_REMOVED if change is None else Act.ROWS_CHANGED, keys)
        return version_for(server, caller, keep_version(server, why, by=caller.name))


def _check_text(row: DataRow, text: str) -> None:
    try:
        fields = read_json(text)
        if not isinstance(fields, dict):
            raise InvalidExamples(f"{short(text)} is not a JSON object.")
        (example_from if row.side == "examples" else question_from_json)(fields)
    except InvalidExamples as error:
        raise BadParameter("row", _sentence(error)) from error
    except ValueError as error:
        raise BadParameter("row", f"This is not valid JSON: {error}.") from error


def _by_file(workspace: Workspace, rows: Sequence[DataRow]) -> dict[Path, list[DataRow]]:
    """Return rows by their file, each list from its end: what goes further down moves nothing above it."""
    files: dict[Path, list[DataRow]] = {}
    for row in sorted(rows, key=lambda one: -one.placed.number):
        files.setdefault(_path(workspace, row), []).append(row)
    return files


def _check_unchanged(path: Path, rows: Sequence[DataRow]) -> None:
    """Raise `InUse` unless the rows are still those that were seen."""
    now = {placed.number: placed.row for placed in placed_rows(path, lambda row: row)}
    for row in rows:
        placed = row.placed
        if placed.number not in now or now[placed.number] != placed.row:
            raise InUse(f"{_name(row)} was changed in the meantime.", hint="Close this and reload the page.")


def _changed(path: Path, rows: Sequence[DataRow], change: Change) -> str:
    """Return the content of a file with its rows changed."""
    content = _read(path)
    try:
        for row in rows:
            content = with_row(content, path.suffix.lower(), row.placed.number, change)
    except InvalidExamples as error:
        raise BadParameter("row", _sentence(error)) from error
    except ValueError as error:
        raise BadParameter("row", f"This is not valid JSON: {error}.") from error
    return content


def _path(workspace: Workspace, row: DataRow) -> Path:
    return folder_of(workspace, row.side) / row.placed.file


def _read(path: Path) -> str:
    if not path.is_file():
        raise InUse(f"The file {path.name} was deleted.", hint="Reload the page.")
    data = path.read_bytes()  # not read_text: line breaks stay as they are
    try:
        return data.decode()
    except UnicodeDecodeError:
        is_table = path.suffix.lower() in (".csv", ".tsv")  # read in whatever encoding it is, kept as UTF-8
        return decode(data) if is_table else data.decode("utf-8", "surrogateescape")


def _name(row: DataRow) -> str:
    return f"{row.placed.file}, row {row.placed.number}"


def _sentence(error: InvalidExamples) -> str:
    text = f"{error} {error.hint}".strip()
    return text[:1].upper() + text[1:]
