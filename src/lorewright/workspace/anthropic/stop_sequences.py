"""Texts that end an answer: seen while it comes piece by piece."""

from collections.abc import Sequence


class StopSequences:
    """Lets a text through up to the first of the sequences; `met` is the one that ended it, or ''."""

    def __init__(self, sequences: Sequence[str]) -> None:
        self._sequences = [sequence for sequence in sequences if sequence]
        self._held = ""
        self.met = ""

    def passed(self, piece: str) -> str:
        """Return what may be told of the text with another piece; a beginning of a sequence waits."""
        if self.met:
            return ""
        text = self._held + piece
        matches = [(text.find(sequence), sequence) for sequence in self._sequences if sequence in text]
        if matches:
            place, self.met = min(matches, key=lambda one: one[0])
            self._held = ""
            return text[:place]
        n_held = max((_begun(text, sequence) for sequence in self._sequences), default=0)
        self._held = text[len(text) - n_held :]
        return text[: len(text) - n_held]

    def within(self, text: str) -> str:
        """Return a whole text up to the first of the sequences."""
        places = [text.find(sequence) for sequence in self._sequences if sequence in text]
        return text[: min(places)] if places else text

    def rest(self) -> str:
        """Return what waited, once nothing more comes."""
        held, self._held = self._held, ""
        return held


def _begun(text: str, sequence: str) -> int:
    """Return how many characters at the end of a text begin a sequence."""
    return next(
        (n for n in range(min(len(sequence) - 1, len(text)), 0, -1) if text.endswith(sequence[:n])), 0
    )
