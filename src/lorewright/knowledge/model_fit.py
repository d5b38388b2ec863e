"""Whether an embedding model was made for a text, told by what its tokenizer makes of it."""

import re

from lorewright.documents.tokens import TokenOffsets
from lorewright.knowledge.language import language_in

LEAST_CHARS, MOST_CHARS = 2.5, 8.0
"""Characters a token has where the tokenizer knows the language: Arabic has 1.2, Thai 20 and more."""
_LETTERS = re.compile(r"[^\W\d_]+")
_ENOUGH_CHARS = 12


def fits(text: str, token_offsets: TokenOffsets, languages: tuple[str, ...] = ()) -> bool | None:
    """Return whether a model can tell the meaning of a text; `None` where the text is too short to say.

    `languages` are those that the model was made for, none for any. The text's own words decide
    where they tell a language, else how its letters are cut into tokens.
    """
    if not languages:
        return True
    words = " ".join(_LETTERS.findall(text))
    if len(words) < _ENOUGH_CHARS:
        return None
    n_tokens = len(token_offsets(words)) or 1
    if not LEAST_CHARS <= len(words.replace(" ", "")) / n_tokens <= MOST_CHARS:
        return False
    language = language_in(text)
    return not language or language in languages
