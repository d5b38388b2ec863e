"""What finds chunks for a question."""

from typing import Protocol

from lorewright.knowledge.hit import Hit


class Retriever(Protocol):
    """Finds the chunks that plausibly answer a question."""

    @property
    def version(self) -> str:
        """Identify what is searched: another version may find other chunks."""

    def search(self, query: str, *, n: int | None = None) -> list[Hit]:
        """Return at most `n` hits, best first (`None`: as many as reach a prompt)."""
