"""The words of a text that say what it is about, and where its sentences are."""

import re
from collections.abc import Iterator
from functools import lru_cache

from lorewright.knowledge.irregular_forms import base_form
from lorewright.knowledge.sentence_ends import is_inside
from lorewright.knowledge.wrapped_lines import wrapped_ends

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+(?:['’.\-][^\W_]+)*")  # noqa: RUF001
STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being but by can could
    did do does doing each few for from further get give had has have having he her here hers him his how i
    if in into is it its itself just let like may me might more most must my no nor not now of off on once
    only or other our out over own please same shall she should so some such tell than that the their them
    then there these they this those through to too under until up us very want was we were what when where
    whether which while who whom why will with would you your yes""".split()  # noqa: SIM905
)
_ENDINGS = ("ing", "edly", "ed", "ation", "ations", "tion", "ment", "ly", "er", "or", "al", "ive")
_SHORTEST_ROOT = 4
_N_KEPT = 32_768
_POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001
_SENTENCE_END = re.compile(
    r"""(?<=[.!?。！？])["'”’)\]]*(?:\s*\[\d+\])*(?:\s+|(?<=[。！？]))"""  # noqa: RUF001
    r"|(?P<line>\n+)"
)
_SHORT_WORD, _VOWELS = 6, "aeiou"


def content_words(text: str) -> list[str]:
    """Return the lower-case words of `text` without those any sentence has, in order.

    Plural and possessive endings are off; a Chinese or Japanese character is a word.
    """
    words = (match.group() for match in _WORD.finditer(text))
    stems = (stem(word) for word in words if word.lower() not in STOP_WORDS)  # "does" would be "doe"
    return [word for word in stems if word not in STOP_WORDS]


def shared_words(text: str, question: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every word of `text` that the question has too, whatever its ending."""
    question_words = set(content_words(question))
    for match in _WORD.finditer(text):
        if stem(match.group()) in question_words:
            yield match.span()


@lru_cache(maxsize=_N_KEPT)
def stem(word: str) -> str:
    """Return a word in lower case without its plural or possessive ending."""
    word = _POSSESSIVE.sub("", word.lower())
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(maxsize=_N_KEPT)
def root(word: str) -> str:
    """Return what forms of an English word have in common, roughly: "opening" and "opened" are "open"."""
    word = base_form(word)
    word = word[:-1] if len(word) > _SHORT_WORD and word.endswith("y") else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ROOT:
            return _one_spelling(word[: -len(ending)])
    return _one_spelling(word.removesuffix("e") if len(word) > _SHORTEST_ROOT else word)


def _one_spelling(word: str) -> str:
    """Return a root as its forms share it: "shipp" of "shipped" is "ship", "retry" and "retri" are one."""
    if len(word) < _SHORTEST_ROOT:
        return word
    if word[-1] == word[-2] and word[-1] not in _VOWELS:
        return word[:-1]
    return f"{word[:-1]}i" if word.endswith("y") else word


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of every sentence, list item and table row; markers like [2] belong to it.

    A sentence that was wrapped at the end of a line is one.
    """
    start = 0
    wrapped = wrapped_ends(text) if "\n" in text else frozenset()
    for gap in _SENTENCE_END.finditer(text):
        is_in_line = "\n" not in gap.group() or text.find("\n", gap.start()) in wrapped
        if is_in_line and (gap["line"] or is_inside(text, gap.start(), gap.end())):
            continue
        end = gap.end() - (len(gap.group()) - len(gap.group().rstrip()))
        yield from _inked(text, start, end)
        start = gap.end()
    yield from _inked(text, start, len(text))


def _inked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span without white space at its ends, unless nothing is left."""
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), end - len(part) + len(part.rstrip())
