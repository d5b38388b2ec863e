"""Has the form that a JSON schema asks for."""

from collections.abc import Mapping

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers.fields import json_in
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `schema`: 1 where the JSON in the answer is valid by the settings' schema, else 0."""
    if context.schema is None or not question.answerable:
        return {}
    from jsonschema import Draft202012Validator  # takes a tenth of a second to load

    parsed = json_in(answer.text)
    return {"schema": float(parsed is not None and Draft202012Validator(context.schema).is_valid(parsed))}
