"""What fixed steps tell at their end: the computed value, what was found, and what is missing."""

from collections.abc import Sequence

from lorewright.agents.decompose import Decomposed, Part
from lorewright.agents.joint_values import Dated, comparable
from lorewright.agents.numbers import with_unit
from lorewright.agents.passages import Passage, Result
from lorewright.agents.values import Value

_CANNOT = (
    "The steps are fixed, because the model is too small to decide on them: values that cannot be told "
    "apart for certain are not computed with."
)


def answer_of(
    cut: Decomposed,
    results: Sequence[Result],
    values: Sequence[Value | Dated | None],
    computed: Sequence[Result],
    *,
    is_brief: bool,
) -> str:
    """Return the answer to a task; a brief one leaves out what leads to its value."""
    conclusion = _conclusion(cut, values, computed)
    if is_brief and computed and conclusion:
        return conclusion + _markers([value.passage for value in values if value is not None])
    if cut.is_row and values:
        lines = ["; ".join(value.quote for value in values if value) + _markers([_first(values)])]
    else:
        each = [*values, *[None] * len(cut.parts)]
        lines = [
            _line(cut, part, result, value)
            for part, result, value in zip(cut.parts, results, each, strict=False)
        ]
    return "\n".join([*([conclusion] if conclusion else []), *lines])


def _line(cut: Decomposed, part: Part, result: Result, value: Value | Dated | None) -> str:
    """Return what was found for one part with its places."""
    head = f"{part.question}{'' if part.question.endswith(('?', '.', '!')) else ':'} "
    if value is not None:
        return f"{head}{value.quote}{_markers([value.passage])}"
    if not result.is_found:
        return f"{head}not found in the documents."
    told = result.told
    cited = [passage for passage in result.passages if told in passage.text] or result.passages[:1]
    return f"{head if len(cut.parts) > 1 else ''}{told}{_markers(cited[:3])}"


def _conclusion(cut: Decomposed, values: Sequence[Value | Dated | None], computed: Sequence[Result]) -> str:
    """Return the computed value with its unit, what is larger, or which values are missing."""
    known = [value for value in values if isinstance(value, Value)]
    for result in computed:
        if result.passages:
            passage = result.passages[0]
            _, is_sum, value = passage.text.rpartition(" = ")
            return f"{_with_unit(cut, known, value.strip()) if is_sum else passage.text} [{passage.number}]"
    if cut.operation in ("larger", "smaller") and len(known) == 2 == len(cut.parts):
        numbers, _, _ = comparable(known)
        place = numbers.index(max(numbers) if cut.operation == "larger" else min(numbers))
        return "Both are the same." if numbers[0] == numbers[1] else cut.parts[place].item
    if cut.operation == "none" or cut.is_row:  # of no row: what was found for the task is told
        return ""
    each = [*values, *[None] * len(cut.parts)]
    missing = [f"“{part.question}”" for part, value in zip(cut.parts, each, strict=False) if value is None]
    what = "date" if cut.operation == "days" else "value"
    return (
        f"No {what} could be read for {' and '.join(missing)}. Nothing was computed. {_CANNOT}"
        if missing
        else ""
    )


def _with_unit(cut: Decomposed, values: Sequence[Value], text: str) -> str:
    _, unit, scale = comparable(values)
    if cut.operation in ("change", "share"):
        return f"{text} %"
    if cut.operation == "ratio":
        return text
    if cut.operation == "difference" and unit == "%":
        return f"{text} percentage points"
    return with_unit(text, unit, scale)


def _first(values: Sequence[Value | Dated | None]) -> Passage | None:
    return next((value.passage for value in values if value is not None), None)


def _markers(passages: Sequence[Passage | None]) -> str:
    """Return the numbers of passages, each once."""
    numbers = dict.fromkeys(passage.number for passage in passages if passage is not None)
    return "".join(f" [{number}]" for number in numbers)
