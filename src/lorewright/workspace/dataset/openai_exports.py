"""What a file that was exported from OpenAI is, by what stands in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lorewright.datasets.rows import rows
from lorewright.documents import is_readable
from lorewright.json_text import read_json

Kind = Literal["examples", "preferences", "eval items", "eval", "eval run", "document", "nothing"]

N_LOOKED_AT = 20
"""How many rows are looked at before a file is given up as one that holds nothing known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Export:
    """One exported file; `name` is its place below what was given, `reason` why it is nothing to use.

    `records` are the objects of OpenAI's API that a JSON file holds.
    """

    path: Path
    name: str
    kind: Kind
    reason: str = ""
    records: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)


def recognise(path: Path, name: str) -> Export:
    """Return what a file is, by its first rows, or by the objects it holds."""
    suffix = path.suffix.lower()
    if suffix == ".jsonl":
        kind, reason = _of_rows(path)
        return Export(path=path, name=name, kind=kind, reason=reason)
    if suffix == ".json":
        export = _of_records(path, name)
        if export is not None:
            return export
    if is_readable(path):
        return Export(path=path, name=name, kind="document")
    return Export(path=path, name=name, kind="nothing", reason=f"{suffix or 'such'} files are not supported")


def items_in(export: Export) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the items of an evaluation with their places, from a run and from its output items."""
    for n, record in enumerate(export.records, 1):
        where = f"{export.path.name}, item {n}"
        if "datasource_item" in record:
            yield where, record["datasource_item"]
        source = (record.get("data_source") or {}).get("source") or {}
        for place, row in enumerate(source.get("content") or (), 1):
            yield f"{export.path.name}, content {place}", row["item"]


def _of_rows(path: Path) -> tuple[Kind, str]:
    columns: list[str] = []
    for looked, (_, row) in enumerate(rows(path, lambda _bad: None)):
        kind, reason = _of_row(row)
        if kind != "nothing" or reason:
            return kind, reason
        columns = columns or list(row)
        if looked + 1 == N_LOOKED_AT:
            break
    if not columns:
        return "nothing", "no line is a JSON object"
    return "nothing", f"its rows ({', '.join(columns[:6])}) are neither examples nor items of an evaluation"


def _of_row(row: Mapping[str, Any]) -> tuple[Kind, str]:
    if "custom_id" in row:
        return "nothing", "batch requests or results: nothing to import"
    if "preferred_output" in row:
        return "preferences", ""
    if isinstance(row.get("item"), dict):
        return "eval items", ""
    if isinstance(row.get("messages"), list) or {"prompt", "completion"} <= set(row):
        return "examples", ""
    return "nothing", ""


def _of_records(path: Path, name: str) -> Export | None:
    """Return what OpenAI's objects in a JSON file make of it, or `None` for any other JSON."""
    try:
        whole = read_json(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        return None  # whatever it is, the reader of documents will say what is wrong with it
    is_page = isinstance(whole, dict) and isinstance(whole.get("data"), list)
    listed = whole["data"] if is_page else whole if isinstance(whole, list) else [whole]
    records = tuple(record for record in listed if isinstance(record, dict))
    if not records:
        return None
    kind_of_object = records[0].get("object")
    if kind_of_object == "eval":
        return Export(path=path, name=name, kind="eval", records=records)
    if kind_of_object in ("eval.run", "eval.run.output_item"):
        return Export(path=path, name=name, kind="eval run", records=records)
    if isinstance(kind_of_object, str) and {"id", "created_at"} <= set(records[0]):
        reason = f"an OpenAI {kind_of_object} object: nothing to import"
        return Export(path=path, name=name, kind="nothing", reason=reason)
    if is_page:
        return None
    kind, reason = _of_row(records[0])
    return Export(path=path, name=name, kind=kind, reason=reason) if kind != "nothing" else None
