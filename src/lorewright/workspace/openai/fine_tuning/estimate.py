"""What a fine-tuning job would take: time, memory and money, before it is ordered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.access import Caller
from lorewright.tuning import PreferenceRecipe, Recipe, Row
from lorewright.tuning.base import read_base
from lorewright.workspace.domain.memory import available_bytes
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.openai.fine_tuning.checks import check_rows
from lorewright.workspace.openai.fine_tuning.jobs import checked_order
from lorewright.workspace.openai.fine_tuning.material import recipe_of, rows_of
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.estimate import RunEstimate, estimate_run
from lorewright.workspace.tuning.hour_price import hour_price
from lorewright.workspace.tuning.plan import base_here

REFERENCE_EPOCHS = 0.5
"""What asking the reference of dpo and kto takes, in epochs: all rows are read once, and not learned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FineTuningEstimate:
    """What a job would take; with a `problem` it would fail, `warnings` are told as its events."""

    recipe: Recipe
    takes: RunEstimate
    n_validation_rows: int
    free_bytes: int
    hour_usd: float | None
    problem: str
    warnings: tuple[str, ...]

    @property
    def usd_range(self) -> tuple[float, float] | None:
        """Return from and to how much it costs, `None` without the time or the price of an hour."""
        timing = self.takes.timing
        if timing is None or self.hour_usd is None:
            return None
        return timing.low / 3600 * self.hour_usd, timing.high / 3600 * self.hour_usd


def estimate_fine_tuning(
    server: Server, caller: Caller, *, model: str, training_file: str, **order: Any
) -> FineTuningEstimate:
    """Return what the job of this order would take; nothing is fetched, trained or kept.

    The order is that of `create_fine_tuning`. Raises `InvalidExamples` for a file that is not read.
    """
    caller.need("tune")
    body = checked_order(server, caller, model=model, training_file=training_file, **order)
    rows = rows_of(server, body, "training_file")
    validation = rows_of(server, body, "validation_file") if body["validation_file"] else []
    workspace = server.workspace
    recipe = recipe_of(workspace, body, len(rows))
    checked, takes = check_rows(rows, validation, recipe), estimate_job(workspace, body, rows, recipe)
    needed, free = takes.memory_bytes * workspace.settings.tuning.processes, available_bytes()
    short = f"It needs about {needed / 1e9:.1f} GB of memory; {free / 1e9:.1f} GB are free."
    return FineTuningEstimate(
        recipe=recipe,
        takes=takes,
        n_validation_rows=min(len(validation), recipe.max_validation_rows),
        free_bytes=free,
        hour_usd=hour_price(workspace),
        problem=checked.problem or (short if needed > free else ""),
        warnings=checked.warnings,
    )


def estimate_job(
    workspace: Workspace, body: Mapping[str, Any], rows: Sequence[Row], recipe: Recipe
) -> RunEstimate:
    """Return what a run on these rows takes; earlier runs of the domain on the same base tell how fast."""
    base = base_here(workspace, body["uri"])
    has_reference = isinstance(recipe, PreferenceRecipe) and recipe.method != "orpo"
    return estimate_run(
        workspace,
        "bare" if body["uri"] == workspace.tuning_base() else "",
        rows,
        recipe,
        base,
        n_parameters=read_base(base).n_parameters if base else None,
        more_epochs=REFERENCE_EPOCHS if has_reference else 0.0,
    )
