"""A finished run's record in its folder: the same order again returns it at once."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from lorewright.tuning.recipe import Recipe
from lorewright.tuning.row import Preference, RatedRow, Row
from lorewright.tuning.trainer import Adapter, TrainingMetrics
from lorewright.whole_files import write_whole

NAME = "run.json"


def run_key(
    rows: Sequence[Row], validation: Sequence[Row], recipe: Recipe, base: Path, init_from: Path | None
) -> str:
    """Identify a run: rows, recipe, base and start; the same run gives the same adapter."""
    content = [
        [[asdict(turn) for turn in row.messages], row.completion, *_opinion(row)]
        for row in (*rows, *validation)
    ]
    start = str(init_from or "")
    size = base.stat().st_size if base.is_file() else 0
    order = json.dumps([content, len(rows), asdict(recipe), base.name, size, start])
    return sha256(order.encode()).hexdigest()


def _opinion(row: Row) -> list[str | bool]:
    if isinstance(row, RatedRow):
        return [row.is_good]
    return [row.rejected] if isinstance(row, Preference) else []


def save_finished(folder: Path, key: str, adapter: Adapter) -> None:
    """Write the record; it is the last file of a run and says that the others are whole."""
    body = {
        "key": key,
        "kind": adapter.kind,
        "path": adapter.path.name,
        "folder": adapter.folder.name,
        "sha256": adapter.sha256,
        "metrics": adapter.metrics.to_json(),
    }
    write_whole(folder / NAME, json.dumps(body, indent=1))


def find_finished(folder: Path, key: str) -> Adapter | None:
    """Return the adapter that this folder holds for the key, or `None`."""
    record = folder / NAME
    if not record.is_file():
        return None
    body = json.loads(record.read_text(encoding="utf-8"))
    if body["key"] != key or not (folder / body["path"]).is_file():
        return None
    return Adapter(
        kind=body["kind"],
        path=folder / body["path"],
        folder=folder / body["folder"],
        sha256=body["sha256"],
        metrics=TrainingMetrics.from_json(body["metrics"]),
    )
