"""Asking an arm every question, each once, whatever happens in between."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from lorewright.evaluation import Question, from_json, to_json
from lorewright.flows import Answer, Flow, adapters_of, flow_hash, retrieves, run
from lorewright.jobs import Steps
from lorewright.peak_memory import peak_bytes
from lorewright.workspace.domain.memory import reset_peak
from lorewright.workspace.flows.parts import DomainParts


@dataclass(frozen=True, slots=True)
class ArmAnswers:
    """What one arm answered and the CPU time of each answer, by question id, and the memory it took."""

    arm: str
    answers: dict[str, Answer]
    cpu_seconds: dict[str, float]
    peak_memory_bytes: int


def ask_all(
    flow: Flow, questions: Sequence[Question], parts: DomainParts, steps: Steps, *, label: str
) -> ArmAnswers:
    """Return an arm's answer to every question.

    An answer is a step of its own, under a name that says what made it and what was asked: after a
    kill only the unanswered questions are asked, and never are answers of two indexes or adapters
    mixed, nor those to two questions that were given one id.
    """
    made_of = _made_of(flow, parts)
    tell = steps.progress(label)
    answers: dict[str, Answer] = {}
    cpu_seconds: dict[str, float] = {}
    peak = 0
    reset_peak()
    for done, question in enumerate(questions):
        tell(done, len(questions))
        name = answer_step(flow.name, made_of, question)
        step = steps.once(name, partial(_answered, flow, question, parts))
        answers[question.id] = from_json(Answer, step["answer"])
        if "cpu_seconds" in step:
            cpu_seconds[question.id] = step["cpu_seconds"]
        peak = max(peak, step["peak_memory_bytes"])
    tell(len(questions), len(questions))
    return ArmAnswers(flow.name, answers, cpu_seconds, peak)


def answer_step(arm: str, made_of: str, question: Question) -> str:
    """Return the name of an answer's step; it ends in the question's id."""
    turns = json.dumps([turn.to_json() for turn in question.conversation], sort_keys=True)
    return f"answer/{arm}/{made_of}-{sha256(turns.encode()).hexdigest()[:16]}/{question.id}"


def _answered(flow: Flow, question: Question, parts: DomainParts) -> dict[str, Any]:
    begun = time.process_time()  # of all threads: unlike the latency, the same on a busy machine
    answer = run(flow, question.conversation, parts)
    cpu_seconds = time.process_time() - begun
    return {"answer": to_json(answer), "peak_memory_bytes": peak_bytes(), "cpu_seconds": cpu_seconds}


def _made_of(flow: Flow, parts: DomainParts) -> str:
    """Identify flow, weights and index; opening them here keeps it out of the first answer's time."""
    weights = "\n".join(parts.weights(adapter) for adapter in adapters_of(flow))
    index = parts.retriever().version if retrieves(flow) else ""
    return sha256(json.dumps([flow_hash(flow), weights, index]).encode()).hexdigest()[:16]
