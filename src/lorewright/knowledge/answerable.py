"""Whether texts hold the answer to a question: the judge's readings and the question's own words."""

import math
from collections.abc import Mapping, Sequence

from lorewright.knowledge.windows import closest, windows
from lorewright.knowledge.words import content_words
from lorewright.models import Judge

N_READ = 6
"""How many windows of the texts are read, those that share most words with the question."""
ANSWERABLE_FROM = 0.5

WEIGHTS: Mapping[str, float] = {"best": 0.322, "others": 0.419, "words": 1.552, "bias": -0.598}


def answerability(question: str, texts: Sequence[str], judge: Judge) -> float:
    """Return the probability that the texts hold the answer; 0 where there is no text."""
    measured = features(question, texts, judge)
    if not measured:
        return 0.0
    return 1 / (1 + math.exp(-sum(WEIGHTS.get(name, 0.0) * value for name, value in measured.items())))


def worth(question: str, texts: Sequence[str], judge: Judge) -> list[float]:
    """Return how much each text is worth for the question, by its closest window; for an order."""
    read = [(closest(windows(text), question, n=1) or [text])[0] for text in texts]
    return [reading.relevance + reading.answerability for reading in judge.read(question, read)]


def features(question: str, texts: Sequence[str], judge: Judge) -> dict[str, float]:
    """Return what the logistic layer weighs; nothing where there is no text."""
    read = closest([window for text in texts for window in windows(text)], question, n=N_READ)
    if not read:
        return {}
    readings = judge.read(question, read)
    holding = sorted((_logit(reading.answerability) for reading in readings), reverse=True)
    question_words = set(content_words(question))
    shares = [
        len(question_words.intersection(content_words(window))) / (len(question_words) or 1)
        for window in read
    ]
    return {
        "best": holding[0],
        "others": sum(holding[1:3]) / 2,
        "words": max(shares),
        "bias": 1.0,
    }


def _logit(probability: float) -> float:
    held = min(max(probability, 0.002), 0.998)
    return math.log(held / (1 - held))
