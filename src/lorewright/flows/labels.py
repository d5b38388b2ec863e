"""Domains whose answers are labels of a closed set: the set, and the label that a text means."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import closed_answers

LEAST_WORDS_SHARED, LEAST_LETTERS_ALIKE = 0.3, 0.6
"""A text that shares less of its words and is less alike by letters than this is no label."""
_WORD = re.compile(r"[^\W_]+")


def labels_of(examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the labels that answers are chosen from, the most frequent first; none for other domains."""
    answers = closed_answers(examples).answers
    return () if answers is None or answers.is_json else tuple(map(str, answers.fields[0].values))


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


def _likeness(text: str, label: str) -> tuple[float, float]:
    """Return the share of words that two short texts share, and how alike their letters are in order."""
    words, others = set(text.split()), set(label.split())
    shared = len(words & others) / max(1, len(words | others))
    return shared, SequenceMatcher(None, text, label, autojunk=False).ratio()


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
