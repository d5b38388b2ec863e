"""One file per scorer: each judges one answer and names its scores."""

from collections.abc import Callable, Mapping

from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.registry import Registry

Scorer = Callable[[Question, Answer, ScoringContext], Mapping[str, float]]
"""Returns scores in [0, 1] by metric name; a metric that does not apply to the answer is absent."""

SCORERS: Registry[Scorer] = Registry(
    "scorer",
    {
        name: f"lorewright.evaluation.scorers.{name}:score"
        for name in (
            *("exact", "contains", "token_f1", "fields", "semantic", "sql", "judged"),
            *("rouge_l", "chrf", "both_ways", "schema", "steps"),
            *("correctness", "abstention", "withheld", "staleness", "citation", "context", "hallucination"),
        )
    },
    group="scorer",
    form="a function",
)
