"""What finds chunks for a question."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from lorewright.knowledge.hit import Hit


class Retriever(Protocol):
    """Finds the chunks that plausibly answer a question."""

    @property
    def version(self) -> str:
        """Identify what is searched: another version may find other chunks."""

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first (`None`: as many as reach a prompt)."""


@runtime_checkable
class ComparesTexts(Protocol):
    """A retriever that can also tell how alike in meaning texts are."""

    def likeness(self, question: str, texts: Sequence[str]) -> list[float] | None:
        """Return the cosine of a question and each text; `None` where its model does not fit them."""
