"""A comparison while it is measured: how far each arm is, and what was answered last."""

import json
from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.errors import LorewrightError
from lorewright.evaluation import from_json
from lorewright.flows import Answer, arms, style_from
from lorewright.jobs import Job
from lorewright.workspace.dataset.at_hand import material_at_hand_for
from lorewright.workspace.dataset.question_choice import chosen_questions
from lorewright.workspace.domain.workspace import Workspace


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """What a job asks: the arms in their order, and the held-out questions by id."""

    arms: tuple[str, ...]
    questions: dict[str, str]
    targets: dict[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class LatestAnswer:
    """An answer that was just given; it is not scored before all are."""

    arm: str
    question_id: str
    question: str
    target: str
    text: str
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparisonProgress:
    """How many held-out questions each arm has answered, and the newest answers first."""

    n_answered: dict[str, int]
    n_questions: int
    fresh: tuple[LatestAnswer, ...]


def asking(workspace: Workspace, caller: Caller, job: Job) -> Asking:
    """Return what a comparison's job asks, as far as its order and the domain tell."""
    caller.need("read")
    material = material_at_hand_for(workspace, caller)
    named = job.order.get("arms") or list(arms(style_from(material.train, workspace.settings)))
    try:
        questions = chosen_questions(workspace, material.questions, job.order)
    except LorewrightError:  # the job says so itself
        questions = []
    return Asking(
        arms=tuple(map(str, named)),
        questions={question.id: question.text for question in questions},
        targets={question.id: next(iter(question.targets), "") for question in questions},
    )


def watch_comparison(
    workspace: Workspace, caller: Caller, job: Job, asking: Asking, *, n_fresh: int = 6
) -> ComparisonProgress:
    """Return how far a comparison is."""
    caller.need("read")
    n = len(asking.questions)
    done = {
        arm: min(n, workspace.queue.count_steps(job.id, f"answer/{arm}/")) if n else 0 for arm in asking.arms
    }
    results = workspace.queue.step_results(job.id, "answer/", limit=4 * n_fresh)
    fresh = [_fresh(name, result, asking) for name, result in results]
    return ComparisonProgress(
        n_answered=done, n_questions=n, fresh=tuple([one for one in fresh if one is not None][:n_fresh])
    )


def _fresh(name: str, result: str, asking: Asking) -> LatestAnswer | None:
    """Return an answer as it is shown, or `None` for one to a question of the update drill."""
    _, arm, _, question_id = name.split("/", 3)
    if question_id not in asking.questions:
        return None
    answer = from_json(Answer, json.loads(result)["answer"])
    return LatestAnswer(
        arm=arm,
        question_id=question_id,
        question=asking.questions[question_id],
        target=asking.targets[question_id],
        text=answer.text,
        seconds=answer.latency_ms / 1000,
    )
