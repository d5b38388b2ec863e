"""The checks of `lorewright tune` on a client's file: what cannot be learned from it, and what to know."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lorewright.datasets import Example, deduplicate
from lorewright.datasets.findings import find_long
from lorewright.datasets.fitness import ANY_LENGTH, SEE_MORE, fitness_of
from lorewright.tuning import Preference, RatedRow, Recipe, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedRows:
    """`problem` says why nothing can be learned, '' where something can; `warnings` are told as events."""

    problem: str
    warnings: tuple[str, ...]


def check_rows(rows: Sequence[Row], validation: Sequence[Row], recipe: Recipe) -> CheckedRows:
    """Return whether rows are fit to learn from, before anything is trained.

    A client says itself how long an answer may be.
    """
    if any(isinstance(row, Preference | RatedRow) for row in rows):
        return _checked_preferences(rows, validation, recipe)
    examples = _examples(rows)
    fitness = fitness_of(examples, max_answer_tokens=ANY_LENGTH, max_row_tokens=recipe.max_row_tokens)
    hint = fitness.hint.removesuffix(SEE_MORE).strip()  # that command looks at the domain's own examples
    warnings = (*fitness.warnings, *_repeated(examples), *_shared(rows, validation))
    return CheckedRows(problem=f"{fitness.problem} {hint}".strip(), warnings=warnings)


def _checked_preferences(rows: Sequence[Row], validation: Sequence[Row], recipe: Recipe) -> CheckedRows:
    """Return the same for preferences: one prompt may well have several answers, and one be right for all."""
    pairs = [row for row in rows if isinstance(row, Preference)]
    sides = [*_examples(rows), *_examples([Row(row.messages, row.rejected) for row in pairs])]
    long = {
        finding.example_id
        for finding in find_long(sides, max_answer_tokens=ANY_LENGTH, max_row_tokens=recipe.max_row_tokens)
    }
    problem, warnings = "", list(_shared(rows, validation))
    if len(long) == len(rows):
        problem = f"All {len(rows):,} preferences are longer than what is learned from. Shorten them."
    elif long:
        warnings.insert(0, f"{len(long):,} of the preferences are longer than what is learned from.")
    warnings += fitness_of(sides, max_answer_tokens=ANY_LENGTH, max_row_tokens=ANY_LENGTH).private
    return CheckedRows(problem=problem, warnings=tuple(warnings))


def _examples(rows: Sequence[Row]) -> list[Example]:
    return [Example(str(number), row.messages, row.completion) for number, row in enumerate(rows, start=1)]


def _repeated(examples: Sequence[Example]) -> Iterator[str]:
    n = len(deduplicate(examples).dropped)
    if n:
        yield f"{n:,} rows repeat another one: they are learned as often as they stand in the file."


def _shared(rows: Sequence[Row], validation: Sequence[Row]) -> Iterator[str]:
    """Yield a line where the validation file measures what is learned."""
    learned = {row.messages for row in rows}
    n = sum(row.messages in learned for row in validation)
    if n:
        yield f"{n:,} prompts of the validation file are in the training file: its loss says too little."
