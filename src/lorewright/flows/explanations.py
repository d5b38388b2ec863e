"""Questions that a phrase does not answer, why and how, and the whole sentences that a small model cut."""

import re
from collections.abc import Sequence

from lorewright.flows.own_words import citation_of
from lorewright.knowledge import Citation, Hit, Quotable
from lorewright.knowledge.quotable import quotables

_EXPLAIN = re.compile(
    r"^\W*(?:(?:and|so|but|und|aber|et|mais|y|pero|e|ma) )?(?:"
    r"why\b|how (?:do|does|did|is|are|was|were|can|could|should|to|come)\b|explain\b|describe\b"
    r"|what (?:happens|happened|causes|caused)\b|what (?:does|do|did) .*\bmean\b"
    r"|what (?:is|are|was|were) (?:an?\b|the (?:differences?|purpose|function|role|reasons?|causes?)\b)"
    r"|warum\b|wieso\b|weshalb\b|erkläre?\b|beschreibe?\b|wie (?:funktioniert|entsteht|wird|werden|kann)\b"
    r"|was (?:passiert|bedeutet)\b|pourquoi\b|comment\b|expliquez?\b|que (?:signifie|se passe)\b"
    r"|por qué\b|cómo\b|explica\b|qué (?:significa|pasa|ocurre)\b|perché\b|come (?:funziona|si)\b|waarom\b)",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"^\W*how (?:is|are|was|were) .{1,40}\b(?:called|named|spelled|pronounced)\b", re.IGNORECASE
)
_SHORTEST, _LONGEST = 2, 700
"""Words of a piece that can be found again, and characters of what is shown for it."""


def asks_to_explain(question: str) -> bool:
    """Tell whether a question asks for more than a name, a number or a phrase."""
    return bool(_EXPLAIN.search(question)) and not _ADJECTIVE.search(question)


def whole_sentence(piece: str, hits: Sequence[Hit]) -> tuple[str, Citation] | None:
    """Return the sentence that a text is a piece of, word for word with its place.

    `None` where the text is in the model's own words, is a whole sentence, or stands in a table or in code.
    """
    wanted = _words(piece)
    if len(wanted.split()) < _SHORTEST or piece.rstrip().endswith((".", "!", "?", "。")):
        return None
    for number, hit in enumerate(hits, start=1):
        for part in quotables(hit):
            if part.kind in ("paragraph", "item") and f" {wanted} " in f" {_words(part.text)} ":
                return _shown(part, number)
    return None


def _shown(part: Quotable, number: int) -> tuple[str, Citation] | None:
    text = part.text
    return (text, citation_of(part, number, len(text))) if len(text) <= _LONGEST else None


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
