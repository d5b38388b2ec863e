"""Values that belong together: those of one row, of one column, or of the same row in two documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lorewright.agents.decompose import TODAY, Decomposed, Operation
from lorewright.agents.numbers import factor_of
from lorewright.agents.passages import Passage, Result
from lorewright.agents.values import Value, date_in, row_values, values_for
from lorewright.knowledge.dates import dates_in

_LEAST_COVERAGE, _WHOLE = 0.34, 0.99
"""How many of a question's words must stand by a value: all where the question counts as unanswered."""
_MOST_ANCHORS = 25
_MIXES_UNITS: frozenset[Operation] = frozenset({"ratio"})


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as YYYY-MM-DD, and the passage that it stands in; `None` where the task names it itself."""

    day: str
    passage: Passage | None

    @property
    def quote(self) -> str:
        """How it is told."""
        return self.day


def dates_of(cut: Decomposed, results: Sequence[Result], today: str) -> list[Dated | None]:
    """Return the date that was found for each part, or that the part names itself."""
    found: list[Dated | None] = []
    for part, result in zip(cut.parts, results, strict=False):
        named = [
            form
            for one in dates_in(part.question)
            for form in one.forms
            if form[:1] != "-" and len(form) == 10
        ]
        day = today if part.question.lower() == TODAY else named[0] if len(named) == 1 else ""
        if day:
            found.append(Dated(day, None))
            continue
        read = date_in(result.passages, part.question)
        found.append(None if read is None else Dated(*read))
    return found


def comparable(values: Sequence[Value]) -> tuple[list[Decimal], str, str]:
    """Return the numbers of values on one scale, with their unit and that scale."""
    unit = next((value.unit for value in values if value.unit), "")
    scales = {value.scale for value in values}
    if len(scales) == 1:
        return [value.number for value in values], unit, next(iter(scales))
    return [value.number * factor_of(value.scale) for value in values], unit, ""


def values_of(cut: Decomposed, results: Sequence[Result]) -> list[Value | None]:
    """Return the value that was found for each part, or all of a row's; `None` where none can be trusted.

    Two numbers are computed with only where they are comparable: of one row or column, or of two places that
    say the same, and with one unit.
    """
    passages = _each_once(results)
    if cut.is_row:
        return list(row_values(cut.parts[0].question, passages))
    found = [
        [value for value in values_for(part.question, part.item, _first(result, passages))
         if value.coverage >= (_LEAST_COVERAGE if result.is_found else _WHOLE)]
        for part, result in zip(cut.parts, results, strict=False)
    ]  # fmt: skip
    if len(found) == 1 or cut.operation == "none":
        return [next(iter(values), None) for values in found]
    together = _together(found, cut.operation)
    return list(together) if together else [None for _ in found]


def _together(found: Sequence[Sequence[Value]], operation: Operation) -> list[Value] | None:
    """Return the likeliest values of all parts that go together, `None` where none do."""
    best: tuple[float, list[Value]] | None = None
    for anchor in found[0][:_MOST_ANCHORS]:
        chosen, score = [anchor], anchor.score
        for values in found[1:]:
            fits = [
                (value.score + fit, -place, value)
                for place, value in enumerate(values)
                if (fit := _fit_all(chosen, value, operation)) is not None
            ]
            if not fits:
                break
            points, _, value = max(fits, key=lambda one: one[:2])
            chosen.append(value)
            score += points
        else:
            if best is None or score > best[0]:
                best = (score, chosen)
    return best[1] if best else None


def _fit_all(chosen: Sequence[Value], value: Value, operation: Operation) -> float | None:
    """Return how well a value goes with all that were chosen, `None` where it does not with one of them."""
    fits = [fit for known in chosen if (fit := _fit(known, value, operation)) is not None]
    return min(fits) if len(fits) == len(chosen) else None


def _fit(one: Value, other: Value, operation: Operation) -> float | None:
    """Return how well two values go together, `None` where they do not."""
    if one.unit and other.unit and one.unit != other.unit and operation not in _MIXES_UNITS:
        return None
    if (one.unit == "%") != (other.unit == "%") and operation not in _MIXES_UNITS:
        return None
    if one.scale != other.scale and (one.row or other.row):  # one table says what it counts in, one does not
        return None
    if bool(one.row or one.column) != bool(other.row or other.column):
        return None if min(one.coverage, other.coverage) < 1 else -1.0
    is_one_document = one.passage.document == other.passage.document
    if not (one.row or one.column):
        # What one sentence says is no answer to two questions.
        return None if one.quote == other.quote else 0.5 * is_one_document
    same_row, same_column = one.row == other.row, one.column == other.column
    is_one_table = is_one_document and one.table == other.table
    if is_one_table and same_row and same_column:
        return None
    if is_one_table and (same_row or same_column):
        return 2.0 if same_row else 1.5
    if same_row and (same_column or one.row):
        return 1.5 if same_column else 0.5
    return -0.5 if min(one.coverage, other.coverage) >= 1 else None


def _each_once(results: Sequence[Result]) -> list[Passage]:
    return list({passage.number: passage for result in results for passage in result.passages}.values())


def _first(result: Result, passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that were found for one part, and then the others."""
    own = {passage.number for passage in result.passages}
    return [*result.passages, *(passage for passage in passages if passage.number not in own)]
