"""Agrees with the target: the one score that arms are compared by."""

from collections.abc import Callable, Mapping, Sequence

from lorewright.evaluation.question import Question
from lorewright.evaluation.scorers import contains, exact, fields, judged, semantic, sql, token_f1
from lorewright.evaluation.scorers.abstention import is_refusal
from lorewright.evaluation.scoring_context import ScoringContext
from lorewright.flows import Answer
from lorewright.knowledge.claims import claims
from lorewright.knowledge.contradiction import is_in_place_of_another
from lorewright.knowledge.evidence import Evidence

Agreement = Callable[[str, Sequence[str], ScoringContext], float]

AGREEMENTS: Mapping[str, Agreement] = {
    "exact": exact.agreement,
    "contains": contains.agreement,
    "fields": fields.agreement,
    "token_f1": token_f1.agreement,
    "semantic": semantic.agreement,
    "sql": sql.agreement,
    "judged": judged.agreement,
}
RIGHT_FROM: Mapping[str, float] = {
    "exact": 1.0,
    "contains": 1.0,
    "fields": 1.0,
    "token_f1": 0.35,
    "semantic": 0.7,
    "sql": 1.0,
    "judged": 1.0,
}
"""From which score on an answer counts as right, by primary score; all but two are yes or no.

Those two were set on 270 answers of two large models with three human ratings each (MTRAG,
Katsis et al. 2025). token_f1 from .35 on: 78 % of the 251 good answers and 5 % of the 19 poor ones;
answers to other questions reach it in 1 %. semantic (MiniLM) from .7 on: 86 % and 37 %.
"""

_BY_LIKENESS = ("token_f1", "semantic")
_SHARE_LEFT = 0.5


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `correctness`, the primary score of the answer against its targets.

    Without an answer in the documents a refusal is right, and so is agreeing with a target that
    words one. A refusal of an answerable question is worth nothing, unless the target says it.
    """
    agreed = agreement(answer.text, question.targets, context)
    is_agreed = agreed >= RIGHT_FROM[context.primary]
    refused = is_refusal(answer, context.refusals)
    if not question.answerable:
        return {"correctness": float(refused or is_agreed)}
    return {"correctness": agreed if is_agreed or not refused else 0.0}


def agreement(text: str, targets: Sequence[str], context: ScoringContext) -> float:
    """Return how far a text agrees with the nearest of the targets, by the primary score.

    A number, date or version in the place of the target's own is wrong however alike the rest is:
    by words alone "within 30 days" would be right for "within 14 days".
    """
    if context.primary not in _BY_LIKENESS:
        return AGREEMENTS[context.primary](text, targets, context) if targets else 0.0
    return max((_by_likeness(text, target, context) for target in targets), default=0.0)


def _by_likeness(text: str, target: str, context: ScoringContext) -> float:
    agreed = AGREEMENTS[context.primary](text, [target], context)
    if agreed < RIGHT_FROM[context.primary] or not _has_another_value(text, target):
        return agreed
    return _SHARE_LEFT * RIGHT_FROM[context.primary]


def _has_another_value(text: str, target: str) -> bool:
    """Tell whether a value of the text stands where the target has another one; words are no values."""
    held = Evidence([target])
    return any(
        claim.exact is not None
        and claim.is_sure
        and not held.states(claim, text)
        and is_in_place_of_another(claim, text, [target])
        for claim in claims(text, held.language)
    )
