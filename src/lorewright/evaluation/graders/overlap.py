"""How much two texts have in common, by the characters and n-grams that they share."""

import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence

_WORD = re.compile(r"\w+")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_MAX_ORDER = 4


def fuzzy_match(text: str, reference: str) -> float:
    """Return the normalised Indel similarity, 0 to 1: twice the common subsequence over both lengths."""
    total = len(text) + len(reference)
    return 2 * _common(text, reference) / total if total else 1.0


def bleu(text: str, reference: str) -> float:
    """Return the BLEU score of one sentence, 0 to 1.

    Precision of 1- to 4-grams with a brevity penalty (Papineni et al., 2002); orders that the text
    is too short for are left out, an order without a match is smoothed by halves (Chen & Cherry,
    2014, method 3). Tokens are words and punctuation marks, as they are written.
    """
    actual, expected = _TOKEN.findall(text), _TOKEN.findall(reference)
    logs, smoothing = [], 1.0
    n_matches = 0
    for order in range(1, min(_MAX_ORDER, len(actual)) + 1):
        matches, total = _matches(actual, expected, order), len(actual) - order + 1
        n_matches += matches
        if not matches:
            smoothing /= 2
        logs.append(math.log((matches or smoothing) / total))
    if not n_matches:
        return 0.0 if actual or expected else 1.0
    brevity = min(0.0, 1 - len(expected) / len(actual))
    return math.exp(brevity + sum(logs) / len(logs))


def gleu(text: str, reference: str) -> float:
    """Return the Google BLEU of one sentence, 0 to 1: the smaller of precision and recall, 1- to 4-grams."""
    actual, expected = _TOKEN.findall(text), _TOKEN.findall(reference)
    orders = range(1, _MAX_ORDER + 1)
    matches = sum(_matches(actual, expected, order) for order in orders)
    total = max(sum(max(0, len(words) - order + 1) for order in orders) for words in (actual, expected))
    return matches / total if total else 1.0


def rouge_n(text: str, reference: str, order: int) -> float:
    """Return the F1 of shared n-grams of words, 0 to 1; case does not count, words are not stemmed."""
    actual, expected = _words(text), _words(reference)
    n_actual, n_expected = (max(0, len(words) - order + 1) for words in (actual, expected))
    return _f1(_matches(actual, expected, order), n_actual, n_expected)


def rouge_l(text: str, reference: str) -> float:
    """Return the F1 of the longest common subsequence of words, 0 to 1."""
    actual, expected = _words(text), _words(reference)
    return _f1(_common(actual, expected), len(actual), len(expected))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _matches(actual: Sequence[str], expected: Sequence[str], order: int) -> int:
    """Return how many n-grams are in both, each as often as in the one that has it less often."""
    return (_ngrams(actual, order) & _ngrams(expected, order)).total()


def _ngrams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(tuple(words[start : start + order]) for start in range(len(words) - order + 1))


def _f1(matches: int, n_actual: int, n_expected: int) -> float:
    return 2 * matches / (n_actual + n_expected) if matches else 0.0


def _common(first: Sequence[Hashable], second: Sequence[Hashable]) -> int:
    """Return the length of the longest common subsequence.

    One bit per element of `first` (Hyyrö, 2004): a row of the usual table is one addition.
    """
    places: dict[Hashable, int] = {}
    for place, element in enumerate(first):
        places[element] = places.get(element, 0) | 1 << place
    full = (1 << len(first)) - 1
    row = full
    for element in second:
        matched = row & places.get(element, 0)
        row = (row + matched) | (row - matched)
        row &= full
    return len(first) - row.bit_count()
