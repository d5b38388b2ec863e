"""A pair of texts to learn from, and the windows that long texts are read in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lorewright.knowledge.windows import WINDOW_CHARS, closest, windows
from lorewright.knowledge.words import sentences

Span = tuple[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """A question or a claim, a text, and what is known about the two; None where nothing is known.

    `support` is 0 for contradicted, 1 for not stated, 2 for supported. `wrong` are the spans of the
    claim that the text contradicts, `answer` those of the text that answer the question.
    """

    asked: str
    text: str
    source: str
    relevance: float | None = None
    answerable: float | None = None
    support: int | None = None
    wrong: tuple[Span, ...] | None = None
    answer: tuple[Span, ...] | None = None


def tidy(text: str) -> str:
    """Return the text without the spaces that tokenised sets put before punctuation."""
    text = text.replace("``", '"').replace("''", '"')
    text = re.sub(r" +([,.;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[$]) +", r"\1", text)
    text = re.sub(r" +('s|n't|'re|'ve|'ll|'d)\b", r"\1", text)
    text = re.sub(r"(\w) - (\w)", r"\1-\2", text)
    return re.sub(r"[ \t]+", " ", text).strip()


def best_window(text: str, words: str, *, size: int = WINDOW_CHARS) -> str:
    """Return the window that shares most words with `words`, the first of equals."""
    return closest(windows(text, size=size) or [text[:size]], words, n=1)[0]


def places(text: str, wanted: str) -> tuple[Span, ...]:
    """Return where `wanted` stands in `text`."""
    return tuple(found.span() for found in re.finditer(re.escape(wanted), text, re.IGNORECASE))


def sentence_texts(text: str) -> Iterator[str]:
    """Yield the sentences of a text that a claim can be made of: 5 to 45 words, no table row."""
    for start, end in sentences(text):
        sentence = text[start:end]
        if 5 <= len(sentence.split()) <= 45 and "|" not in sentence and "`" not in sentence:
            yield sentence
