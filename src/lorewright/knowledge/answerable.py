"""Whether texts hold the answer to a question: what the judge reads in them, and how near they are."""

from collections.abc import Mapping, Sequence

from lorewright.knowledge.answerable_weights import ANSWERABLE, ANSWERABLE_FROM
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.quoting import Likeness, Quote, choose_quotes
from lorewright.knowledge.verdict import borne, logit, sigmoid
from lorewright.knowledge.windows import Windows, closest, windows
from lorewright.models import Judge

__all__ = ["ANSWERABLE_FROM", "QUOTED_FROM", "answerability", "features", "hits_answerability", "worth"]

N_READ = 6
"""How many windows of the texts are read, those that share most words with the question."""
N_FIRST = 1
"""How many of them are read first, by whoever needs no more than to be sure enough."""
_SUREST = 0.01
"""No judge is surer than this: what it has never seen it judges by extremes."""
_USUAL_COSINE = 0.5
"""What counts where no cosine is known."""
QUOTE_WEIGHT, _USUAL_QUOTE = 1.5, 1.6
"""How much the score of the best sentence counts, and one that counts neither way (docs/experiments.md)."""
REFUSED_BELOW = 0.14
"""Where refusing begins: 15 % of squad2's answerable questions lie below, 9 % of nomiracl's (n=80)."""

QUOTED_FROM = 0.06
"""Where quoting ends, which makes nothing up: hardly a right quote is judged less (docs/experiments.md)."""


def hits_answerability(
    question: str,
    hits: Sequence[Hit],
    judge: Judge,
    *,
    likeness: Likeness | None = None,
    quotes: Sequence[Quote] = (),
    enough: float = 1.0,
) -> float:
    """Return the probability that hits hold the answer to a question.

    `likeness` compares sentences with the question: without it how well the best one fits is not known.
    `quotes` are those of the hits where they were chosen already. No more is read once the probability
    is `enough`.
    """
    cosine = max((hit.cosine for hit in hits if hit.cosine is not None), default=None)
    if likeness and not quotes:
        quotes = choose_quotes(question, hits, likeness=likeness, n=1)
    quote = quotes[0].score if quotes and likeness else None
    return answerability(
        question, [hit.chunk.context for hit in hits], judge, cosine=cosine, quote=quote, enough=enough
    )


def answerability(
    question: str,
    texts: Sequence[str],
    judge: Judge,
    *,
    cosine: float | None = None,
    quote: float | None = None,
    enough: float = 1.0,
) -> float:
    """Return the probability that the texts hold the answer; 0 where there is no text.

    `cosine` is that of the question and the text which is closest in meaning, `quote` the score of the
    best sentence (`choose_quotes`). Of the windows of the texts the closest ones are read first, the others
    only where the probability is below `enough`.
    """
    fit = 0.0 if quote is None else QUOTE_WEIGHT * (quote - _USUAL_QUOTE)
    read = Windows(texts).closest(question, n=N_READ)
    probability = 0.0
    for n in (N_FIRST, N_READ) if enough < 1 else (N_READ,):
        if probability < enough and (measured := _features(question, read[:n], judge, cosine)):
            probability = sigmoid(fit + sum(ANSWERABLE[name] * value for name, value in measured.items()))
    return probability


def worth(question: str, texts: Sequence[str], judge: Judge) -> list[float]:
    """Return how much each text is worth for the question, by its closest window; for an order."""
    read = [(closest(windows(text), question, n=1) or [text])[0] for text in texts]
    return [reading.relevance + reading.answerability for reading in judge.read(question, read)]


def features(
    question: str, texts: Sequence[str], judge: Judge, *, cosine: float | None = None
) -> Mapping[str, float]:
    """Return what the logistic layer weighs; nothing where there is no text.

    In the window that most likely holds the answer the question's own words are doubted: they are
    wrong there where it asks for something else.
    """
    return _features(question, Windows(texts).closest(question, n=N_READ), judge, cosine)


def _features(question: str, read: Sequence[str], judge: Judge, cosine: float | None) -> Mapping[str, float]:
    if not read:
        return {}
    found = [reading.answerability for reading in judge.read(question, read)]
    best = max(range(len(found)), key=found.__getitem__)
    judged = judge.support([(question, read[best])])[0]
    return {
        "best": logit(found[best], at_least=_SUREST),
        "cosine": _USUAL_COSINE if cosine is None else cosine,
        "doubt": logit(judged.doubt, at_least=_SUREST),
        "borne": logit(borne(judged), at_least=_SUREST),
        "bias": 1.0,
    }
