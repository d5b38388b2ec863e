"""One dial, and what experts say instead."""

from lorewright.settings import Tuning
from lorewright.tuning import recipe_for
from lorewright.tuning.recipe import preference_recipe


def test_more_effort_sees_more_rows_more_often() -> None:
    fast, balanced, thorough = (
        recipe_for(Tuning(), effort=effort, n_rows=500) for effort in ("fast", "balanced", "thorough")
    )
    assert fast.epochs < balanced.epochs < thorough.epochs
    assert fast.max_rows < balanced.max_rows < thorough.max_rows


def test_what_the_settings_say_wins() -> None:
    tuning = Tuning(epochs=1.5, max_examples=7, rank=4, learning_rate=2e-4, seed=3)
    recipe = recipe_for(tuning, effort="fast", n_rows=500)
    assert (recipe.epochs, recipe.max_rows, recipe.rank, recipe.alpha) == (1.5, 7, 4, 8.0)
    assert (recipe.learning_rate, recipe.seed) == (2e-4, 3)


def test_full_tuning_takes_smaller_steps_unless_told() -> None:
    full = recipe_for(Tuning(recipe="full"), effort="balanced", n_rows=500)
    assert full.learning_rate < 1e-4
    told = recipe_for(Tuning(recipe="full", learning_rate=3e-4), effort="balanced", n_rows=500)
    assert told.learning_rate == 3e-4


def test_last_layers_leave_the_lower_half_alone() -> None:
    recipe = recipe_for(Tuning(recipe="lora-last-layers"), effort="balanced", n_rows=500)
    assert recipe.layers_share == 0.5


def test_few_rows_are_seen_more_often_whether_few_are_there_or_few_are_taken() -> None:
    """Sixty examples of a larger file learn as long as a file of sixty."""
    there = recipe_for(Tuning(), effort="balanced", n_rows=60)
    taken = recipe_for(Tuning(max_examples=60), effort="balanced", n_rows=500)
    assert there.epochs == taken.epochs > recipe_for(Tuning(), effort="balanced", n_rows=500).epochs


def test_preferences_are_learned_in_few_steps_unless_their_answers_are_learned_too() -> None:
    recipe = recipe_for(Tuning(), effort="balanced", n_rows=100)
    assert recipe.least_steps > 0
    assert preference_recipe(recipe, beta=0.1).least_steps == 0
    assert preference_recipe(recipe, beta=0.1, method="orpo").least_steps == recipe.least_steps
