"""The draft as it is written, let out as far as it may be seen."""

from collections.abc import Callable

from lorewright.knowledge.words import sentences

Check = Callable[[str], str | None]
"""Called with a beginning of the draft that ends with a sentence: what may be seen of it, or `None`."""


class DraftStream:
    """Hears a draft piece by piece and tells what of it may be seen.

    Once a node holds it, only whole sentences that its check lets through are told, and after one
    that it does not let through nothing more.
    """

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.sent = ""
        self._tell = tell
        self._draft = ""
        self._check: Check | None = None
        self._is_shut = tell is None

    def hold(self, check: Check) -> None:
        """Let out only what a check lets through, from now on."""
        self._check = check

    def begin(self) -> None:
        """Begin a draft; of a second one nothing is let out: it is another text."""
        self._is_shut = self._is_shut or bool(self._draft)

    def hear(self, piece: str) -> None:
        """Take in a piece of the draft."""
        if self._is_shut:
            return
        self._draft += piece
        visible: str | None = self._draft.strip()
        if self._check is not None:
            spans = list(sentences(self._draft))
            whole = self._draft[: spans[-2][1]] if len(spans) > 1 else ""
            visible = self._check(whole) if whole else ""
        if visible is None or not visible.startswith(self.sent):
            self._is_shut = True
        elif self._tell is not None and len(visible) > len(self.sent):
            more, self.sent = visible[len(self.sent) :], visible
            self._tell(more)
