"""Whether the judge finds an answer in what was retrieved, before anything is written."""

from collections.abc import Sequence

from lorewright.flows.kinds import Running
from lorewright.knowledge import Hit
from lorewright.knowledge.answerable import hits_answerability
from lorewright.knowledge.verdict import can_judge


def holds_answer(question: str, hits: Sequence[Hit], running: Running, *, at_least: float) -> bool:
    """Tell whether the hits hold the answer with that probability; where nobody can tell, that they may.

    0 asks no judge. The probability is noted, so that the trace shows it.
    """
    judge = running.parts.judge() if at_least > 0 else None
    if judge is None or not can_judge(question):
        return True
    score = hits_answerability(question, hits, judge)
    running.notes["answerability"] = round(score, 3)
    return score >= at_least
