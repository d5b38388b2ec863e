"""Whether the judge finds an answer in what was retrieved, before anything is written."""

from collections.abc import Sequence

from lorewright.errors import NoDocuments
from lorewright.flows.kinds import Running
from lorewright.knowledge import ComparesTexts, Hit
from lorewright.knowledge.answerable import hits_answerability
from lorewright.knowledge.quoting import Likeness
from lorewright.knowledge.verdict import can_judge


def holds_answer(question: str, hits: Sequence[Hit], running: Running, *, at_least: float) -> bool | None:
    """Tell whether the hits hold the answer with that probability; `None` where nobody can tell.

    0 asks no judge. The probability is noted, so that the trace shows it.
    """
    judge = running.parts.judge() if at_least > 0 and hits else None
    if judge is None or not can_judge(question):
        return None
    score = hits_answerability(question, hits, judge, likeness=likeness_of(running))
    running.notes["answerability"] = round(score, 3)
    return score >= at_least


def likeness_of(running: Running) -> Likeness | None:
    """Return what compares sentences; hits of tools or attached files may come without a retriever."""
    try:
        retriever = running.parts.retriever()
    except NoDocuments:
        return None
    return retriever.likeness if isinstance(retriever, ComparesTexts) else None
