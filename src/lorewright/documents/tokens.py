"""Where the tokens of a text begin, so that any stretch of it can be counted without a tokenizer."""

from array import array
from bisect import bisect_left
from collections.abc import Callable

TokenOffsets = Callable[[str], list[tuple[int, int]]]
"""Gives the first and last character offset of every token of a text, in order."""

_CHARS_AT_ONCE = 200_000


class Tokens:
    """The token starts of one text; counting a stretch takes the logarithm of their number."""

    def __init__(self, text: str, token_offsets: TokenOffsets) -> None:
        self._starts = array("q")
        start = 0
        while start < len(text):
            end = _joint(text, start)
            part = text if end - start == len(text) else text[start:end]
            self._starts.extend([start + first for first, last in token_offsets(part) if last > first])
            start = end

    def count(self, start: int, end: int) -> int:
        """Return how many tokens begin in `text[start:end]`."""
        return bisect_left(self._starts, end) - bisect_left(self._starts, start)

    def after(self, start: int, n_tokens: int) -> int:
        """Return the character offset after which `n_tokens` tokens have begun since `start`."""
        return self._starts[bisect_left(self._starts, start) + n_tokens]


def _joint(text: str, start: int) -> int:
    """Return where a long text can be torn for the tokenizer: at a line's end, where there is one."""
    limit = start + _CHARS_AT_ONCE
    if limit >= len(text):
        return len(text)
    return text.rfind("\n", start, limit) + 1 or limit
