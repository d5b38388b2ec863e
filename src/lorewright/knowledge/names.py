"""The names of a text: told by their capitals, as far as the language has them for names alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lorewright.knowledge.patterns import pattern
from lorewright.knowledge.words import sentences

CAPITAL_NOUNS = frozenset({"German"})
"""Languages in which every noun begins with a capital."""

_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_NAME = pattern(rf"(?!\d|_){_LETTER}(?:{_LETTER}|[&+#]|[.'’\-](?={_LETTER}))*")
_TITLE = pattern(
    r"\b(?:Frau|Herrn?|Dr\.?|Prof\.?|Firma|Mr\.?|Mrs\.?|Ms\.?|Monsieur|Madame|Mme|Señora?|Signora?)\s+$"
)
_OPENS = pattern(r"(?:[:„“\"«»*•–—|/(\[_#>]|(?:^|\s)-|\d[.)])\s*$")
_BOLD = pattern(r"\*\*[^*\n]+\*\*|__[^_\n]+__|^#+ .*$", re.MULTILINE)
_ALWAYS_CAPITAL = frozenset(
    {
        "i",
        "ok",
        "okay",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "sie",
        "ihr",
        "ihre",
        "ihnen",
        "ihrer",
        "ihren",
        "ihrem",
        "u",
    }
)
_TITLE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Name:
    """A word that is, or may be, a name; `is_sure` where nothing but a name is written like this."""

    text: str
    start: int
    end: int
    is_sure: bool


def names_in(text: str, language: str = "") -> Iterator[Name]:
    """Yield the words with capitals inside them, or at their beginning inside a sentence.

    Where every noun has a capital, or a line is written like a title, only the former are sure.
    """
    bold = [place for run in _BOLD.finditer(text) for place in range(*run.span())]
    titles = frozenset(bold)
    for start, end in sentences(text):
        words = list(_NAME.finditer(text, start, end))
        is_title = text[end - 1] not in ".!?" and _is_title([word.group() for word in words])
        for word in words:
            name, before = word.group(), text[start : word.start()]
            if len(name) < 2 or name.lower() in _ALWAYS_CAPITAL or re.fullmatch(r"I['’]\w+", name):
                continue
            is_inner = any(letter.isupper() or letter in "_&+#" for letter in name[1:])
            if is_inner and not (is_title and name.isupper() and len(words) > 1):
                yield Name(name, word.start(), word.end(), is_sure=not _is_joined(name))
            elif name[0].isupper() and re.search(r"\w", before):
                is_name = language not in CAPITAL_NOUNS or _TITLE.search(before) is not None
                is_sure = (
                    is_name and not is_title and word.start() not in titles and not _OPENS.search(before)
                )
                yield Name(name, word.start(), word.end(), is_sure)


def _is_title(words: list[str]) -> bool:
    long = [word for word in words if len(word) > 3]
    return len(long) > 1 and sum(word[0].isupper() for word in long) > max(1, _TITLE_SHARE * len(long))


def _is_joined(name: str) -> bool:
    """Return whether its inner capital only follows a hyphen: "Anti-Virus", "E-Mail-Adresse"."""
    return "-" in name and all(part[1:].islower() or len(part) == 1 for part in name.split("-"))
