"""How an agent got to its answer: tools, steps, cost, and the working files that it left."""

from collections.abc import Iterable, Mapping
from typing import Any

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.flows.answer_trace import files_of, is_by_agent, spans_in, steps_of

CHECKS = "checks"
"""The key of a question's metadata: `{"tools": [...], "without": [...], "most_steps": 6, "most_tokens": 4000,
"most_usd": 0.01, "files": {"summary.md": "28 days", "draft.md": null}}`."""
NAMES = ("tools_right", "steps_right", "files_right", "cost_right")


def score(question: Question, answer: Answer, _context: ScoringContext) -> Mapping[str, float]:
    """Return a score for each kind of check that the question has, where an agent worked on the answer."""
    checks: Any = question.metadata.get(CHECKS)
    if not isinstance(checks, Mapping) or not is_by_agent(answer):
        return {}
    scores: dict[str, float] = {}
    if (tools := _tools_right(checks, answer)) is not None:
        scores["tools_right"] = float(tools)
    if (most := _number(checks, "most_steps")) is not None:
        scores["steps_right"] = float(len(steps_of(answer)) <= most)
    if isinstance(checks.get("files"), Mapping):
        scores["files_right"] = float(_files_right(checks["files"], answer))
    if costs := list(_costs_right(checks, answer)):
        scores["cost_right"] = float(all(costs))
    return scores


def _tools_right(checks: Mapping[str, Any], answer: Answer) -> bool | None:
    """Return whether all tools that are needed worked and none of the others did, `None` without a check."""
    needed, without = (_names(checks, key) for key in ("tools", "without"))
    used = {str(step["tool"]) for step in steps_of(answer) if not step.get("error")}
    return (needed <= used and not without & used) if needed or without else None


def _files_right(wanted: Mapping[str, Any], answer: Answer) -> bool:
    """Return whether every file holds its texts, and those with `None` are not there."""
    left = {str(file["path"]): _plain(str(file["text"])) for file in files_of(answer)}
    return all(
        path not in left
        if texts is None
        else path in left and all(_plain(one) in left[path] for one in _texts(texts))
        for path, texts in wanted.items()
    )


def _costs_right(checks: Mapping[str, Any], answer: Answer) -> Iterable[bool]:
    """Yield for each limit whether it was kept."""
    if (most := _number(checks, "most_tokens")) is not None:
        yield answer.usage.prompt_tokens + answer.usage.completion_tokens <= most
    if (most := _number(checks, "most_usd")) is not None:
        yield sum(float(span["usd"]) for span in spans_in(answer)) <= most


def _texts(given: Any) -> list[str]:
    return [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)]


def _plain(text: str) -> str:
    """Return a text as it is compared: case and white space do not matter."""
    return " ".join(text.casefold().split())


def _number(checks: Mapping[str, Any], key: str) -> float | None:
    value = checks.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _names(checks: Mapping[str, Any], key: str) -> set[str]:
    """Return the names under a key; none where somebody wrote something else there."""
    names = checks.get(key)
    return {str(name) for name in names} if isinstance(names, list | tuple) else set()
