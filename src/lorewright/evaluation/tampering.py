"""Answers made wrong on purpose, to see whether the meter notices."""

import random
import re
from collections.abc import Sequence

from lorewright.knowledge.claims import claims

Span = tuple[int, int]
Tampered = tuple[str, tuple[Span, ...]]
"""A text with something wrong, and where."""

NUMBER_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()  # noqa: SIM905
MONTHS = ("January February March April May June July August September October November December").split()  # noqa: SIM905
AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|has been|have been|does|did|must|may)\b"
)


def exchange_name(answer: str, text: str, strangers: Sequence[str], draw: random.Random) -> Tampered | None:
    """Return the answer with another name of the text, or a stranger's, in the place of one of its own."""
    own = names(answer)
    if not own:
        return None
    start, end = draw.choice(own)
    old = answer[start:end]
    others = [name for name in {text[s:e] for s, e in names(text)} if not is_like(name, old)]
    if draw.random() < 0.25 or not others:
        others = [name for name in strangers if not is_like(name, old)]
    return _put(answer, start, end, draw.choice(sorted(others))) if others else None


def exchange_number(
    answer: str, text: str, _strangers: Sequence[str], draw: random.Random
) -> Tampered | None:
    """Return the answer with another number of the text, or one that looks alike, in the place of its own."""
    own = numbers(answer)
    if not own:
        return None
    start, end = draw.choice(own)
    old = answer[start:end]
    others = sorted({text[s:e] for s, e in numbers(text)} - {old})
    near = [other for other in others if _looks(other) == _looks(old)]
    if draw.random() < 0.4 or not (near or others):
        return _put(answer, start, end, _other_number(old, draw))
    return _put(answer, start, end, draw.choice(near or others))


def negate(answer: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Tampered | None:
    """Return the answer with a "not" put in or taken out; English only."""
    if match := re.search(r"\b(?:not|never) |n't\b|\bcannot\b", answer):
        if match.group() == "cannot":
            return _put(answer, match.start(), match.end(), "can")
        made = answer[: match.start()] + answer[match.end() :]
        before = re.search(r"\w+\W*$", made[: match.start()])
        return made, (((before.start() if before else 0), match.start()),)
    match = AUXILIARY.search(answer)
    if not match or answer.endswith("?"):
        return None
    word = draw.choice(("not", "not", "never"))
    return _put(answer, match.start(), match.end(), f"{match.group()} {word}")


def names(text: str) -> list[Span]:
    """Return the spans of names, neighbouring words with capitals as one."""
    spans: list[Span] = []
    for claim in claims(text):
        if claim.kind != "name":
            continue
        if spans and text[spans[-1][1] : claim.start] == " ":
            spans[-1] = (spans[-1][0], claim.end)
        else:
            spans.append((claim.start, claim.end))
    return spans


def numbers(text: str) -> list[Span]:
    """Return the spans of numbers and dates."""
    return [
        (claim.start, claim.end) for claim in claims(text) if claim.kind != "name" and len(claim.text) < 25
    ]


def is_like(one: str, other: str) -> bool:
    """Return whether two names may mean the same: one within the other, or with the same beginning."""
    first, second = one.lower(), other.lower()
    return first in second or second in first or first[:5] == second[:5]


def _looks(number: str) -> str:
    return re.sub(r"[a-z]+", "a", re.sub(r"\d+", lambda d: "9" * min(len(d.group()), 4), number.lower()))


def _other_number(old: str, draw: random.Random) -> str:
    digits = [place for place, letter in enumerate(old) if letter.isdigit()]
    for month in MONTHS:
        if month in old and draw.random() < 0.5:
            return old.replace(month, draw.choice([other for other in MONTHS if other != month]))
    if not digits:
        low = old.lower()
        return draw.choice([word for word in NUMBER_WORDS[2:] if word != low])
    place = draw.choice(digits[-2:] if draw.random() < 0.7 else digits)
    new = draw.choice([digit for digit in "123456789" if digit != old[place]])
    return old[:place] + new + old[place + 1 :]


def _put(answer: str, start: int, end: int, new: str) -> Tampered:
    return answer[:start] + new + answer[end:], ((start, start + len(new)),)
