"""Where the tokens of a text begin, so that any stretch of it can be counted without a tokenizer."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable

TokenOffsets = Callable[[str], list[tuple[int, int]]]
"""Gives the first and last character offset of every token of a text, in order."""

_CHARS_AT_ONCE = 200_000
_LEAST_CHARS, _MOST_CHARS = 1.3, 8.0
"""A token's characters: 128 tokens of one sort were 95 characters of Japanese and 734 of Thai."""
_LEAST_JUDGED = 200
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class Tokens:
    """The token starts of a stretch of a text; counting a part of it takes the logarithm of their number."""

    def __init__(
        self, text: str, token_offsets: TokenOffsets, start: int = 0, stop: int | None = None
    ) -> None:
        self._starts = array("q")
        stop = len(text) if stop is None else stop
        while start < stop:
            end = min(_joint(text, start), stop)
            part = text if end - start == len(text) else text[start:end]
            starts = [start + first for first, last in token_offsets(part) if last > first]
            self._starts.extend(starts if _is_known(part, len(starts)) else range(start, end, _step(part)))
            start = end

    def count(self, start: int, end: int) -> int:
        """Return how many tokens begin in `text[start:end]`."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def after(self, start: int, n_tokens: int) -> int:
        """Return the character offset after which `n_tokens` tokens have begun since `start`."""
        return self._starts[bisect_left(self._starts, start) + n_tokens]


def _is_known(text: str, n_tokens: int) -> bool:
    """Return whether a tokenizer knows a text's language: its tokens are neither letters nor sentences."""
    n_chars = len(text) - text.count(" ") - text.count("\n")
    if n_chars < _LEAST_JUDGED or sum(map(str.isascii, text)) > len(text) // 2:
        return True  # keys and hashes are cut into letters too, but are no language
    return _LEAST_CHARS <= n_chars / (n_tokens or 1) <= _MOST_CHARS


def _step(text: str) -> int:
    """Return how many characters count as a token where a tokenizer cannot tell."""
    return 2 if len(_IDEOGRAPHS.findall(text)) > len(text) // 3 else 4


def _joint(text: str, start: int) -> int:
    """Return where a long text can be torn for the tokenizer: at a line's end, where there is one."""
    limit = start + _CHARS_AT_ONCE
    if limit >= len(text):
        return len(text)
    return text.rfind("\n", start, limit) + 1 or limit
