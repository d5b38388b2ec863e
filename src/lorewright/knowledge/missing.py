"""What a question asks for and the passages found for it lack: a name, a code, a year, a column, a price.

None of this tells that the documents have no answer: "Are dogs allowed in the London office?" is answered
by "in Leeds only". Beside a judge that doubts, it does.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import lru_cache

from lorewright.knowledge.asked_cells import cells_of, looks_sought
from lorewright.knowledge.dates import DAYS_AND_MONTHS
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.identifiers import identifiers, share_held
from lorewright.knowledge.language import language_in, language_of
from lorewright.knowledge.names import names_in
from lorewright.knowledge.question_words import FUNCTION_WORDS
from lorewright.knowledge.quoting import Quote, holds_word
from lorewright.knowledge.stems import unaccented
from lorewright.knowledge.words import content_words, root

DOUBTED_BELOW = 0.35
"""The judge's probability of an answer below which something that is missing decides."""
_YEAR = re.compile(r"(?<![\w.,-])(?:1[5-9]|20)\d\d(?![\w-]|[.,]\d)")
_CODE = re.compile(r"\d|_")
_SAME_NAME = 0.75
"""How alike two spellings of a name are: "Larkfeld" and "Larkfield", "Warszawie" and "Warszawa"."""
_LONG_CELL = 5
"""Words of a cell that tells a story, which may answer whatever its column is called."""
_OPEN_TO_ALL = re.compile(
    r"^\W*(?:where|why|how (?:do|can|should|to)\b|wo\b|warum|wieso|où|pourquoi|comment|dónde|por qué|cómo)",
    re.IGNORECASE,
)
_ASKING = frozenset(
    """long many much often far old late early soon big high happen mean need want kind sort take have
    get""".split()  # noqa: SIM905
)
_IS = (
    r"(?:^\W*|\b(?:what|which|was|wie|welche\w*|quel(?:le)?s?|cuál(?:es)?|qué)"
    r"(?:(?:['’]s|\s(?:is|are|was|ist|sind|lautet|lauten|est|sont|es|son))\s(?:\S+\s){0,5}?|\s(?:\w+\s)?))"  # noqa: RUF001
    r"(?:(?:the|your|their|its|die|deine|ihre|le|la|el)\s|[ld]['’])?"  # noqa: RUF001
)
"""How a question begins that asks for a thing itself, not how long it is valid or who may change it."""
_FORMS = tuple(
    (what, re.compile(asked, re.IGNORECASE), re.compile(form, re.IGNORECASE))
    for what, asked, form in (
        (
            "price",
            r"\b(?:how much|what) (?:does|do|did|will)\b.*\bcost\b|\bprice of\b"
            r"|\bwas kosten?\b|\bwie teuer\b|\bwie viel kosten?\b|\bcombien coûte|\bquel est le prix\b"
            r"|\bcuánto (?:cuesta|vale)|\bquanto costa",
            r"[$€£¥₹₩₽₺₴฿%]|\d[.,]\d\d\b|\b(?:(?-i:[A-Z]{3})|euros?|dollars?|pounds?|pence|cents?|francs?"
            r"|franken|kr|zł|Kč|Ft|lei|pric\w+|fees?|cost\w*|free|gratis|kostenlos|gratuit\w*|incl\w*"
            r"|half|hälfte|moitié|mitad|pr[eéi][icx]\w+|tarif\w*)\b",
        ),
        (
            "e-mail address",
            _IS + r"(?:\S+\s)?(?:e-?mail address|(?:e-?)?mail-?adresse|adresse (?:e-?mail|électronique)"
            r"|dirección de correo)",
            r"\S@\S",
        ),
        (
            "telephone number",
            _IS + r"(?:\S+\s)?(?:(?:tele)?phone number|telefonnummer|numéro de téléphone|número de teléfono)",
            r"(?:\d[\s\-/.()]*){3}",
        ),
        (
            "web address",
            _IS + r"(?:\S+\s)?(?:(?:web address|address of the web ?site|url)\b|webadresse|adresse du site"
            r"|dirección web)",
            r"\w\.\w{2,}/?",
        ),
    )
)
"""What is written in one way only: how a question asks for it, and what then stands in every answer."""


def missing(question: str, quotes: Sequence[Quote], hits: Sequence[Hit], *, is_doubted: bool = True) -> str:
    """Return what a question names or asks for and the hits lack, '' where nothing seems to be missing.

    `quotes` are those that would be shown, the best first. A name or a code is missing that stands in no
    hit, a year that stands in none of hits that tell others; a table row lacks what none of its columns is
    about; and a price, a telephone number or an address cannot be among words that have no such thing. Of
    these the last alone are sure enough where nobody doubts.
    """
    if form := _missing_form(question, quotes):
        return form
    if not is_doubted:
        return ""
    texts = [hit.chunk.context for hit in hits]
    for find in (_missing_names, _missing_codes, _missing_years):
        if words := ", ".join(find(question, texts)):
            return words
    return _missing_column(question, quotes)


def _missing_names(question: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the names that no text holds, in whatever form.

    Abbreviations may be spelled out there, and a day or a month may lie between two that are named.
    """
    language = language_in(question) or language_of(texts)
    names = [name.text for name in names_in(question, language) if name.is_sure and not name.text.isupper()]
    held = _words_of("\n".join(texts)) if names else frozenset()
    for name in names:
        words = [unaccented(root(word)) for word in content_words(name) if word not in DAYS_AND_MONTHS]
        if words and not any(_is_known_name(word, held) for word in words):
            yield name


def _is_known_name(word: str, held: frozenset[str]) -> bool:
    return holds_word(word, held) or bool(get_close_matches(word, held, n=1, cutoff=_SAME_NAME))


def _missing_codes(question: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the codes that no text holds; "Node.js 22" is only perhaps one, and is none here."""
    written = question.lower()
    for code in identifiers(question):
        if _CODE.search(code) and code in written and not any(share_held([code], text) for text in texts):
            yield code


def _missing_years(question: str, texts: Sequence[str]) -> Iterator[str]:
    told = {year for text in texts for year in _YEAR.findall(text)}
    return (year for year in _YEAR.findall(question) if told and year not in told)


def _missing_form(question: str, quotes: Sequence[Quote]) -> str:
    shown = "\n".join(f"{quote.part.lead}\n{quote.part.text}" for quote in quotes)
    for what, asked, form in _FORMS:
        if asked.search(question) and not form.search(shown):
            return what
    return ""


def _missing_column(question: str, quotes: Sequence[Quote]) -> str:
    """Return what is asked of the thing in a table row, where neither the row nor a column is about it."""
    part = quotes[0].part if quotes else None
    heads = cells_of(part.lead) if part and part.kind == "table" else []
    if part is None or sum(map(bool, heads)) < 2 or _OPEN_TO_ALL.search(question):
        return ""
    cells = cells_of(part.text)
    if any(len(cell.split()) >= _LONG_CELL for cell in cells):
        return ""
    if any(looks_sought(question, head, cell) for head, cell in zip(heads, cells, strict=False)):
        return ""
    above = " ".join((part.hit.chunk.title, *part.hit.chunk.heading_path))
    named = _words_of(f"{above}\n{part.text}")
    asked = [word for word in content_words(question) if word not in FUNCTION_WORDS and word not in _ASKING]
    roots = {word: unaccented(root(word)) for word in asked}
    asked_of_it = [word for word in asked if not holds_word(roots[word], named)]
    columns = _words_of(part.lead)
    if len(asked_of_it) == len(asked) or any(holds_word(roots[word], columns) for word in asked_of_it):
        return ""
    return " ".join(asked_of_it)


@lru_cache(maxsize=64)
def _words_of(text: str) -> frozenset[str]:
    return frozenset(unaccented(root(word)) for word in content_words(text))
