"""Whether texts bear a sentence: what the judge reads in them, and an exact comparison of the wording.

The judge alone misses a swapped digit, and counting words misses a swapped name. A small logistic
layer weighs both; `training/judge/calibrate.py` fits it and docs/experiments.md has the figures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.knowledge.language import language_of
from lorewright.knowledge.windows import closest, windows
from lorewright.knowledge.wording import Source, Wording
from lorewright.knowledge.words import content_words, sentences
from lorewright.models import Judge, Support

N_WINDOWS = 2
"""How many windows of the texts are read with each sentence."""
_FEW_WORDS = 3
"""A sentence with fewer words that say something ("Yes, of course.") claims nothing."""

_PLAIN_SHARE = 0.9
"""The share of letters a-z below which a text is not English."""

State = Literal["supported", "contradicted", "not stated"]

WEIGHTS: Mapping[str, float] = {
    "supported": 0.791,
    "doubt": -0.152,
    "held": 0.291,
    "pairs": 1.544,
    "weakest": 0.132,
    "displaced": -1.786,
    "missing": -0.224,
    "bias": -0.848,
}
CONTRADICTED_BELOW = 0.2
SUPPORTED_FROM = 0.4


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """What is known of one sentence of an answer, from `start` to `end`.

    `support` is the probability that the texts bear it; `window` is what of them was read closest;
    `doubted` are the spans, in the answer, of the words that the texts contradict.
    """

    start: int
    end: int
    state: State
    support: float
    window: str
    doubted: tuple[tuple[int, int], ...] = ()


class Evidence:
    """Texts that sentences are held against, cut and read once."""

    def __init__(self, texts: Sequence[str], judge: Judge) -> None:
        self._source = Source(texts)
        self._windows = [window for text in texts for window in windows(text)]
        self._judge = judge

    def features(self, claim: str) -> tuple[dict[str, float], Support, str]:
        """Return what the logistic layer weighs, what the judge said of the best window, and that window."""
        read = closest(self._windows, claim, n=N_WINDOWS)
        supports = self._judge.support([(claim, window) for window in read])
        if not supports:
            supports, read = [Support(0.0, 0.0, 1.0)], [""]
        best = max(range(len(supports)), key=lambda place: supports[place].supported)
        return features(self._source.wording(claim), supports[best]), supports[best], read[best]


def features(wording: Wording, support: Support) -> dict[str, float]:
    """Return what the logistic layer weighs: the judge's logits and the wording."""
    return {
        "supported": _logit(support.supported),
        "doubt": _logit(support.doubt),
        "held": wording.held,
        "pairs": wording.pairs,
        "weakest": wording.weakest,
        "displaced": wording.displaced,
        "missing": float(min(wording.n_missing, 2)),
        "bias": 1.0,
    }


def support_of(measured: Mapping[str, float]) -> float:
    """Return the probability that the texts bear the sentence."""
    return 1 / (1 + math.exp(-sum(WEIGHTS.get(name, 0.0) * value for name, value in measured.items())))


def verdicts(answer: str, texts: Sequence[str], judge: Judge) -> tuple[SentenceVerdict, ...]:
    """Return a verdict for every sentence of an answer that claims something; questions claim nothing."""
    evidence = Evidence(texts, judge)
    results = []
    for start, end in sentences(answer):
        claim = answer[start:end]
        if claim.endswith("?") or len(content_words(claim)) < _FEW_WORDS:
            continue
        measured, judged, window = evidence.features(claim)
        support = support_of(measured)
        doubted = tuple((start + first, start + last) for first, last in judged.doubted)
        results.append(SentenceVerdict(start, end, _state(support, judged), support, window, doubted))
    return tuple(results)


def can_judge(text: str) -> bool:
    """Tell whether the judge reads the language of a text: its vocabulary is English."""
    letters = [letter for letter in text if letter.isalpha()]
    n_plain = sum(letter.isascii() for letter in letters)
    return language_of([text]) == "English" and n_plain >= _PLAIN_SHARE * len(letters)


def _state(support: float, judged: Support) -> State:
    if support >= SUPPORTED_FROM:
        return "supported"
    return (
        "contradicted"
        if support < CONTRADICTED_BELOW and judged.contradicted > judged.not_stated
        else "not stated"
    )


def _logit(probability: float) -> float:
    held = min(max(probability, 0.002), 0.998)
    return math.log(held / (1 - held))
