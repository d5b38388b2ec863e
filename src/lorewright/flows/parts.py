"""What a flow needs from outside: engines and a retriever."""

from typing import Protocol

from lorewright.knowledge import Retriever
from lorewright.models import Engine


class Parts(Protocol):
    """Gives nodes the engine and the retriever they name; who opens them also closes them."""

    def engine(self, adapter: str) -> Engine:
        """Return the model with an adapter: "" is the base itself, "bare" and "context" are tuned."""

    def retriever(self) -> Retriever:
        """Return what finds chunks; raises `NoDocuments` where there is nothing to retrieve."""
