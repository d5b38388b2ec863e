"""Claims what nothing supports."""

from collections.abc import Mapping

from lorewright.evaluation.evidence import unsupported_claims
from lorewright.evaluation.question import Question
from lorewright.evaluation.yardstick import Yardstick
from lorewright.flows import Answer


def score(question: Question, answer: Answer, yardstick: Yardstick) -> Mapping[str, float]:
    """Return `hallucination_rate`: 1 where a number, date, version or name has no support."""
    return {"hallucination_rate": float(bool(unsupported_claims(question, answer, yardstick)))}
