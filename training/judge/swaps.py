"""Claims made of the sentences of a text: kept true by harmless changes, made false by one swap."""

import random
import re
from collections.abc import Sequence

from training.judge.word_pairs import OPPOSITE, SYNONYMS

from lorewright.evaluation.tampering import (
    MONTHS,
    NUMBER_WORDS,
    Tampered,
    exchange_name,
    exchange_number,
    is_like,
    names,
    negate,
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
    return _framed(_other_words(said if said.strip() else sentence, draw), draw)


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


def swapped(sentence: str, text: str, strangers: Sequence[str], draw: random.Random) -> Tampered | None:
    """Return the sentence with one thing made wrong, and where; None if nothing can be swapped.

    A number or name is replaced with another of the text (three times of four) or of `strangers`.
    """
    ways = [
        *(exchange_name, exchange_name, exchange_name, exchange_number, exchange_number, exchange_number),
        *(_opposite, negate, _exchange),
    ]
    draw.shuffle(ways)
    for way in ways:
        if (made := way(sentence, text, strangers, draw)) is not None and made[0] != sentence:
            return made
    return None


def _opposite(sentence: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Tampered | None:
    found = [each for each in re.finditer(r"[A-Za-z]+", sentence) if each.group().lower() in OPPOSITE]
    if not found:
        return None
    each = draw.choice(found)
    new = OPPOSITE[each.group().lower()]
    new = new.title() if each.group()[0].isupper() else new
    return sentence[: each.start()] + new + sentence[each.end() :], ((each.start(), each.start() + len(new)),)


def _exchange(sentence: str, _text: str, _strangers: Sequence[str], draw: random.Random) -> Tampered | None:
    """Let two names of the sentence change places: the same words, another meaning."""
    own = names(sentence)
    if len(own) < 2:
        return None
    (s1, e1), (s2, e2) = sorted(draw.sample(own, 2))
    one, other = sentence[s1:e1], sentence[s2:e2]
    between = sentence[e1:s2]
    if is_like(one, other) or re.fullmatch(r"[\s,;]*(?:and|or|,)?[\s]*", between) or e1 > s2:
        return None
    made = sentence[:s1] + other + between + one + sentence[e2:]
    moved = s1 + len(other) + len(between)
    return made, ((s1, s1 + len(other)), (moved, moved + len(one)))
