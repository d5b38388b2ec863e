"""Whether a domain has enough examples: a curve that costs seconds, by the arm that needs no model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lorewright.datasets import Embed, Example
from lorewright.evaluation import Question, ScoringContext
from lorewright.evaluation.groups import group_of
from lorewright.evaluation.learning_curve import LearningCurve, learning_curve
from lorewright.evaluation.scorers.correctness import RIGHT_FROM, agreement
from lorewright.flows import ExamplePool

if TYPE_CHECKING:  # numpy loads only where vectors are made
    import numpy as np
    from numpy.typing import NDArray

LEAST_EXAMPLES = 24
LEAST_QUESTIONS = 10
MOST_COMPARED = 120_000
"""Questions times examples: about five seconds of CPU; of more, fewer questions are asked."""


def enough_examples(
    examples: Sequence[Example],
    questions: Sequence[Question],
    context: ScoringContext,
    *,
    embed: Embed | None = None,
    seed: int = 0,
) -> LearningCurve | None:
    """Return how often the answer of the nearest example is right, by how many examples there are.

    That is a lower bound for arms that are shown examples or tuned on them, and costs no model.
    `None` where there are too few examples or questions to tell.
    """
    asked = [question for question in questions if question.answerable and question.targets]
    asked = asked[: max(LEAST_QUESTIONS, MOST_COMPARED // max(1, len(examples)))]
    if len(examples) < LEAST_EXAMPLES or len(asked) < LEAST_QUESTIONS:
        return None
    remembered = _remembered(embed) if embed else None

    def score(some: Sequence[Example]) -> list[float]:
        pool = ExamplePool(some, remembered)
        return [_is_right(pool, question, context) for question in asked]

    groups = [group_of(question.metadata, question.document_ids) for question in asked]
    return learning_curve("nearest", list(examples), score, groups=groups, seed=seed)


def _is_right(pool: ExamplePool, question: Question, context: ScoringContext) -> float:
    near = pool.nearest(question.text, 1)
    answer = near[0].example.completion if near else ""
    return float(agreement(answer, question.targets, context) >= RIGHT_FROM[context.primary])


def _remembered(embed: Embed) -> Embed:
    """Return the same embedding that embeds no text twice."""
    known: dict[str, Any] = {}

    def embedded(texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np  # loads only where vectors are made

        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new) if new else (), strict=True))
        return np.stack([known[text] for text in texts])

    return embedded
