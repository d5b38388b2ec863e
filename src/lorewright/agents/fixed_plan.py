"""Fixed steps in the place of a driver: for models that are too small to decide on steps themselves.

Cut the task into questions, have each one answered, read the values, compute with them, and write down
what was found with its places. Which step comes next follows from the conversation alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lorewright.agents.decompose import Decomposed, Operation, decompose
from lorewright.agents.values import Value, date_in, is_year, row_values, value_in, values_of_rows
from lorewright.models import Stopped, never

_PASSAGE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_ANSWER = re.compile(r"\AAnswer of [^:]*: ")
_EXPRESSIONS: Mapping[Operation, str] = {
    "difference": "{b} - {a}",
    "change": "change({a}, {b})",
    "ratio": "{a} / {b}",
    "share": "{a} / {b} * 100",
}
_OF_MANY: Mapping[Operation, str] = {"sum": "sum", "mean": "mean"}
N_PASSAGES = 3
_CANNOT = (
    "This model is small, so the steps were fixed beforehand: the questions were looked up one by one, and "
    "nothing was concluded beyond that."
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A numbered passage, as a tool gave it back."""

    number: int
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave back for one question."""

    said: str
    passages: tuple[Passage, ...]

    @property
    def is_found(self) -> bool:
        """Whether anything was found that may answer."""
        return bool(self.passages)


class FixedPlan:
    """Decides on the steps of a run by the form of its task; what fills them comes from the tools."""

    is_model = False

    def __init__(self, model: str, *, is_brief: bool = False) -> None:
        """Take the name of the model behind the tools; a brief answer leaves out what leads to its value."""
        self.name = f"fixed plan on {model}"
        self._is_brief = is_brief

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        """Yield the next step as the chunks of a chat completion; it takes no tokens."""
        yield {"choices": [{"index": 0, "delta": self._next(request), "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 0, "completion_tokens": 0}}

    def _next(self, request: Mapping[str, Any]) -> dict[str, Any]:
        turns = request["messages"]
        tools = {tool["function"]["name"] for tool in request.get("tools", ())}
        task = next(str(turn["content"]) for turn in turns if turn["role"] == "user")
        results = _results(turns)
        cut = decompose(task)
        if not results:
            return _calls(_first_calls(cut, tools), 0)
        answers = _for_parts(results, len(cut.parts))
        is_computed = any(name in ("calculate", "days_between") for name, _ in results)
        call = None if is_computed else _computation(cut, answers, tools)
        if call is not None:
            return _calls([call], len(results))
        computed = [result for name, result in results if name in ("calculate", "days_between")]
        return {"role": "assistant", "content": _answer(cut, answers, computed, is_brief=self._is_brief)}


def _first_calls(cut: Decomposed, tools: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return the plan, and one question for each part."""
    items = [f"Look up: {part.question}" for part in cut.parts]
    if cut.operation != "none":
        items.append(f"Compute the {cut.operation} of the values")
    calls: list[tuple[str, dict[str, Any]]] = [("plan", {"items": items})] if "plan" in tools else []
    # Values are read from whole passages: a quoted row does not name its columns.
    if "search" in tools and (cut.operation != "none" or "ask" not in tools):
        calls += [("search", {"query": part.question, "n": N_PASSAGES}) for part in cut.parts]
    if "ask" in tools:
        calls += [("ask", {"question": part.question}) for part in cut.parts]
    return calls


def _for_parts(results: Sequence[tuple[str, Result]], n_parts: int) -> list[Result]:
    """Return what was found for each part: what was answered, and the passages that were found beside it."""
    asked = [result for name, result in results if name == "ask"][:n_parts]
    found = [result for name, result in results if name == "search"][:n_parts]
    if not asked:
        return found
    if len(found) < len(asked):
        return asked
    return [
        Result(answer.said, (*answer.passages, *(passages.passages if answer.passages else ())))
        for answer, passages in zip(asked, found, strict=True)
    ]


def _computation(
    cut: Decomposed, answers: Sequence[Result], tools: set[str]
) -> tuple[str, dict[str, Any]] | None:
    """Return the call that computes with the values that were found, `None` where there is none to make."""
    if cut.operation == "days" and "days_between" in tools:
        days = [date_in([passage.text for passage in result.passages]) for result in answers]
        if len(days) == 2 and all(days):
            return "days_between", {"first": days[0], "last": days[1]}
    numbers = [value.number for value in values_of(cut, answers) if value is not None]
    is_whole = cut.is_row or len(numbers) == len(cut.parts)
    expression = _expression(cut.operation, numbers) if is_whole and "calculate" in tools else ""
    return ("calculate", {"expression": expression}) if expression else None


def _expression(operation: Operation, numbers: Sequence[Decimal]) -> str:
    """Return what computes with numbers, '' where nothing can be computed."""
    written = [f"({number})" if number < 0 else str(number) for number in numbers]
    if len(numbers) < 2:
        return ""
    if operation in _OF_MANY:
        return f"{_OF_MANY[operation]}({', '.join(written)})"
    a, b = numbers[-2:]
    below = a if operation == "change" else b
    if operation not in _EXPRESSIONS or (operation != "difference" and not below):
        return ""
    return _EXPRESSIONS[operation].format(a=written[-2], b=written[-1])


def values_of(cut: Decomposed, answers: Sequence[Result]) -> list[Value | None]:
    """Return the value that was found for each part, or all of a row's."""
    texts = [passage.text for result in answers for passage in result.passages]
    if cut.is_row:
        return list(row_values(cut.parts[0].question, texts))
    items = [part.item for part in cut.parts]
    if cut.operation != "none" and len(set(items)) == len(items) and all(map(is_year, items)):
        in_row: list[Value | None] = list(row_values(cut.parts[0].question, texts, items=items))
        if in_row:
            return in_row
    if cut.operation in ("share", "ratio") and len(cut.parts) == 2:
        questions = [part.question for part in cut.parts]
        of_rows: list[Value | None] = list(values_of_rows(questions, texts, item=items[0]))
        if of_rows and len(set(items)) == 1:
            return of_rows
    found = [
        value_in(part.question, [passage.text for passage in result.passages], item=part.item)
        for part, result in zip(cut.parts, answers, strict=False)
    ]
    quotes = [value.quote for value in found if value is not None]
    # What one sentence says is no answer to two questions.
    return found if len(set(quotes)) == len(quotes) else [None] * len(found)


def _answer(cut: Decomposed, answers: Sequence[Result], computed: Sequence[Result], *, is_brief: bool) -> str:
    """Return what was found for each part with its places, the computed value, and what is missing."""
    values = values_of(cut, answers) or [None] * len(cut.parts)
    lines: list[str] = []
    for part, result, value in zip(cut.parts, answers, values, strict=False):
        if not result.is_found:
            lines.append(f"{_headed(part.question)} not found in the documents.")
            continue
        is_value = value is not None and cut.operation != "none"
        told = value.quote if value is not None and is_value else _told(result)
        said = value.written if value is not None and is_value else told
        cited = [passage for passage in result.passages if said in passage.text] or result.passages[:1]
        numbers = "".join(f" [{passage.number}]" for passage in cited[:3])
        head = f"{_headed(part.question)} " if len(cut.parts) > 1 else ""
        lines.append(f"{head}{told}{numbers}")
    conclusion = _conclusion(cut, values, computed)
    if is_brief and computed and conclusion:
        return conclusion
    return "\n".join([*([conclusion] if conclusion else []), *lines])


def _headed(question: str) -> str:
    """Return a question as what stands before its answer."""
    return question if question.endswith("?") else f"{question}:"


def _conclusion(cut: Decomposed, values: Sequence[Value | None], computed: Sequence[Result]) -> str:
    for result in computed:
        if result.passages:
            passage = result.passages[0]
            value = passage.text.rpartition(" = ")[2].strip() if " = " in passage.text else passage.text
            return f"{value} [{passage.number}]"
    known = [value for value in values if value is not None]
    if cut.operation in ("larger", "smaller") and len(known) == 2 == len(cut.parts):
        pick = max if cut.operation == "larger" else min
        place = pick((0, 1), key=lambda place: known[place].number)
        return cut.parts[place].item or cut.parts[place].question
    if cut.operation != "none" and not cut.is_row:  # of no row: what was found for the task is told
        missing = [part.question for part, value in zip(cut.parts, values, strict=False) if value is None]
        return (
            f"No value could be read for: {'; '.join(missing)}. Nothing was computed. {_CANNOT}"
            if missing
            else ""
        )
    return ""


def _told(result: Result) -> str:
    said = _PASSAGE.split(_ANSWER.sub("", result.said))[0].strip()
    return said or result.passages[0].text.strip()


def _results(turns: Sequence[Mapping[str, Any]]) -> list[tuple[str, Result]]:
    """Return what the tools gave back so far, in order, each with the tool's name."""
    return [
        (str(turn.get("name", "")), _read(str(turn["content"]))) for turn in turns if turn["role"] == "tool"
    ]


def _read(content: str) -> Result:
    places = list(_PASSAGE.finditer(content))
    ends = [*(match.start() for match in places[1:]), len(content)][: len(places)]
    passages = tuple(
        Passage(int(match[1]), match[2], content[match.end() : end].strip())
        for match, end in zip(places, ends, strict=True)
    )
    return Result(content[: places[0].start()].strip() if places else content.strip(), passages)


def _calls(calls: Sequence[tuple[str, dict[str, Any]]], n_before: int) -> dict[str, Any]:
    made = [
        {
            "index": index,
            "id": f"step_{n_before}_{index}",
            "type": "function",
            "function": {"name": name, "arguments": json.dumps(arguments, ensure_ascii=False)},
        }
        for index, (name, arguments) in enumerate(calls)
    ]
    return {"role": "assistant", "content": None, "tool_calls": made}
