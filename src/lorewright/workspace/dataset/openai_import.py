"""Moving in from OpenAI: exported files, sorted by what they are, become a domain's material."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lorewright.access import Caller
from lorewright.datasets.fine_tuning import learnable, preferred
from lorewright.datasets.rows import rows
from lorewright.documents import find_files
from lorewright.errors import InvalidExamples, UserError
from lorewright.evaluation import question_from_json
from lorewright.evaluation.items import ItemMapping, map_items, question_row
from lorewright.whole_files import write_whole
from lorewright.workspace.dataset.openai_exports import Export, items_in, recognise
from lorewright.workspace.domain.acts import Act
from lorewright.workspace.domain.audit import audit
from lorewright.workspace.domain.readable import need_all_documents
from lorewright.workspace.domain.workspace import Workspace

Read = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedFile:
    """What became of one file: where it lies in the domain now ('' for nowhere), and what was left out.

    `mapping` says how its columns were understood, `left_out` names broken rows with their lines,
    or why all of it stayed out.
    """

    file: str
    kind: str
    target: str = ""
    n_rows: int = 0
    mapping: str = ""
    left_out: tuple[str, ...] = ()


def import_exports(
    workspace: Workspace, caller: Caller, paths: Iterable[Path], *, question: str = "", answer: str = ""
) -> list[ImportedFile]:
    """Import exported files into the domain and return what became of each.

    Fine-tuning files become examples, items of evaluations held-out questions, other files
    documents. `question` and `answer` name columns of the items where they are not clear. A file
    that is there already is never written over. Raises `UserError` for a path that is not there.
    """
    caller.need("tune")
    caller.need("documents")
    need_all_documents(workspace, caller)
    exports = [export for path in paths for export in _exports_in(path)]
    evals = [record for export in exports if export.kind == "eval" for record in export.records]
    runs = [record for export in exports if export.kind == "eval run" for record in export.records]
    messages_of_runs = [
        messages for run in runs if (messages := (run.get("data_source") or {}).get("input_messages"))
    ]

    def mapped(item: Mapping[str, Any]) -> ItemMapping:
        criteria = [criterion for evaluation in evals for criterion in _criteria_for(evaluation, item)]
        return map_items(
            list(item), criteria=criteria, messages=messages_of_runs, question=question, answer=answer
        )

    imported = [_import_file(workspace, export, mapped) for export in exports]
    audit(workspace, caller, Act.MATERIAL_IMPORTED, ", ".join(one.target for one in imported if one.target))
    return imported


def _exports_in(path: Path) -> Iterator[Export]:
    if not path.exists():
        raise UserError(f"No such file or folder: {path}.", hint="Check the path.")
    if path.is_file():
        yield recognise(path, path.name)
        return
    for file in find_files(path):
        yield recognise(file, file.relative_to(path).as_posix())


def _criteria_for(evaluation: Mapping[str, Any], item: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return an evaluation's criteria, if it is one of items like this."""
    schema = (evaluation.get("data_source_config") or {}).get("schema") or {}
    inner = (schema.get("properties") or {}).get("item") or schema
    columns = set(inner.get("properties") or {})
    return evaluation.get("testing_criteria") or () if not columns or columns & set(item) else ()


def _import_file(
    workspace: Workspace, export: Export, mapped: Callable[[Mapping[str, Any]], ItemMapping]
) -> ImportedFile:
    imported = ImportedFile(file=export.name, kind=export.kind)
    if export.kind == "nothing":
        return replace(imported, left_out=(export.reason,))
    if export.kind == "document":
        return _copied(workspace, export, imported)
    if export.kind in ("examples", "preferences"):
        read = learnable if export.kind == "examples" else preferred
        return _written(workspace.examples_folder, _rows_of(export), read, imported)
    if export.kind == "eval":
        names = ", ".join(str(record.get("name") or record.get("id")) for record in export.records)
        return replace(imported, mapping=f"defines how items are read: {names}")
    return _questions(workspace, export, mapped, imported)


def _questions(
    workspace: Workspace,
    export: Export,
    mapped: Callable[[Mapping[str, Any]], ItemMapping],
    imported: ImportedFile,
) -> ImportedFile:
    """Write the items of an evaluation as held-out questions."""
    items = list(items_in(export)) if export.kind == "eval run" else _rows_of(export)
    first = next((_item(row) for _, row in items if isinstance(row, Mapping) and _item(row)), None)
    if first is None:
        return replace(imported, left_out=("it contains no items: export the data of the eval as JSONL too",))
    try:
        mapping = mapped(first)
    except InvalidExamples as error:
        return replace(imported, left_out=(f"{error} {error.hint}",))

    def read(row: Mapping[str, Any]) -> dict[str, Any]:
        question_json = question_row(_item(row), mapping)
        question_from_json(question_json)
        return question_json

    return _written(workspace.questions_folder, items, read, replace(imported, mapping=str(mapping)))


def _item(row: Mapping[str, Any]) -> Mapping[str, Any]:
    inner = row.get("item")
    return inner if isinstance(inner, Mapping) else row


def _rows_of(export: Export) -> list[tuple[str, Any]]:
    """Return every row with its place; a line that is no JSON object comes as the error it is."""
    placed: list[tuple[str, Any]] = []
    for place, row in rows(export.path, lambda bad: placed.append(("", bad))):
        placed.append((place, row))
    return placed


def _written(
    folder: Path, placed: Iterable[tuple[str, Any]], read: Read, imported: ImportedFile
) -> ImportedFile:
    """Write the rows that can be read into a file of their own."""
    lines, bad = [], []
    for where, row in placed:
        try:
            if isinstance(row, InvalidExamples):
                raise row
            lines.append(json.dumps(read(row), ensure_ascii=False) + "\n")
        except UserError as error:
            bad.append(f"{where}: {error}" if where else str(error))
    imported = replace(imported, left_out=tuple(bad))
    if not lines:
        return imported
    target = (folder / imported.file).with_suffix(".jsonl")
    content = "".join(lines).encode()
    if target.exists() and target.read_bytes() != content:
        return _taken(imported, folder, target)
    write_whole(target, [content])
    return replace(imported, target=_relative_name(folder, target), n_rows=len(lines))


def _copied(workspace: Workspace, export: Export, imported: ImportedFile) -> ImportedFile:
    folder = workspace.documents_folder
    target = folder / export.name
    if target.exists() and target.read_bytes() != export.path.read_bytes():
        return _taken(imported, folder, target)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(export.path, target)
    return replace(imported, target=_relative_name(folder, target), n_rows=1)


def _taken(imported: ImportedFile, folder: Path, target: Path) -> ImportedFile:
    reason = f"{_relative_name(folder, target)} already exists with different content and was not overwritten"
    return replace(imported, left_out=(*imported.left_out, reason))


def _relative_name(folder: Path, target: Path) -> str:
    return target.relative_to(folder.parent).as_posix()
