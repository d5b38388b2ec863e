"""What automatic settings amount to in a domain, where that follows from other settings alone."""

from dataclasses import replace

from lorewright.advisor import PRESETS
from lorewright.settings import Settings
from lorewright.tuning.recipe import recipe_for

_MANY = 1_000_000
"""Rows of a run that is not short: a short one sees each of its rows more often."""


def automatic_values(settings: Settings) -> dict[str, float]:
    """Return what each automatic number stands for at the moment, by the setting's path."""
    unset = replace(settings.tuning, epochs=0.0, max_examples=0)
    recipe = recipe_for(unset, effort=settings.effort, n_rows=_MANY)
    retrieval = replace(settings.retrieval, n_kept=0)
    values = {
        "retrieval.n_kept": replace(settings, retrieval=retrieval).in_prompt.n_kept,
        "tuning.epochs": recipe.epochs,
        "tuning.max_examples": recipe.max_rows,
    }
    preset = PRESETS[settings.priorities.preset]
    for name in ("unsupported", "second_points", "cost_points", "stale_percent"):
        values[f"priorities.{name}"] = getattr(preset, name)
    return values
