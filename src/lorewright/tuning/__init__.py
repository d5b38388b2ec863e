"""Examples in, adapter out: recipes, trainers, runs."""

from typing import TYPE_CHECKING, Any

from lorewright.tuning.fit import check_enough, check_fit, needed_bytes
from lorewright.tuning.recipe import PreferenceRecipe, Recipe, continuing, preference_recipe, recipe_for
from lorewright.tuning.row import Preference, RatedRow, Row
from lorewright.tuning.trainer import ENVIRONMENT, Adapter, Trainer, TrainingMetrics, load_trainer

if TYPE_CHECKING:
    from lorewright.tuning.repository import Run, RunRepository

__all__ = [
    "ENVIRONMENT",
    "Adapter",
    "Preference",
    "PreferenceRecipe",
    "RatedRow",
    "Recipe",
    "Row",
    "Run",
    "RunRepository",
    "Trainer",
    "TrainingMetrics",
    "check_enough",
    "check_fit",
    "continuing",
    "load_trainer",
    "needed_bytes",
    "preference_recipe",
    "recipe_for",
]


def __getattr__(name: str) -> Any:
    """Load the repository, and SQLAlchemy with it, only for those who use it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from lorewright.tuning import repository

    return getattr(repository, name)
