"""What is different between recipes: only the settings that are not the same in all."""

from collections.abc import Mapping, Sequence
from typing import Any


def recipe_differences(recipes: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return by setting the value in every recipe, for settings that differ; `None` where one lacks it."""
    names = dict.fromkeys(name for recipe in recipes for name in recipe)
    values = {name: [recipe.get(name) for recipe in recipes] for name in names}
    return {
        name: settings for name, settings in values.items() if any(value != settings[0] for value in settings)
    }
