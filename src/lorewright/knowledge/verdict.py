"""Whether texts bear an answer: what the judge reads in them, and an exact comparison of the wording.

The judge alone misses a swapped name, and counting words misses a negation. Three small logistic layers
say how likely it is that an answer is stated at all, that its names and numbers stand in their places,
and that nothing of it was turned around; all three must hold. `training/judge/calibrate.py` fits them
and docs/experiments.md has the figures.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from lorewright.knowledge import support_weights
from lorewright.knowledge.language import language_in
from lorewright.knowledge.places import Places
from lorewright.knowledge.windows import Windows
from lorewright.knowledge.wording import Wording
from lorewright.knowledge.words import content_words, sentences, stem
from lorewright.models import Judge, Support

N_WINDOWS = 2
"""How many windows of the texts are read with each sentence."""
_FEW_WORDS = 3
"""A sentence with fewer words that say something ("Yes, of course.") claims nothing."""
_PLAIN_SHARE = 0.9
"""The share of letters a-z below which a text is not English."""
_MOST_MISSING = 2
_HALF_HELD = 0.5
"""The share of held words from which one wrong word shows: what is said otherwise has other neighbours."""

_CONTRADICTED_BELOW = 0.25
"""A sentence whose names, or whose sense, are in their place with less is contradicted, whatever else it has.

With the threshold of support it marks 76 % of 254 sentences with an exchanged name or number, and 9 %
of the same sentences as they were.
"""

_BORNE_FROM = 0.1
"""The probability from which an answer as a whole counts as borne: what is said in other words has little."""

State = Literal["supported", "contradicted", "not stated"]


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


@dataclass(frozen=True, slots=True)
class AnswerVerdict:
    """The probability that the texts bear an answer, and a verdict on each sentence that claims something."""

    support: float
    sentences: tuple[SentenceVerdict, ...]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence of an answer: its wording, and what the judge says of it with the window read closest."""

    start: int
    end: int
    wording: Wording
    judged: Support
    window: str


def judge_answer(
    answer: str,
    texts: Sequence[str],
    judge: Judge,
    *,
    said: Sequence[str] = (),
    style_words: Collection[str] = (),
) -> AnswerVerdict:
    """Return how well the texts bear an answer; questions and "Yes, of course." get no verdict.

    Each text is one place, and one place must bear a sentence, or each of its parts. `said` are turns
    of the conversation: what no text mentions may be known from them. Lines that say little but
    `style_words`, which are lower-case and belong to the form, have no verdict either.
    """
    style = {stem(word) for word in style_words}
    read = [
        each
        for each in read_sentences(answer, texts, judge, said=said)
        if not style or _says_something(answer[each.start : each.end], style)
    ]
    if not read:
        return AnswerVerdict(0.5, ())
    support = support_of(features(read))
    return AnswerVerdict(support, tuple(_verdict(each) for each in read if _claims(each, answer, style)))


def read_sentences(
    answer: str, texts: Sequence[str], judge: Judge, *, said: Sequence[str] = ()
) -> tuple[ReadSentence, ...]:
    """Return every sentence of an answer as it was read at the place that bears it best."""
    places, cut = Places(texts, said=said), [Windows([text]) for text in texts]
    read_so_far = []
    for start, end in sentences(answer):
        claim = answer[start:end]
        wording, place = places.wording(claim)
        read = cut[place].closest(claim, n=N_WINDOWS) if cut else []
        supports = judge.support([(claim, window) for window in read])
        if not supports:
            supports, read = [Support(0.0, 0.0, 1.0)], [""]
        best = min(range(len(supports)), key=lambda place: supports[place].not_stated)
        read_so_far.append(ReadSentence(start, end, wording, supports[best], read[best]))
    return tuple(read_so_far)


def features(read: Sequence[ReadSentence]) -> dict[str, float]:
    """Return what the layers weigh: means over an answer's words, and its worst change of sense and place."""
    n_words = [max(1, each.wording.n_words) for each in read]
    shares = [n / sum(n_words) for n in n_words]

    def mean(values: Sequence[float]) -> float:
        return sum(share * value for share, value in zip(shares, values, strict=True))

    return {
        "stated": mean([logit(1 - each.judged.not_stated) for each in read]),
        "held": mean([each.wording.held for each in read]),
        "pairs": mean([each.wording.pairs for each in read]),
        "missing": mean([min(each.wording.n_missing, _MOST_MISSING) for each in read]),
        "displaced": max(_displaced(each.wording) for each in read),
        "turned": max(_turned(each) for each in read),
        "borne": mean([logit(borne(each.judged)) for each in read]),
        "doubt": mean([logit(each.judged.doubt) for each in read]),
        "bias": 1.0,
    }


def support_of(measured: Mapping[str, float]) -> float:
    """Return the probability that the texts bear what was measured."""
    return sigmoid(support_weights.SCALE * raw_support(measured) + support_weights.BIAS)


def raw_support(measured: Mapping[str, float]) -> float:
    """Return the logarithm of the product of the three layers: it ranks answers, but is no probability."""
    return sum(math.log(max(layer, 1e-12)) for layer in _layers(measured))


def is_supported(verdict: AnswerVerdict) -> bool:
    """Tell whether the texts bear an answer as a whole, even where single sentences are marked.

    Below the threshold are .6 % of 180 answers that people found supported and 44 % of 250 others
    (begin-wow), and 8 % of 211 and 21 % of 38 besides those with a number or name that stands
    nowhere (mtrag-judged).
    """
    return not verdict.sentences or verdict.support >= _BORNE_FROM


def can_judge(text: str) -> bool:
    """Tell whether the judge reads the language of a text: its vocabulary is English."""
    letters = [letter for letter in text if letter.isalpha()]
    n_plain = sum(letter.isascii() for letter in letters)
    return language_in(text) in ("", "English") and n_plain >= _PLAIN_SHARE * len(letters)


def _verdict(read: ReadSentence) -> SentenceVerdict:
    measured = features([read])
    support = support_of(measured)
    doubted = tuple((read.start + first, read.start + last) for first, last in read.judged.doubted)
    return SentenceVerdict(
        read.start, read.end, _state(support, measured, read.judged), support, read.window, doubted
    )


def _state(support: float, measured: Mapping[str, float], judged: Support) -> State:
    _, in_place, unchanged = _layers(measured)
    if min(in_place, unchanged) < _CONTRADICTED_BELOW:
        return "contradicted"
    if support >= support_weights.SUPPORTED_FROM:
        return "supported"
    return "contradicted" if judged.contradicted > judged.not_stated else "not stated"


def _claims(read: ReadSentence, answer: str, style: Collection[str]) -> bool:
    sentence = answer[read.start : read.end]
    return not sentence.endswith("?") and _says_something(sentence, style)


def _says_something(sentence: str, style: Collection[str]) -> bool:
    return sum(word not in style for word in content_words(sentence)) >= _FEW_WORDS


def _layers(measured: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the probabilities that it is stated, in its place, and unchanged."""
    stated, in_place, unchanged = (
        sigmoid(sum(weight * measured[name] for name, weight in weights.items()))
        for weights in (support_weights.STATED, support_weights.IN_PLACE, support_weights.UNCHANGED)
    )
    return stated, in_place, unchanged


def _displaced(wording: Wording) -> float:
    return _copied(wording) * max(0.0, wording.displaced + 0.5)


def _turned(read: ReadSentence) -> float:
    """Return how sure the judge is, by sentence and by word, that the sentence says something else."""
    return _copied(read.wording) * max(0.0, min(logit(read.judged.doubt), -logit(borne(read.judged))) - 1)


def _copied(wording: Wording) -> float:
    """Return how far a sentence is made of the texts' words, 0 to 1: only then one wrong word shows."""
    return min(1.0, max(0.0, (wording.held - _HALF_HELD) / (1 - _HALF_HELD)))


def borne(judged: Support) -> float:
    """Return the probability that a claim is supported, where it is supported or contradicted."""
    return judged.supported / max(judged.supported + judged.contradicted, 1e-9)


def sigmoid(value: float) -> float:
    """Return the probability of a logit."""
    return 1 / (1 + math.exp(-min(max(value, -60.0), 60.0)))


def logit(probability: float, *, at_least: float = 1e-5) -> float:
    """Return the logit of a probability, which counts as `at_least` so far from 0 and 1."""
    held = min(max(probability, at_least), 1 - at_least)
    return math.log(held / (1 - held))
