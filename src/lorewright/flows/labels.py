"""Domains whose answers are labels of a closed set: the set, and the label that a text means."""

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from lorewright.datasets import Example

LEAST_EXAMPLES = 20
MOST_WORDS = 6
PER_LABEL = 3
"""Examples that a label has on average, at least: fewer, and the answers may be of an open set."""
REPEATED_SHARE = 0.9
LEAST_WORDS_SHARED, LEAST_LETTERS_ALIKE = 0.3, 0.6
"""A text that shares less of its words and is less alike by letters than this is no label."""
_WORD = re.compile(r"[^\W_]+")


def labels_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the labels that answers are chosen from, the most frequent first; none for other domains.

    Answers are labels where nearly all are short and occur again.
    """
    answers = [example.completion.strip() for example in examples]
    counts = Counter(answers)
    n_repeated = sum(count for answer, count in counts.items() if count > 1 and _is_short(answer))
    is_closed = (
        len(answers) >= LEAST_EXAMPLES
        and n_repeated >= REPEATED_SHARE * len(answers)
        and len(answers) >= PER_LABEL * len(counts)
    )
    return tuple(label for label, _ in counts.most_common()) if is_closed else ()


def nearest_label(text: str, labels: Sequence[str]) -> str:
    """Return the label that a text says, holds or is most like; the text itself where it is like none.

    Of several labels in a text the longest is meant: "refund not received", not "refund".
    """
    reply = _plain(text)
    plain = {label: _plain(label) for label in labels}
    held = [label for label in labels if f" {plain[label]} " in f" {reply} "]
    if held:
        return max(held, key=lambda label: len(plain[label]))
    nearest = max(labels, key=lambda label: sum(_likeness(reply, plain[label])), default="")
    by_words, by_letters = _likeness(reply, plain.get(nearest, ""))
    return nearest if by_words >= LEAST_WORDS_SHARED or by_letters >= LEAST_LETTERS_ALIKE else text


def _is_short(answer: str) -> bool:
    return 0 < len(_plain(answer).split()) <= MOST_WORDS


def _likeness(text: str, label: str) -> tuple[float, float]:
    """Return the share of words that two short texts share, and how alike their letters are in order."""
    words, others = set(text.split()), set(label.split())
    shared = len(words & others) / max(1, len(words | others))
    return shared, SequenceMatcher(None, text, label, autojunk=False).ratio()


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
