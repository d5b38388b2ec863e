"""Answers that say nothing: a small model copies headings, or the question, or leaves out the number."""

import re
from collections.abc import Sequence

from lorewright.knowledge import Hit, content_words, root
from lorewright.knowledge.language import language_in
from lorewright.knowledge.number_words import spelled_numbers

_BELOW = " > "
_OPEN = re.compile(
    r"\b(?:what|which|who|whom|whose|when|where|why|how|was|welche\w*|wer|wem|wen|wann|wo|warum|wie|wieso|"
    r"que|quel\w*|qui|quand|où|pourquoi|comment|combien|qué|cuál\w*|quién\w*|cuándo|dónde|cómo|cuánto\w*)\b",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\b(?:or|oder|ou|o|either|between|zwischen|entre)\b", re.IGNORECASE)
_ASKS_NUMBER = re.compile(
    r"\bhow (?:many|much|long|old|far|tall|high|deep|fast|heavy)\b|\bwhat (?:year|percent(?:age)?|price)\b"
    r"|\bwie (?:viele?|lange|alt|hoch|weit|teuer)\b|\bcombien\b|\bcuánt[oa]s?\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"\d|\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|decades?|centur\w+|quarters?|life\w*|until|"
    r"forever|indefinite\w*|permanent\w*|never|always|free|none|no|not|nothing|nobody|unlimited|half|thirds?|"
    r"dozens?|several|many|few|all|both|one|twice|daily|weekly|monthly|yearly|annual\w*|"
    r"nie|immer|frei|kostenlos|ein\w{0,2}|kein\w{0,2}|alle|bis|jamais|toujours|gratuit\w*|aucun\w*|une?|tou[st]|"
    r"nunca|siempre|gratis|ningun\w*|una?|uno|todos)\b",
    re.IGNORECASE,
)


def says_nothing(text: str, question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether an answer is empty, the headings above a chunk, or only words of an open question.

    Of "Which is larger, A or B?" a word of the question is an answer. What asks for a number is not
    answered without one, or a word such as "never", "all" or "free".
    """
    if not text.strip() or _names_only_a_place(text, hits) or _echoes(text, question):
        return True
    is_counted = _COUNTED.search(text) or _spells_number(text, language_in(question))
    return bool(_ASKS_NUMBER.search(question)) and not is_counted


def _names_only_a_place(text: str, hits: Sequence[Hit]) -> bool:
    paths = {hit.chunk.headings for hit in hits}
    return text.strip() in {path for path in paths if _BELOW in path}


def _echoes(text: str, question: str) -> bool:
    if not _OPEN.search(question) or _CHOICE.search(question):
        return False
    said = {root(word) for word in content_words(text)}
    return bool(said) and said <= {root(word) for word in content_words(question)}


def _spells_number(text: str, language: str) -> bool:
    return any(number.is_sure or language for number in spelled_numbers(text, language))
