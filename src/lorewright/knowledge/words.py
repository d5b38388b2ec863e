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
_ENDINGS = {
    "ication": ("i", 4), "ibility": ("ibl", 3), "ability": ("abl", 3), "ation": ("", 4), "ment": ("", 4),
    "ance": ("", 5), "ence": ("", 5), "ancy": ("", 5), "ency": ("", 5), "edly": ("", 4), "ing": ("", 4),
    "ion": ("", 5), "ate": ("", 4), "ure": ("", 4), "age": ("", 4), "ity": ("", 5), "ive": ("", 4),
    "ed": ("", 4), "ly": ("", 4), "er": ("", 4), "or": ("", 4), "al": ("", 4), "ee": ("", 4),
}  # fmt: skip
"""Endings, what stands in their place in the root, and how many letters must be before them."""
_MOST_ENDINGS = 3
_ALIKE = (("cript", "crib"), ("duct", "duc"), ("istr", "ist"))
"""How roots end whose nouns change them: "subscription", "reduction", "registration"."""
_WHOLE = frozenset(
    """authority committee conversation conversion experience experiment importance international majority
    minority passage priority professional professor several severance template temple university""".split()  # noqa: SIM905
)
"""Words that without their endings would be others."""
_SHORTEST_ROOT = 4
_N_KEPT = 32_768
_POSSESSIVE = re.compile(r"['’]s?$")  # noqa: RUF001
_SENTENCE_END = re.compile(
    r"""(?<=[.!?。！？])["'”’)\]]*(?:\s*\[\d+\])*(?:\s+|(?<=[。！？]))"""  # noqa: RUF001
    r"|(?P<line>\n+)"
)
_SHORT_WORD, _VOWELS = 6, "aeiou"
_DOUBLE = ("ll", "ss", "ff", "zz")
"""Letters that stand twice in a word itself, not for an ending."""


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
    if word in _WHOLE:
        return _one_spelling(word)
    for n_off in range(_MOST_ENDINGS):
        shorter = _without_ending(word)
        if shorter == word:
            break
        word = base_form(shorter)
        if word[-2:] not in _DOUBLE:
            word = _one_spelling(word)  # "transferr"
        if n_off == 0 and word.endswith("at") and len(word) - 2 >= _SHORTEST_ROOT:
            word = word[:-2]  # "operator", "signature"
    word = _one_spelling(word.removesuffix("e") if len(word) > _SHORTEST_ROOT else word)
    return next((word.removesuffix(end) + other for end, other in _ALIKE if word.endswith(end)), word)


def _without_ending(word: str) -> str:
    """Return a word without the first of the endings here that leaves enough of it."""
    for ending, (instead, least) in _ENDINGS.items():
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)] + instead
    return word[:-1] if len(word) > _SHORT_WORD and word.endswith("y") else word


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
