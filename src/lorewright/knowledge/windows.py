"""The windows in which a judge reads long texts."""

from collections.abc import Collection, Iterable

from lorewright.knowledge.words import content_words, sentences

WINDOW_CHARS = 400
"""What the judge was trained on; longer windows cost more and were judged no better."""


def windows(text: str, *, size: int = WINDOW_CHARS) -> list[str]:
    """Return runs of whole sentences of at most `size` characters that overlap by one sentence.

    A sentence or table row longer than that stands alone, cut at twice the size.
    """
    spans = list(sentences(text))
    runs, first = [], 0
    while first < len(spans):
        last = first
        while last + 1 < len(spans) and spans[last + 1][1] - spans[first][0] <= size:
            last += 1
        runs.append(text[spans[first][0] : min(spans[last][1], spans[first][0] + 2 * size)])
        if last + 1 >= len(spans):
            break
        first = max(last, first + 1)
    return runs


class Windows:
    """The windows of some texts, their words read once."""

    def __init__(self, texts: Iterable[str]) -> None:
        cut = (window for text in texts for window in windows(text))
        self._words = [(window, frozenset(content_words(window))) for window in cut]

    def closest(self, words: str, *, n: int) -> list[str]:
        """Return the `n` windows that share most words with `words`, best first; of equals the first."""
        wanted = set(content_words(words))
        ranked = sorted(self._words, key=lambda window: -len(wanted & window[1]))
        return [window for window, _ in ranked[:n]]


def closest(texts: Collection[str], words: str, *, n: int) -> list[str]:
    """Return the `n` texts that share most words with `words`, best first; of equals the first."""
    wanted = set(content_words(words))
    return sorted(texts, key=lambda text: -len(wanted.intersection(content_words(text))))[:n]
