"""How an agent got to its answer: the tools it used or kept away from, and how many steps it took."""

from collections.abc import Mapping
from typing import Any

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.flows.answer_trace import steps_of

CHECKS = "checks"
"""The key of a question's metadata: `{"tools": [...], "without": [...], "most_steps": 6}`."""


def score(question: Question, answer: Answer, _context: ScoringContext) -> Mapping[str, float]:
    """Return `tools_right` and `steps_right` where the question has checks of them and an agent answered."""
    checks: Any = question.metadata.get(CHECKS)
    steps = steps_of(answer)
    if not isinstance(checks, Mapping) or not steps:
        return {}
    needed, without = (_names(checks, key) for key in ("tools", "without"))
    most = checks.get("most_steps")
    used = {str(step["tool"]) for step in steps if not step.get("error")}
    scores: dict[str, float] = {}
    if needed or without:
        scores["tools_right"] = float(needed <= used and not without & used)
    if isinstance(most, int):
        scores["steps_right"] = float(len(steps) <= most)
    return scores


def _names(checks: Mapping[str, Any], key: str) -> set[str]:
    """Return the names under a key; none where somebody wrote something else there."""
    names = checks.get(key)
    return {str(name) for name in names} if isinstance(names, list | tuple) else set()
