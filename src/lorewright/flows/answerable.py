"""Whether the judge finds an answer in what was retrieved, before anything is written."""

from collections.abc import Sequence

from lorewright.errors import NoDocuments
from lorewright.flows.kinds import Running
from lorewright.flows.query import carried_question
from lorewright.knowledge import ComparesTexts, Hit, Quote, choose_quotes
from lorewright.knowledge.answerable import hits_answerability
from lorewright.knowledge.asked_cells import holds_asked_cell
from lorewright.knowledge.missing import DOUBTED_BELOW, missing
from lorewright.knowledge.quoting import Likeness
from lorewright.knowledge.verdict import can_judge


def holds_answer(
    question: str,
    hits: Sequence[Hit],
    running: Running,
    *,
    at_least: float,
    quotes: Sequence[Quote] | None = None,
) -> bool | None:
    """Tell whether the hits hold the answer with that probability; `None` where nobody can tell.

    They do not where the judge doubts it, or reads another language, and something is missing that the
    question names or asks for; they do where a row of a table that it names has the cell that it asks for.
    0 asks nobody. `quotes` are those of the hits where they were chosen already. The probability, and what is
    missing, are noted, so that the trace shows them.
    """
    if at_least <= 0 or not hits:
        return None
    likeness, asked = likeness_of(running), carried_question(running.conversation)
    if quotes is None:
        quotes = choose_quotes(asked, hits, likeness=likeness)
    if lacking := missing(asked, quotes, hits, is_doubted=False):
        running.notes["missing"] = lacking
        return False
    lacking = missing(asked, quotes, hits)
    enough = max(at_least, DOUBTED_BELOW) if lacking else at_least
    score = _judged(question, hits, running, likeness, quotes, enough=enough)
    if lacking and (score is None or score < DOUBTED_BELOW):
        running.notes["missing"] = lacking
        return False
    rows = (quote.part for quote in quotes[:1] if quote.part.kind == "table")
    if any(holds_asked_cell(asked, row.lead, row.text) for row in rows):
        return True
    return None if score is None else score >= at_least


def _judged(
    question: str,
    hits: Sequence[Hit],
    running: Running,
    likeness: Likeness | None,
    quotes: Sequence[Quote],
    *,
    enough: float,
) -> float | None:
    """Return what the judge thinks, `None` where there is none or it does not read the language.

    It reads on only until that is `enough`.
    """
    judge = running.parts.judge()
    if judge is None or not all(map(can_judge, (question, "\n".join(hit.chunk.text for hit in hits)))):
        return None
    score = hits_answerability(question, hits, judge, likeness=likeness, quotes=quotes, enough=enough)
    running.notes["answerability"] = round(score, 3)
    return score


def likeness_of(running: Running) -> Likeness | None:
    """Return what compares sentences; hits of tools or attached files may come without a retriever."""
    try:
        retriever = running.parts.retriever()
    except NoDocuments:
        return None
    return retriever.likeness if isinstance(retriever, ComparesTexts) else None
