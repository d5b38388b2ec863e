"""Answers that say nothing: a small model copies headings, or the question, or leaves out the number.

Or half a sentence, where a whole one would say yes or no.
"""

import re
from collections.abc import Sequence

from lorewright.knowledge import Hit, content_words, root
from lorewright.knowledge.language import language_in
from lorewright.knowledge.number_words import spelled_numbers
from lorewright.knowledge.quotable import quotables
from lorewright.knowledge.quoting import holds_word
from lorewright.knowledge.verdict import can_judge
from lorewright.knowledge.words import sentences

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

_CLAUSE = re.compile(r"\d{1,3}(?:\.\d{1,3})+\.?")
_CLOSED = re.compile(
    r"\W*(?:(?:if|when|once|wenn|falls|si|se|cuando|quand)\b[^?]{3,80}, )?"
    r"(?:(?:and|but|so|und|aber|et|mais|y|pero|ma|en|maar|mas) )?"
    r"(?:is|are|was|were|am|do|does|did|can|could|may|might|must|should|shall|will|would|has|have|had|"
    r"darf|dürfen|kann|können|muss|müssen|soll|sollen|ist|sind|war|waren|gibt|hat|habe|haben|wird|werden|gilt|"
    r"est-|sont-|peut|peut-|puis-je|dois-je|faut-|y a-t-|puedo|puede|se puede|hay|tengo|debo|"
    r"posso|può|si può|c['’]è|ci sono|devo|mag|mogen|kan|kun|moet|zijn|heeft|heb|pode|preciso)\b.*[?？]",  # noqa: RUF001
    re.IGNORECASE | re.DOTALL,
)
"""A question that yes or no answers begins with its verb, or with a condition."""
_SIDED = re.compile(
    r"\b(?:yes|no|not|cannot|\w+n['’]t|never|none|nobody|nothing|without|only|ja|nein|nicht|kein\w*|nie|nur|ohne|"  # noqa: RUF001
    r"oui|non|ne|pas|jamais|sans|sí|sì|sin|nunca|solo|senza|mai|nee|niet|geen|nooit|sim|não|sem)\b",
    re.IGNORECASE,
)
_HALF = 0.6


def says_nothing(text: str, question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether an answer is empty, the headings above a chunk, or only words of an open question.

    Of "Which is larger, A or B?" a word of the question is an answer. What asks for a number is not
    answered without one, or a word such as "never", "all" or "free"; what yes or no would answer is not
    answered by a piece of a sentence that says neither; and nothing by words that the hits do not have.
    """
    if not text.strip() or _names_only_a_place(text, hits) or _echoes(text, question):
        return True
    if (
        _CLOSED.match(_last_sentence(question))
        and not _SIDED.search(text)
        and _is_half_a_sentence(text, hits)
    ):
        return True
    is_counted = _COUNTED.search(text) or _spells_number(text, language_in(question))
    return not is_counted and (bool(_ASKS_NUMBER.search(question)) or _is_from_nowhere(text, hits))


def reads_well(question: str, hits: Sequence[Hit]) -> bool:
    """Tell whether the small model, which learned to read in English, is asked in English.

    The language of the hits tells where the question is too short.
    """
    texts = () if language_in(question) else (hit.chunk.text for hit in hits)
    return can_judge("\n".join((question, *texts)))


def _names_only_a_place(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a text is a path of headings, or the number of a clause that begins a line."""
    text = text.strip()
    if _CLAUSE.fullmatch(text):
        return any(re.search(rf"^{re.escape(text)}[ \t]", hit.chunk.text, re.MULTILINE) for hit in hits)
    return text in {hit.chunk.headings for hit in hits if _BELOW in hit.chunk.headings}


def _last_sentence(question: str) -> str:
    """Return what is asked behind what is told, as in "I join in May. Do I pay all of it?"."""
    return [question[start:end] for start, end in sentences(question)][-1]


def _is_from_nowhere(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether none of the words of an answer stands in the hits: whoever reads takes some of them."""
    said = {root(word) for word in content_words(text)}
    held = {root(word) for hit in hits for word in content_words(hit.chunk.context)}
    return bool(said and held) and not any(holds_word(word, held) for word in said)


def _is_half_a_sentence(text: str, hits: Sequence[Hit]) -> bool:
    """Tell whether a text is a piece of a sentence of the hits, and not most of it."""
    piece = " ".join(text.casefold().split()).rstrip(".")
    whole = (" ".join(part.text.casefold().split()) for hit in hits for part in quotables(hit))
    return any(piece in sentence and len(piece) < _HALF * len(sentence) for sentence in whole)


def _echoes(text: str, question: str) -> bool:
    if not _OPEN.search(question) or _CHOICE.search(question):
        return False
    said = {root(word) for word in content_words(text)}
    return bool(said) and said <= {root(word) for word in content_words(question)}


def _spells_number(text: str, language: str) -> bool:
    return any(number.is_sure or language for number in spelled_numbers(text, language))
