"""Examples in, adapter out: recipes, trainers, runs."""

from lorewright.tuning.fit import Estimate, check_enough, check_fit
from lorewright.tuning.recipe import PreferenceRecipe, Recipe, continuing, preference_recipe, recipe_for
from lorewright.tuning.repository import Run, RunRepository
from lorewright.tuning.row import Preference, Row
from lorewright.tuning.trainer import ENVIRONMENT, Adapter, Trainer, TrainingMetrics, load_trainer

__all__ = [
    "ENVIRONMENT",
    "Adapter",
    "Estimate",
    "Preference",
    "PreferenceRecipe",
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
    "preference_recipe",
    "recipe_for",
]
