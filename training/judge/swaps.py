"""Claims made of the sentences of a text: kept true by harmless changes, made false by one swap."""

import random
import re
from collections.abc import Sequence

from training.judge.pairs import Span
from training.judge.word_pairs import OPPOSITE, SYNONYMS

from lorewright.knowledge.claims import claims

Swap = tuple[str, tuple[Span, ...]]
"""A sentence with something wrong, and where."""

NUMBER_WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|should|has been|have been|does|did|must|may)\b"
)
FRAMES = (
    "According to the text, {}",
    "The document says that {}",
    "Yes, {}",
    "Based on the passage, {}",
    "As stated, {}",
    "{} This is what the source says.",
)


def harmless(sentence: str, title: str, draw: random.Random) -> str:
    """Return the sentence said a little differently; it still means the same."""
    said = sentence
    if draw.random() < 0.35:
        said = re.sub(r"\s*\([^)]*\)", "", said)
    if draw.random() < 0.3:
        said = re.sub(r", (?:which|who|where|although|while|including|such as)\b[^,.;]*(?=[,.;])", "", said)
    if title and draw.random() < 0.6:
        said = re.sub(r"^(It|He|She|This|They)\b(?=\s)", lambda _: title, said)
    elif draw.random() < 0.3 and (
        found := re.match(r"((?:In|On|At|During|After|Before|By|Since) [^,]{3,40}), (\w)(.*?)([.!]?)$", said)
    ):
        said = f"{found[2].upper()}{found[3]} {found[1][0].lower()}{found[1][1:]}{found[4]}"
    return _framed(_other_words(said, draw), draw)


def _other_words(said: str, draw: random.Random) -> str:
    """Return the text with some words and numbers said otherwise."""
    words = said.split(" ")
    for place, word in enumerate(words):
        plain = word.lower().strip(",.;:")
        if plain in SYNONYMS and draw.random() < 0.35:
            words[place] = re.sub(re.escape(plain), SYNONYMS[plain], word, flags=re.IGNORECASE)
        elif plain.isdigit() and int(plain) < len(NUMBER_WORDS) and draw.random() < 0.4:
            words[place] = word.replace(plain, NUMBER_WORDS[int(plain)])
        elif plain in NUMBER_WORDS and plain not in ("one", "zero") and draw.random() < 0.4:
            words[place] = re.sub(plain, str(NUMBER_WORDS.index(plain)), word, flags=re.IGNORECASE)
    return " ".join(words)


def _framed(said: str, draw: random.Random) -> str:
    """Return the text in another notation, in a frame, or in small letters."""
    if draw.random() < 0.2:
        said = re.sub(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})", r"\2 \1 \3", said)
    if draw.random() < 0.2:
        said = re.sub(r"(?<=\d),(?=\d{3})", "", said)
    if draw.random() < 0.2:
        frame = draw.choice(FRAMES)
        said = frame.format(
            said if frame.startswith("{") or said[:2].isupper() else said[0].lower() + said[1:]
        )
    if draw.random() < 0.15:
        said = said.lower()
    return said


def swapped(sentence: str, text: str, strangers: Sequence[str], draw: random.Random) -> Swap | None:
    """Return the sentence with one thing made wrong, and where; None if nothing can be swapped.

    A number or name is replaced with another of the text (three times of four) or of `strangers`.
    """
    ways = [_name, _name, _name, _number, _number, _number, _opposite, _negation, _exchange]
    draw.shuffle(ways)
    for way in ways:
        if (made := way(sentence, text, strangers, draw)) is not None and made[0] != sentence:
            return made
    return None


def _name(sentence: str, text: str, strangers: Sequence[str], draw: random.Random) -> Swap | None:
    own = names(sentence)
    if not own:
        return None
    start, end = draw.choice(own)
    old = sentence[start:end]
    others = [name for name in {text[s:e] for s, e in names(text)} if not _alike(name, old)]
    if draw.random() < 0.25 or not others:
        others = [name for name in strangers if not _alike(name, old)]
    return _put(sentence, start, end, draw.choice(sorted(others))) if others else None


def _number(sentence: str, text: str, _strangers: Sequence[str], draw: random.Random) -> Swap | None:
    own = numbers(sentence)
    if not own:
        return None
    start, end = draw.choice(own)
    old = sentence[start:end]
    others = sorted({text[s:e] for s, e in numbers(text)} - {old})
    near = [other for other in others if _looks(other) == _looks(old)]
    if draw.random() < 0.4 or not (near or others):
        return _put(sentence, start, end, _other_number(old, draw))
    return _put(sentence, start, end, draw.choice(near or others))


def _opposite(sentence: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Swap | None:
    found = [each for each in re.finditer(r"[A-Za-z]+", sentence) if each.group().lower() in OPPOSITE]
    if not found:
        return None
    each = draw.choice(found)
    new = OPPOSITE[each.group().lower()]
    return _put(sentence, each.start(), each.end(), new.title() if each.group()[0].isupper() else new)


def _negation(sentence: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Swap | None:
    if found := re.search(r"\b(?:not|never) |n't\b|\bcannot\b", sentence):
        if found.group() == "cannot":
            return _put(sentence, found.start(), found.end(), "can")
        made = sentence[: found.start()] + sentence[found.end() :]
        before = re.search(r"\w+\W*$", made[: found.start()])
        return made, (((before.start() if before else 0), found.start()),)
    found = AUXILIARY.search(sentence)
    if not found or sentence.endswith("?"):
        return None
    word = draw.choice(("not", "not", "never"))
    return _put(sentence, found.start(), found.end(), f"{found.group()} {word}")


def _exchange(sentence: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Swap | None:
    """Let two names of the sentence change places: the same words, another meaning."""
    own = names(sentence)
    if len(own) < 2:
        return None
    (s1, e1), (s2, e2) = sorted(draw.sample(own, 2))
    one, other = sentence[s1:e1], sentence[s2:e2]
    between = sentence[e1:s2]
    if _alike(one, other) or re.fullmatch(r"[\s,;]*(?:and|or|,)?[\s]*", between) or e1 > s2:
        return None
    made = sentence[:s1] + other + between + one + sentence[e2:]
    moved = s1 + len(other) + len(between)
    return made, ((s1, s1 + len(other)), (moved, moved + len(one)))


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


def _alike(one: str, other: str) -> bool:
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
        words = NUMBER_WORDS[2:]
        return draw.choice([word for word in words if word != low])
    place = draw.choice(digits[-2:] if draw.random() < 0.7 else digits)
    new = draw.choice([digit for digit in "123456789" if digit != old[place]])
    return old[:place] + new + old[place + 1 :]


def _put(sentence: str, start: int, end: int, new: str) -> Swap:
    return sentence[:start] + new + sentence[end:], ((start, start + len(new)),)
