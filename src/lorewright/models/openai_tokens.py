"""Texts of the tokens that OpenAI's embedding models read, where its vocabulary is installed."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from lorewright.registry import Registry

VOCABULARY = "cl100k_base"  # of text-embedding-ada-002 and text-embedding-3

_VOCABULARIES: Registry[Callable[[str], Any]] = Registry(
    "vocabulary", {"openai-tokens": "bpe_openai:get_encoding"}
)


def openai_text(tokens: Sequence[int]) -> str:
    """Return the text of tokens; raise `MissingExtra` without the vocabulary, `ValueError` for no token."""
    try:
        return str(_vocabulary().decode(list(tokens)))
    except (KeyError, OverflowError) as error:
        raise ValueError(str(error.args[0])) from error


@cache
def _vocabulary() -> Any:
    return _VOCABULARIES.load("openai-tokens")(VOCABULARY)
