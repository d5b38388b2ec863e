"""Answers that say nothing: a small model copies headings, or the question."""

import re
from collections.abc import Sequence

from lorewright.knowledge import Hit, content_words, root

_BELOW = " > "
_OPEN = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|was|welche\w*|wer|wem|wen|wann|wo|warum|wie|wieso|"
    r"que|quel\w*|qui|quand|où|pourquoi|comment|combien|qué|cuál\w*|quién\w*|cuándo|dónde|cómo|cuánto\w*)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:or|oder|ou|o|either|between|zwischen|entre)\b", re.IGNORECASE)


def says_nothing(text: str, question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether an answer is empty, the headings above a chunk, or only words of an open question.

    Of "Which is larger, A or B?" a word of the question is an answer.
    """
    return not text.strip() or _names_only_a_place(text, hits) or _echoes(text, question)


def _names_only_a_place(text: str, hits: Sequence[Hit]) -> bool:
    paths = {hit.chunk.headings for hit in hits}
    return text.strip() in {path for path in paths if _BELOW in path}


def _echoes(text: str, question: str) -> bool:
    if not _OPEN.search(question) or _CHOICE.search(question):
        return False
    said = {root(word) for word in content_words(text)}
    return bool(said) and said <= {root(word) for word in content_words(question)}
