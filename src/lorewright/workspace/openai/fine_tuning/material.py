"""What a fine-tuning job learns from, and by which recipe: the rows of a client's files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from lorewright.errors import InvalidExamples, TooFewExamples
from lorewright.tuning import RatedRow, Recipe, Row, check_enough, preference_recipe, recipe_for
from lorewright.tuning.chat_rows import chat_rows
from lorewright.tuning.preference_rows import preference_rows
from lorewright.tuning.rated_rows import need_both_sides, rated_rows
from lorewright.workspace.collections.files import path_of
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.server.server import Server

MIN_ROWS = 10
BETA = 0.1
READERS: Mapping[str, Callable[[Iterable[str]], Iterator[Row]]] = {
    "dpo": preference_rows, "orpo": preference_rows, "kto": rated_rows,
}  # fmt: skip
"""What reads the files of each method that learns from preferences."""
T = TypeVar("T")


def recipe_of(workspace: Workspace, order: Mapping[str, Any], n_rows: int) -> Recipe:
    """Return the recipe that a job orders; what it leaves to us follows from the domain's settings."""
    settings, hyperparameters = workspace.settings, order["hyperparameters"]
    recipe = recipe_for(settings.tuning, effort=settings.effort, n_rows=n_rows)
    numbers = {name: value for name, value in hyperparameters.items() if value not in (None, "auto")}
    method: Any = order.get("method")
    if method in READERS:
        recipe = preference_recipe(recipe, beta=float(numbers.get("beta", BETA)), method=method)
    return replace(
        recipe,
        epochs=float(numbers.get("n_epochs", recipe.epochs)),
        learning_rate=recipe.learning_rate * float(numbers.get("learning_rate_multiplier", 1.0)),
        min_examples=MIN_ROWS,
        max_rows=max(recipe.max_rows, n_rows),
        seed=int(order["seed"]),
    )


def rows_of(server: Server, order: Mapping[str, Any], name: str) -> list[Row]:
    """Return the rows of the file that an order names as `training_file` or `validation_file`.

    Raises `InvalidExamples` or `TooFewExamples` for one that cannot be learned from.
    """
    rows = read_lines(server, order, name, READERS.get(str(order.get("method")), chat_rows))
    is_learned = name == "training_file"
    try:
        check_enough(len(rows), MIN_ROWS if is_learned else 1)
    except TooFewExamples as error:
        raise TooFewExamples(str(error), hint="Add rows to the file.") from error
    if is_learned:
        need_both_sides(row for row in rows if isinstance(row, RatedRow))
    return rows


def read_lines(
    server: Server, order: Mapping[str, Any], name: str, read: Callable[[Iterable[str]], Iterable[T]]
) -> list[T]:
    """Return what `read` makes of the lines of a file."""
    path = path_of(server, server.records("file").get(order[name]))
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return list(read(lines))
    except UnicodeDecodeError as error:
        raise InvalidExamples(f"The {name} is not UTF-8: {error}.", hint="Save it as UTF-8.") from error
