"""What asks in which language: the sentences and the properties of things."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from lorewright.evaluation.suggested import english, english_cells, english_rewording
from lorewright.evaluation.suggested.english import Asked
from lorewright.evaluation.suggested.english_clause import Spelling


@dataclass(frozen=True, kw_only=True, slots=True)
class Grammar:
    """How one language asks; what a language has no way for returns ''.

    `about` asks the same and says what of; `compare` takes two things and their property.
    """

    ask: Callable[[str, Spelling], Iterator[Asked]]
    ask_value: Callable[[str, str, str], str]
    compare: Callable[..., str]
    entity_name: Callable[[str, str, str], str]
    about: Callable[[str, str], str]
    reword: Callable[[str], str]


def _about_english(question: str, topic: str) -> str:
    return f"Regarding {topic}, {question[0].lower()}{question[1:]}"


def _nothing(*_: object, **__: object) -> str:
    return ""


ENGLISH = Grammar(
    ask=english.ask, ask_value=english_cells.ask_value, compare=english_cells.compare,
    entity_name=english_cells.entity_name, about=_about_english, reword=english_rewording.reword,
)  # fmt: skip
LANGUAGES = ("English", "German", "French", "Spanish")
"""The languages that questions are made in without a model."""


@cache
def grammar_of(language: str) -> Grammar | None:
    """Return how a language asks, `None` where only a model could."""
    if language == "English":
        return ENGLISH
    if language not in LANGUAGES:
        return None
    from lorewright.evaluation.suggested import other_grammars  # most domains are in English

    grammar = other_grammars.GRAMMARS[language]
    return Grammar(
        ask=grammar.ask, ask_value=grammar.ask_value, compare=_nothing, entity_name=grammar.entity_name,
        about=grammar.about, reword=_nothing,
    )  # fmt: skip
