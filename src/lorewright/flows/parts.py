"""What a flow needs from outside: engines, a retriever, other flows, tools."""

from typing import Protocol

from lorewright.flows.example_pool import ExamplePool
from lorewright.flows.flow import Flow
from lorewright.knowledge import Attributes, Retriever
from lorewright.models import Engine, Judge, Usage
from lorewright.tools import Tools
from lorewright.tuning.classifier import Classifier


class Parts(Protocol):
    """Gives nodes the engines, retriever, flows and tools they name; who opens them also closes them."""

    def engine(self, adapter: str) -> Engine:
        """Return the model with an adapter: "" is the base itself, "bare" and "context" are tuned.

        "reader" is the adapter that ships for the default chat model; any other answers as it is.
        """

    def price(self, adapter: str, seconds: float, usage: Usage) -> float:
        """Return what an answer of the model with an adapter cost, in US dollars."""

    def classifier(self, adapter: str) -> Classifier:
        """Return what tells labels; raises `UnknownName` where none is trained."""

    def retriever(self) -> Retriever:
        """Return what finds chunks; raises `NoDocuments` where there is nothing to retrieve."""

    def judge(self) -> Judge | None:
        """Return what judges texts and claims, None where rules judge in its place."""

    def attributes(self, document_id: str) -> Attributes:
        """Return what is known of a document besides its text; nothing for an unknown one."""

    def flow(self, name: str) -> Flow:
        """Return another flow of the domain; raises `UnknownName` where there is none of that name."""

    def examples(self) -> ExamplePool:
        """Return the examples of the domain that may be shown; none of them is held out."""

    def tools(self) -> Tools:
        """Return what calls the tools of the servers that are set up here."""
