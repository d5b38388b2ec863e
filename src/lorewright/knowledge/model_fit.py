"""Whether an embedding model was made for a text, told by what its tokenizer makes of it."""

import re

from lorewright.documents.tokens import TokenOffsets
from lorewright.knowledge.language import common_share, language_in

LEAST_CHARS, MOST_CHARS = 2.5, 8.0
"""Characters a token has where the tokenizer knows the language: Arabic has 1.2, Thai 20 and more."""
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH_CHARS = 12
_SURE_SHARE = 0.12
"""The share of words that are common in a language: a third of running text, a tenth of an English table."""


def fits(text: str, token_offsets: TokenOffsets, languages: tuple[str, ...] = ()) -> bool | None:
    """Return whether a model can tell the meaning of a text; `None` where the text is too short to say.

    `languages` are those that the model was made for, none for any. The text's own words decide
    where they tell a language, else how its letters are cut into tokens.
    """
    if not languages:
        return True
    known = _cuts_well(text, token_offsets)
    if not known:
        return known
    language = language_in(text)
    return not language or language in languages


def is_in_other_language(text: str, token_offsets: TokenOffsets, languages: tuple[str, ...]) -> bool:
    """Return whether a document's text is surely in a language that a model was not made for.

    Tables and code hold too few common words to tell one: they count as what the model was made for.
    """
    known = _cuts_well(text, token_offsets) if languages else None
    if not known:
        return known is False
    language = language_in(text)
    return bool(language) and language not in languages and common_share(text, language) >= _SURE_SHARE


def _cuts_well(text: str, token_offsets: TokenOffsets) -> bool | None:
    """Return whether a tokenizer knows the letters of a text; `None` where these are too few to say."""
    words = " ".join(_LETTERS.findall(text))
    if len(words) < _ENOUGH_CHARS:
        return None
    n_tokens = len(token_offsets(words)) or 1
    return LEAST_CHARS <= len(words.replace(" ", "")) / n_tokens <= MOST_CHARS
