"""The settings of a tuning run."""

from dataclasses import asdict, dataclass, replace
from typing import Literal

from lorewright.settings import Effort, Tuning

DEFAULT_TRAINER = "transformers"

PreferenceMethod = Literal["dpo", "kto", "orpo"]
RecipeName = Literal["lora", "lora-last-layers", "full", "qlora", "classifier", "remote"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipe:
    """The settings of a tuning run: the same rows and the same recipe give the same adapter.

    `max_rows` and `max_row_tokens` bound what is learned from: longer rows are left out. A batch
    holds rows of like length up to `batch_tokens`, padding included, and fewer where a run would else
    have fewer than `least_steps`: few tokens in large batches teach little. `layers_share` is the share
    of layers, counted from the last, that carry weights to learn. The learning rate warms up over
    `warmup_share` of the steps and falls linearly to zero.
    """

    name: RecipeName = "lora"
    trainer: str = DEFAULT_TRAINER
    epochs: float = 3.0
    max_rows: int = 2000
    max_row_tokens: int = 2048
    max_validation_rows: int = 32
    min_examples: int = 50
    batch_tokens: int = 1024
    least_steps: int = 0
    learning_rate: float = 1e-3
    warmup_share: float = 0.05
    weight_decay: float = 0.0
    max_gradient_norm: float = 1.0
    rank: int = 16
    alpha: float = 32.0
    layers_share: float = 1.0
    seed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PreferenceRecipe(Recipe):
    """The settings of a run on preferences, by one of three methods.

    With dpo and kto `beta` says how much it costs to leave the start; with orpo, which knows no start,
    how much the other answer counts beside the one to learn.
    """

    beta: float = 0.1
    method: PreferenceMethod = "dpo"


# A short run on many rows beats a long one on few: rows first, epochs second.
_CONTINUED_SHARE = 1 / 3
_EPOCHS: dict[Effort, float] = {"fast": 2.0, "balanced": 3.0, "thorough": 5.0}
_MAX_ROWS: dict[Effort, int] = {"fast": 200, "balanced": 1000, "thorough": 10_000}

_FULL_LEARNING_RATE = 5e-5  # every weight moves, so each may move less
_LAST_LAYERS_SHARE = 0.5
_LEAST_STEPS = 100
_PREFERENCE_RATE = 0.1


def recipe_for(tuning: Tuning, *, effort: Effort, n_rows: int) -> Recipe:
    """Return the recipe that follows from the settings, the effort and how many rows there are.

    What the settings leave at zero follows from `effort`; very few rows are seen more often, and few
    tokens are learned in smaller batches: 104 rows of 70 tokens left a loss of .123 after 24 steps, and
    .002 after 126, with as many tokens seen (docs/experiments.md).
    """
    max_rows = tuning.max_examples or _MAX_ROWS[effort]
    epochs = tuning.epochs or _EPOCHS[effort] * (2.0 if min(n_rows, max_rows) < 100 else 1.0)
    is_default_rate = tuning.learning_rate == Tuning().learning_rate
    is_full = tuning.recipe == "full"
    return Recipe(
        name=tuning.recipe,
        trainer=tuning.trainer,
        epochs=epochs,
        least_steps=_LEAST_STEPS,
        max_rows=max_rows,
        min_examples=tuning.min_examples,
        learning_rate=_FULL_LEARNING_RATE if is_full and is_default_rate else tuning.learning_rate,
        weight_decay=0.01 if is_full else 0.0,
        rank=tuning.rank,
        alpha=2.0 * tuning.rank,
        layers_share=_LAST_LAYERS_SHARE if tuning.recipe == "lora-last-layers" else 1.0,
        seed=tuning.seed,
    )


def continuing(recipe: Recipe) -> Recipe:
    """Return the recipe of an adapter that begins from another one, which knows the form already.

    What is left to learn is to read the context: a third of the epochs, one at least. A full
    tuning begins from the base again, and keeps its own.
    """
    if recipe.name == "full":
        return recipe
    return replace(recipe, epochs=max(1.0, recipe.epochs * _CONTINUED_SHARE))


def remote_recipe(recipe: Recipe, where: str) -> Recipe:
    """Return what of a recipe another server is told: whole epochs, which rows, and the seed."""
    return Recipe(
        name="remote",
        trainer=where,
        epochs=float(max(1, round(recipe.epochs))),
        max_rows=recipe.max_rows,
        min_examples=recipe.min_examples,
        seed=recipe.seed,
    )


def preference_recipe(recipe: Recipe, *, beta: float, method: PreferenceMethod = "dpo") -> PreferenceRecipe:
    """Return the recipe for preferences.

    With dpo and kto steps are smaller and fewer, since a model soon forgets to speak for them; orpo also
    learns the preferred answers as examples are learned, and so takes the same steps.
    """
    careful = {"learning_rate": _PREFERENCE_RATE * recipe.learning_rate, "least_steps": 0}
    changed = {} if method == "orpo" else careful
    return PreferenceRecipe(**asdict(recipe) | changed, beta=beta, method=method)
