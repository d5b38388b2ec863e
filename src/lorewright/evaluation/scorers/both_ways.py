"""Says what the target says, and nothing besides: the judge's support in both directions."""

from collections.abc import Mapping

from lorewright.evaluation.compared import words
from lorewright.evaluation.question import Question
from lorewright.evaluation.scoring_context import SHORT_WORDS, ScoringContext
from lorewright.flows import Answer
from lorewright.knowledge.verdict import can_judge, judge_answer
from lorewright.models import Judge


def score(question: Question, answer: Answer, context: ScoringContext) -> Mapping[str, float]:
    """Return `borne_by_target` and `holds_target` for targets of free text, where there is a judge.

    The first is the share of the answer's sentences that a target bears: at 1 it says nothing else.
    The second is the share of a target's sentences that the answer bears: at 1 it leaves nothing out.
    Together they tell a part from a whole.
    """
    targets = [target for target in question.targets if len(words(target)) > SHORT_WORDS]
    if context.judge is None or not targets or not answer.text.strip():
        return {}
    judge = context.judge
    return {
        "borne_by_target": max(_bears([target], answer.text, judge, context) for target in targets),
        "holds_target": max(_bears([answer.text], target, judge, context) for target in targets),
    }


def _bears(texts: list[str], text: str, judge: Judge, context: ScoringContext) -> float:
    """Return the share of a text's sentences that others bear, by their number."""
    if not can_judge(text):
        return 0.0
    verdict = judge_answer(text, texts, judge, style_words=context.style_words)
    borne = [each.state == "supported" for each in verdict.sentences]
    return sum(borne) / len(borne) if borne else 0.0
