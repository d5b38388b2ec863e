"""Fixed steps in the place of a driver: for models that are too small to decide on steps themselves.

Cut the task into questions, have each one answered, read the values, compute with them, and write down
what was found with its places. Which step comes next follows from the conversation alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lorewright.agents.decompose import TODAY, Decomposed, Operation, decompose
from lorewright.agents.fixed_answer import answer_of
from lorewright.agents.joint_values import Dated, comparable, dates_of, values_of
from lorewright.agents.list_tasks import documents_to_list, listed
from lorewright.agents.model_steps import answer_of_models, next_calls, plan_of
from lorewright.agents.model_tasks import ModelTask, model_task
from lorewright.agents.passages import Result, results_in
from lorewright.agents.table_tasks import has_table_form, queried, table_task
from lorewright.agents.values import Value
from lorewright.models import Stopped, never

_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FILE_NAME = re.compile(
    r"\b(?P<name>\w[\w-]*)\.(?:csv|tsv|xlsx?|ods|md|txt|pdf|docx?|html?|json)\b", re.IGNORECASE
)
"""A document is found by the words of its name, which the ending is none of."""
_EXPRESSIONS: Mapping[Operation, str] = {
    "difference": "{b} - {a}",
    "change": "change({a}, {b})",
    "ratio": "{a} / {b}",
    "share": "{a} / {b} * 100",
}
_OF_MANY: Mapping[Operation, str] = {"sum": "sum", "mean": "mean"}
N_PASSAGES = 6
_TO_DO: Mapping[Operation, str] = {
    "difference": "Compute their difference",
    "change": "Compute the change in percent",
    "sum": "Add them up",
    "mean": "Compute their mean",
    "ratio": "Compute their ratio",
    "share": "Compute the share in percent",
    "larger": "Say which is larger",
    "smaller": "Say which is smaller",
    "days": "Count the days between them",
}
_ROUNDED: Mapping[Operation, int] = {"change": 2, "share": 2, "ratio": 4, "mean": 4}
"""To how many places what divides is rounded."""


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
        given = next(str(turn["content"]) for turn in turns if turn["role"] == "user")
        task = _FILE_NAME.sub(lambda match: re.sub(r"[-_]", " ", match["name"]), given)
        results = results_in(turns)
        if of_models := model_task(given, request.get("tools", ())):
            return _of_models(of_models, [result for name, result in results if name != "plan"], tools)
        cut = decompose(task)
        if not results:
            return _calls(_first_calls(task, cut, tools), 0)
        answers = _for_parts(results, len(cut.parts))
        values = _values(cut, answers, results)
        step = _of_document(task, answers, results, tools) if not values and len(cut.parts) == 1 else None
        if step is not None:
            if isinstance(step, str):
                return {"role": "assistant", "content": step}
            return _calls(step, len(results))
        is_computed = any(name in ("calculate", "days_between") for name, _ in results)
        call = None if is_computed else _computation(cut, values, tools)
        if call is not None:
            return _calls([call], len(results))
        computed = [result for name, result in results if name in ("calculate", "days_between")]
        text = answer_of(cut, answers, values, computed, is_brief=self._is_brief)
        failed = [result.error for name, result in results if name in ("search", "ask") and result.error]
        if failed:
            text += f"\n{failed[0]} Something may be missing above; try again."
        return {"role": "assistant", "content": text}


def _of_models(task: ModelTask, results: Sequence[Result], tools: set[str]) -> dict[str, Any]:
    """Return the next call of a task for models, and what they said once all were made."""
    calls = next_calls(task, results, tools)
    if not calls:
        return {"role": "assistant", "content": answer_of_models(task, results, tools)}
    planned = [plan_of(task)] if not results and "plan" in tools else []
    return _calls([*planned, *calls], len(results))


def _values(
    cut: Decomposed, answers: Sequence[Result], results: Sequence[tuple[str, Result]]
) -> Sequence[Value | Dated | None]:
    """Return the value or the date that was found for each part of a task that is computed."""
    if cut.operation == "none":
        return ()
    if cut.operation == "days":
        said = " ".join(result.told for name, result in results if name == "current_date")
        return dates_of(cut, answers, match.group() if (match := _DATE.search(said)) else "")
    return values_of(cut, answers)


def _of_document(
    task: str, answers: Sequence[Result], results: Sequence[tuple[str, Result]], tools: set[str]
) -> str | list[tuple[str, dict[str, Any]]] | None:
    """Return the next step of a task that a whole document answers, or what it came to; `None` for others."""
    asked = [result for name, result in results if name == "query_document"]
    if "query_document" in tools and (step := _query(task, answers, asked)) is not None:
        return step if isinstance(step, str) else [step]
    passages = [passage for result in answers for passage in result.passages]
    if "read_document" not in tools or not (names := documents_to_list(task, passages)):
        return None
    read = [result for tool, result in results if tool == "read_document"]
    if not read:
        return [("read_document", {"document": name}) for name in names]
    # What quotes answer stays, unless the documents mark each line of the list.
    lines = [listed(task, one, is_marked=answers[0].is_found) for one in read]
    return "\n".join(filter(None, lines)) or None


def _query(
    task: str, answers: Sequence[Result], asked: Sequence[Result]
) -> str | tuple[str, dict[str, Any]] | None:
    """Return the next step of a query over a table, or what it gave; `None` where none answers the task."""
    table = table_task(task, [passage for result in answers for passage in result.passages])
    if table is None:
        return None
    if not asked:
        return "query_document", {"document": table.document}
    if len(asked) == 1:
        sql = table.sql("\n".join(passage.text for passage in asked[0].passages))
        return ("query_document", {"document": table.document, "sql": sql}) if sql else None
    return queried(table, asked[1]) or None


def _first_calls(task: str, cut: Decomposed, tools: set[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return the plan, and one question for each part."""
    items = [f"Look up: {part.question}" for part in cut.parts]
    if cut.operation != "none":
        items.append(_TO_DO[cut.operation])
    calls: list[tuple[str, dict[str, Any]]] = [("plan", {"items": items})] if "plan" in tools else []
    if "current_date" in tools and any(part.question == TODAY for part in cut.parts):
        calls.append(("current_date", {}))
    # Values are read from whole passages: a quoted row does not name its columns.
    is_read = cut.operation != "none" or (len(cut.parts) == 1 and has_table_form(task))
    if "search" in tools and (is_read or "ask" not in tools):
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
        Result(answer.said, (*answer.passages, *passages.passages), answer.is_found)
        for answer, passages in zip(asked, found, strict=True)
    ]


def _computation(
    cut: Decomposed, values: Sequence[Value | Dated | None], tools: set[str]
) -> tuple[str, dict[str, Any]] | None:
    """Return the call that computes with the values that were found, `None` where there is none to make."""
    days = [value.day for value in values if isinstance(value, Dated)]
    if len(days) == 2 and "days_between" in tools:
        is_of_today = any(part.question == TODAY for part in cut.parts)  # what is over is so many days ago
        first, last = days if is_of_today else sorted(days)
        return "days_between", {"first": first, "last": last}
    known = [value for value in values if isinstance(value, Value)]
    if "calculate" not in tools or not (cut.is_row or len(known) == len(cut.parts)):
        return None
    expression = _expression(cut.operation, comparable(known)[0])
    return ("calculate", {"expression": expression}) if expression else None


def _expression(operation: Operation, numbers: Sequence[Decimal]) -> str:
    """Return what computes with numbers, '' where nothing can be computed."""
    written = [f"({number:f})" if number < 0 else f"{number:f}" for number in numbers]
    if len(numbers) < 2:
        return ""
    if operation in _OF_MANY:
        expression = f"{_OF_MANY[operation]}({', '.join(written)})"
    else:
        a, b = numbers[-2:]
        below = a if operation == "change" else b
        if operation not in _EXPRESSIONS or (operation != "difference" and not below):
            return ""
        expression = _EXPRESSIONS[operation].format(a=written[-2], b=written[-1])
    places = _ROUNDED.get(operation)
    return expression if places is None else f"round({expression}, {places})"


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
