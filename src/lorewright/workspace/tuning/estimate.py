"""What one run will take: the same figures before it is ordered and when it begins."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from lorewright.amounts import seconds_text, size_text
from lorewright.messages import conversation_from_json
from lorewright.tuning import Recipe, Row, Run, needed_bytes
from lorewright.tuning.base import read_base
from lorewright.tuning.timing import Pace, Timing, rough_seconds, timing
from lorewright.workspace.domain.workspace import Workspace

_N_MEASURED = 3  # the latest earlier runs; older ones were on another day's machine


@dataclass(frozen=True, kw_only=True, slots=True)
class RunEstimate:
    """How long a run takes, where that can be told, and its peak of memory; 0 where the base is not here."""

    n_rows: int
    timing: Timing | None
    memory_bytes: int

    @property
    def told(self) -> str:
        """Return it as a sentence, empty where nothing is known."""
        if self.timing is None:
            return ""
        low, high = seconds_text(self.timing.low), seconds_text(self.timing.high)
        memory = f" and about {size_text(self.memory_bytes)} of memory" if self.memory_bytes else ""
        return f"This takes about {seconds_text(self.timing.seconds)} ({low} to {high}){memory}."


def estimate_run(
    workspace: Workspace,
    kind: str,
    rows: Sequence[Row],
    recipe: Recipe,
    base: Path | None,
    *,
    n_parameters: float | None = None,
) -> RunEstimate:
    """Return what a run on these rows will take, from earlier ones of its kind and the base's header.

    Of a base that is not here yet, `n_parameters` tell the time, if they are known. Rows may hold
    placeholders for what will be retrieved: earlier runs tell how long those were.
    """
    kept = rows[: recipe.max_rows]
    earlier = _earlier(workspace.runs.all(), kind, recipe)
    characters = float(sum(map(characters_of, kept)))
    if kind == "context" and earlier:
        characters = earlier[0].characters_per_row * len(kept)
    characters *= recipe.epochs
    paces = [one.pace for one in earlier]
    memory, rough = 0, None
    if base is not None and rows:
        facts = read_base(base)
        memory, n_parameters = needed_bytes(rows, recipe, facts), facts.n_parameters
    if n_parameters is not None:
        rough = rough_seconds(characters, recipe, n_parameters)
    is_known = bool(rows) and (rough is not None or bool(paces))
    return RunEstimate(
        n_rows=len(kept),
        timing=timing(characters, paces, rough=rough or 0.0) if is_known else None,
        memory_bytes=memory,
    )


def read_rows(path: Path) -> list[Row]:
    """Return the rows that a run learned from, read back from its folder."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Row(conversation_from_json(line["messages"]), line["completion"]) for line in lines]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier run: how fast it was, and how long its rows were."""

    pace: Pace
    characters_per_row: float


def _earlier(runs: Sequence[Run], kind: str, recipe: Recipe) -> list[_Earlier]:
    """Return the latest runs of this kind that finished."""
    earlier: list[_Earlier] = []
    for run in runs:
        is_like = run.adapter == kind and run.recipe["name"] == recipe.name
        each = characters_per_row_of(run) if is_like and len(earlier) < _N_MEASURED else 0.0
        if each and run.metrics:
            characters = each * run.metrics.n_rows * float(run.recipe["epochs"])
            earlier.append(_Earlier(Pace(characters, run.metrics.n_tokens, run.metrics.seconds), each))
    return earlier


def characters_per_row_of(run: Run) -> float:
    """Return how many characters a row of a finished run had on average, 0 where its rows are gone."""
    path = Path(run.path).parent / "rows.jsonl"
    return fmean(map(characters_of, read_rows(path))) if run.metrics and path.is_file() else 0.0


def characters_of(row: Row) -> int:
    """Return how many characters a row has."""
    return sum(len(turn.content) for turn in row.messages) + len(row.completion)
