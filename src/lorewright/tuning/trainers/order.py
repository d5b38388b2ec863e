"""What a run in several processes is asked to do, and what it tells: files of its folder, of JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lorewright.messages import conversation_from_json
from lorewright.tuning.recipe import PreferenceRecipe, Recipe
from lorewright.tuning.row import Preference, RatedRow, Row
from lorewright.whole_files import write_whole

ORDER, NEWS, STOP = "torchrun.json", "torchrun-news.jsonl", "torchrun-stop"


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """A run, as `Trainer.train` takes it, and whether the processes share the base's weights out."""

    rows: Sequence[Row]
    validation: Sequence[Row]
    recipe: Recipe
    base: Path
    folder: Path
    init_from: Path | None
    is_sharded: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the order as JSON values."""
        return {
            "rows": [_row_json(row) for row in self.rows],
            "validation": [_row_json(row) for row in self.validation],
            "recipe": asdict(self.recipe),
            "base": str(self.base),
            "folder": str(self.folder),
            "init_from": str(self.init_from) if self.init_from else None,
            "is_sharded": self.is_sharded,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Order":
        """Return the order that `to_json` gave."""
        recipe = PreferenceRecipe if "beta" in body["recipe"] else Recipe
        return cls(
            rows=[_row(row) for row in body["rows"]],
            validation=[_row(row) for row in body["validation"]],
            recipe=recipe(**body["recipe"]),
            base=Path(body["base"]),
            folder=Path(body["folder"]),
            init_from=Path(body["init_from"]) if body["init_from"] else None,
            is_sharded=body["is_sharded"],
        )


def save_order(order: Order) -> Path:
    """Write an order into its folder, where nothing is told yet, and return its file."""
    order.folder.mkdir(parents=True, exist_ok=True)
    for name in (NEWS, STOP):
        (order.folder / name).unlink(missing_ok=True)
    path = order.folder / ORDER
    write_whole(path, json.dumps(order.to_json()))
    return path


def read_order(path: Path) -> Order:
    """Return the order that `save_order` wrote."""
    return Order.from_json(json.loads(path.read_text(encoding="utf-8")))


def tell(folder: Path, **news: Any) -> None:
    """Add a line to the news of a run."""
    with (folder / NEWS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(news) + "\n")


class News:
    """What a run tells from now on, line by line."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NEWS
        self._place = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the whole lines that came since the last time."""
        if not self._path.is_file():
            return
        with self._path.open("rb") as file:
            file.seek(self._place)
            lines = file.read().split(b"\n")[:-1]
        self._place += sum(len(line) + 1 for line in lines)
        yield from (json.loads(line) for line in lines)


def _row_json(row: Row) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [turn.to_json() for turn in row.messages],
        "completion": row.completion,
    }
    if isinstance(row, RatedRow):
        return body | {"is_good": row.is_good}
    return body | ({"rejected": row.rejected} if isinstance(row, Preference) else {})


def _row(body: Mapping[str, Any]) -> Row:
    messages = conversation_from_json(body["messages"])
    if "is_good" in body:
        return RatedRow(messages, body["completion"], body["is_good"])
    if "rejected" in body:
        return Preference(messages, body["completion"], body["rejected"])
    return Row(messages, body["completion"])
