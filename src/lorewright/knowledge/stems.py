"""Words without their endings, in languages whose forms the full text of an index does not know.

LanceDB stems 18 languages. In Polish, Czech or Ukrainian a question and the sentence that answers it often
share no word as it is written: there, and in documents of another language than the index's, stems stand
beside the words.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from lorewright.knowledge.language import common_share, language_in

FULL_TEXT_LANGUAGES = frozenset(
    (
        "Arabic", "Danish", "Dutch", "English", "Finnish", "French", "German", "Greek", "Hungarian",
        "Italian", "Norwegian", "Portuguese", "Romanian", "Russian", "Spanish", "Swedish", "Tamil", "Turkish",
    )
)  # fmt: skip
"""The languages that LanceDB's full text stems."""
_STEMMED_LIKE = {"Slovak": "czech", "Croatian": "serbian"}
_TRUNCATED = ("Ukrainian", "Bulgarian")
"""Languages that Snowball has no stemmer for: the beginning of a word stands for all its forms."""
BEGINNING_LETTERS = 5
"""Words that begin alike are often forms of one, or made of one, where endings are many."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_SURE_SHARE = 0.12
"""The share of words that are common in a language: a third of running text."""
_UKRAINIAN = re.compile(r"[іїєґ]")
_SERBIAN = re.compile(r"[ђјљњћџ]")
_RUSSIAN = re.compile(r"[ыэё]")
_BULGARIAN = re.compile(r"\b(?:се|са|че|ще|къде|колко|кога|какво|това|бъде|който|която|което)\b")  # noqa: RUF001

Stemmer = Callable[[str], str]


def stemmer(language: str) -> Stemmer | None:
    """Return what takes the endings of a language off a word in lower case; `None` where nobody knows them.

    Accents go too: whoever types in a hurry leaves them out.
    """
    return _stemmer(_STEMMED_LIKE.get(language, language))


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Stemmer | None:
    if language in _TRUNCATED:
        return lru_cache(maxsize=50_000)(lambda word: unaccented(word[:BEGINNING_LETTERS]))
    import snowballstemmer  # 35 languages, of which most searches need none

    if language.lower() not in snowballstemmer.algorithms():
        return None
    stem = snowballstemmer.stemmer(language.lower()).stemWord
    return lru_cache(maxsize=50_000)(lambda word: unaccented(stem(word)))


def language_to_stem(text: str, usual: str = "") -> str:
    """Return the language of a text as stemmers name it, `usual` where its words do not tell."""
    language = language_in(text)
    if language != "Russian":
        return language or usual
    text = text.lower()
    if _UKRAINIAN.search(text) and not _RUSSIAN.search(text):
        return "Ukrainian"
    if _SERBIAN.search(text):
        return "Serbian"
    return "Bulgarian" if _BULGARIAN.search(text) and not _RUSSIAN.search(text) else language


def added_stems(text: str, index_language: str) -> str:
    """Return the stems that stand beside the words of an indexed text; '' where the index makes its own.

    A text counts as being in another language than the index's only where its words say so beyond doubt.
    """
    language = language_to_stem(text, index_language)
    if language != index_language and common_share(text, language_in(text)) < _SURE_SHARE:
        language = index_language
    return _stems(text, language, index_language)


def asked_stems(query: str, index_language: str) -> str:
    """Return the stems that are searched for beside the words of a query."""
    return _stems(query, language_to_stem(query, index_language), index_language)


def _stems(text: str, language: str, index_language: str) -> str:
    is_stemmed = language == index_language and language in FULL_TEXT_LANGUAGES
    stem = None if is_stemmed else stemmer(language)
    if stem is None:
        return ""
    return " ".join(form for word in _WORD.findall(text.lower()) for form in _forms(word, stem))


def _forms(word: str, stem: Stemmer) -> Iterator[str]:
    """Yield the stem of a word and its beginning, where they are not the word itself."""
    plain = unaccented(word)
    for form in dict.fromkeys((stem(word), plain[:BEGINNING_LETTERS])):
        if form != plain:
            yield form


def unaccented(word: str) -> str:
    """Return a word without accents; the Polish ł, which is none, becomes l."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word.replace("ł", "l"))
    return "".join(part for part in parts if not unicodedata.combining(part))
