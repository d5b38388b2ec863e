"""Asking an arm every question, each once, whatever happens in between."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from lorewright.evaluation import Question, from_json
from lorewright.flows import Answer, Flow
from lorewright.jobs import Steps
from lorewright.progress import Progress
from lorewright.workspace.comparisons.answering_once import answered, made_of
from lorewright.workspace.domain.memory import reset_peak
from lorewright.workspace.flows.parts import DomainParts

Elsewhere = Callable[[Flow, str, Mapping[str, Question]], Iterator[tuple[str, dict[str, Any]]]]
"""Answers questions, by the names of their steps, on other machines; `made_of` says what with."""


@dataclass(frozen=True, slots=True)
class ArmAnswers:
    """What one arm answered and the CPU time of each answer, by question id, and the memory it took."""

    arm: str
    answers: dict[str, Answer]
    cpu_seconds: dict[str, float]
    peak_memory_bytes: int


def ask_all(
    flow: Flow,
    questions: Sequence[Question],
    parts: DomainParts,
    steps: Steps,
    *,
    label: str,
    elsewhere: Elsewhere | None = None,
) -> ArmAnswers:
    """Return an arm's answer to every question.

    An answer is a step of its own, under a name that says what made it and what was asked: after a
    kill only the unanswered questions are asked, and never are answers of two indexes or adapters
    mixed, nor those to two questions that were given one id. What is not answered yet may be
    answered `elsewhere`.
    """
    made = made_of(flow, parts)
    tell = steps.progress(label)
    if elsewhere is not None:
        _ask_elsewhere(elsewhere, flow, made, questions, steps, tell)
    answers: dict[str, Answer] = {}
    cpu_seconds: dict[str, float] = {}
    peak = 0
    reset_peak()
    for done, question in enumerate(questions):
        if elsewhere is None:
            tell(done, len(questions))
        name = answer_step(flow.name, made, question)
        step = steps.once(name, partial(answered, flow, question, parts))
        answers[question.id] = from_json(Answer, step["answer"])
        if "cpu_seconds" in step:
            cpu_seconds[question.id] = step["cpu_seconds"]
        peak = max(peak, step["peak_memory_bytes"])
    tell(len(questions), len(questions))
    return ArmAnswers(flow.name, answers, cpu_seconds, peak)


def _ask_elsewhere(
    elsewhere: Elsewhere,
    flow: Flow,
    made: str,
    questions: Sequence[Question],
    steps: Steps,
    tell: Progress,
) -> None:
    """Note every answer that comes back as the step it would have been here."""
    named = {answer_step(flow.name, made, question): question for question in questions}
    waiting = {name: question for name, question in named.items() if not steps.has(name)}
    n_before = len(named) - len(waiting)
    tell(n_before, len(questions))
    for done, (name, step) in enumerate(elsewhere(flow, made, waiting), start=n_before + 1):
        steps.once(name, step.copy)
        tell(done, len(questions))


def answer_step(arm: str, made_of: str, question: Question) -> str:
    """Return the name of an answer's step; it ends in the question's id."""
    turns = json.dumps([turn.to_json() for turn in question.conversation], sort_keys=True)
    return f"answer/{arm}/{made_of}-{sha256(turns.encode()).hexdigest()[:16]}/{question.id}"
