"""Refusals: recognised, and learned from examples that refuse in a domain's own words."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

PHRASE_WORDS = (3, 4, 2, 5, 6)  # the usual first: long ones break at small changes, short ones tell little


def is_refusal(text: str, phrases: Iterable[str]) -> bool:
    """Return whether the text holds one of the phrases; case and punctuation do not matter."""
    normalised = f" {_normalised(text)} "
    return any(f" {phrase} " in normalised for phrase in map(_normalised, phrases) if phrase)


def refusal_phrases(refusals: Iterable[str], answers: Iterable[str]) -> tuple[str, ...]:
    """Return the few phrases that tell refusals from answers: most telling first, none if there are none.

    A phrase stands in at least two of the `refusals` and in no answer; together they tell as many
    refusals as phrases can. Of equally telling ones the earliest in the text is taken.
    """
    answered = f" {' | '.join(map(_normalised, answers))} "
    untold = [_phrases(text) for text in sorted(refusals)]
    chosen: list[str] = []
    while phrase := _most_telling(untold, answered):
        chosen.append(phrase)
        untold = [phrases for phrases in untold if phrase not in phrases]
    return tuple(chosen)


def _most_telling(untold: Sequence[Sequence[str]], answered: str) -> str:
    """Return the phrase of most refusals that no answer holds; empty if it is one refusal's alone."""
    counts = Counter(phrase for phrases in untold for phrase in phrases)
    repeated = (phrase for phrase, count in counts.most_common() if count > 1)  # ties: first seen, first
    return next((phrase for phrase in repeated if f" {phrase} " not in answered), "")


def _phrases(text: str) -> list[str]:
    """Return the phrases of a text, each once, as they begin; a text of one word is a phrase."""
    words = _normalised(text).split()
    if len(words) == 1:
        return words
    return list(
        dict.fromkeys(
            " ".join(words[start : start + n_words])
            for start in range(len(words))
            for n_words in PHRASE_WORDS
            if start + n_words <= len(words)
        )
    )


def _normalised(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
