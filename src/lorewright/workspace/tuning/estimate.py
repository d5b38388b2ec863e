"""What one run will take: the same figures before it is ordered and when it begins."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from lorewright.amounts import seconds_text, size_text, usd_text
from lorewright.messages import conversation_from_json
from lorewright.tuning import Recipe, Row, Run, needed_bytes
from lorewright.tuning.base import BaseFacts, read_base
from lorewright.tuning.timing import Pace, Timing, rough_seconds, timing
from lorewright.workspace.domain.workspace import Workspace

MEMORY_PLANNED = (0.35, 1.15)
"""Of the planned memory, what runs took: the plan is for numbers of 32 bits, those of 16 took 0.37 of it."""
MEMORY_MEASURED = (0.8, 1.25)
"""The same of what earlier runs like it say: their batches were not the same."""
SAME_SIZE = 0.05
"""By how much the numbers of two bases may differ to take the same memory."""
N_MEASURED = 3  # the latest earlier runs; older ones were on another day's machine


@dataclass(frozen=True, kw_only=True, slots=True)
class RunEstimate:
    """How long a run takes, where that can be told, and its peak of memory; 0 where the base is not here."""

    n_rows: int
    timing: Timing | None
    memory_bytes: int
    memory_range: tuple[int, int] = (0, 0)

    def told(self, hour_usd: float | None = None) -> str:
        """Return it as a sentence, empty where nothing is known; with the price of an hour its cost, too."""
        if self.timing is None:
            return ""
        low, high = seconds_text(self.timing.low), seconds_text(self.timing.high)
        least, most = map(size_text, self.memory_range)
        memory = f" and {least} to {most} of memory" if self.memory_bytes else ""
        told = f"This takes about {seconds_text(self.timing.seconds)} ({low} to {high}){memory}."
        if hour_usd is None:
            return told
        least, most = (usd_text(seconds / 3600 * hour_usd) for seconds in (self.timing.low, self.timing.high))
        return f"{told} It costs {least} to {most} at {usd_text(hour_usd)} an hour."


def estimate_run(
    workspace: Workspace,
    kind: str,
    rows: Sequence[Row],
    recipe: Recipe,
    base: Path | None,
    *,
    n_parameters: float | None = None,
    more_epochs: float = 0.0,
) -> RunEstimate:
    """Return what a run on these rows will take, from earlier ones of its kind and the base's header.

    Of a base that is not here yet, `n_parameters` tell the time, if they are known. Rows may hold
    placeholders for what will be retrieved: earlier runs tell how long those were. `more_epochs` is
    what is done beside the learning, as a number of epochs.
    """
    kept = rows[: recipe.max_rows]
    facts = read_base(base) if base is not None and rows else None
    if facts is not None:
        n_parameters = facts.n_parameters
    earlier = _earlier(workspace.runs.all(), kind, recipe, n_parameters)
    characters = float(sum(row.n_characters for row in kept))
    if kind == "context" and earlier:
        characters = earlier[0].characters_per_row * len(kept)
    characters *= recipe.epochs + more_epochs
    paces = [one.pace for one in earlier]
    memory, rough = 0, None
    memory_range = (0, 0)
    if facts is not None:
        memory = needed_bytes(rows, recipe, facts)
        memory_range = _memory_range(memory, earlier, recipe, facts)
    if n_parameters is not None:
        rough = rough_seconds(characters, recipe, n_parameters)
    is_known = bool(rows) and (rough is not None or bool(paces))
    return RunEstimate(
        n_rows=len(kept),
        timing=timing(characters, paces, rough=rough or 0.0) if is_known else None,
        memory_bytes=memory,
        memory_range=memory_range,
    )


def read_rows(path: Path) -> list[Row]:
    """Return the rows that a run learned from, read back from its folder."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Row(conversation_from_json(line["messages"]), line["completion"]) for line in lines]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """An earlier run: how fast it would be on this base, its rows, and how long they were."""

    run: Run
    is_same_size: bool
    rows: Sequence[Row]
    pace: Pace
    characters_per_row: float


def _earlier(runs: Sequence[Run], kind: str, recipe: Recipe, n_parameters: float | None) -> list[_Earlier]:
    """Return the latest runs of this kind that finished.

    On a base of another size a token takes as much longer as that is larger.
    """
    earlier: list[_Earlier] = []
    for run in runs:
        is_like = run.adapter == kind and run.recipe["name"] == recipe.name
        rows = rows_of(run) if is_like and len(earlier) < N_MEASURED else []
        if rows and run.metrics:
            each = characters_per_row(rows)
            characters = each * run.metrics.n_rows * float(run.recipe["epochs"])
            size = run.metrics.n_base_parameters
            factor = n_parameters / size if n_parameters and size else 1.0
            pace = Pace(characters, run.metrics.n_tokens, run.metrics.seconds * factor)
            earlier.append(_Earlier(run, abs(factor - 1.0) < SAME_SIZE, rows, pace, each))
    return earlier


def _memory_range(
    planned: int, earlier: Sequence[_Earlier], recipe: Recipe, facts: BaseFacts
) -> tuple[int, int]:
    """Return from and to how many bytes a run takes, by what earlier ones took of their plan."""
    shares = []
    for one in earlier:
        kept = {
            name: one.run.recipe[name]
            for name in ("batch_tokens", "max_row_tokens", "layers_share", "epochs", "max_rows")
            if name in one.run.recipe
        }
        kept["least_steps"] = one.run.recipe.get("least_steps", 0)  # earlier versions had none
        if one.is_same_size and one.run.metrics and one.run.metrics.peak_bytes:
            planned_then = needed_bytes(one.rows, replace(recipe, **kept), facts)
            shares.append(one.run.metrics.peak_bytes / planned_then)
    if not shares:
        least, most = MEMORY_PLANNED
        return int(planned * least), int(planned * most)
    least, most = MEMORY_MEASURED
    return int(planned * min(shares) * least), int(planned * max(shares) * most)


def rows_of(run: Run) -> list[Row]:
    """Return the rows of a finished run, none where they are gone."""
    path = Path(run.path).parent / "rows.jsonl"
    return read_rows(path) if run.metrics and path.is_file() else []


def characters_per_row(rows: Sequence[Row]) -> float:
    """Return how many characters a row has on average."""
    return fmean(row.n_characters for row in rows)
