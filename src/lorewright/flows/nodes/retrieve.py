"""Chunks that may answer the question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.query import find_for, query_from
from lorewright.knowledge import Hit, Retriever
from lorewright.messages import Conversation, last_user_turn


@dataclass(frozen=True, kw_only=True, slots=True)
class Retrieve:
    """Finds the chunks that may answer the question, best first."""

    n: int = parameter(3, "The maximum number of chunks.", low=1)
    query: Literal["conversation", "last turn"] = parameter(
        "conversation", "The search query: the last turn alone, or with the names from earlier turns."
    )

    about: ClassVar[About] = About("Retrieve", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"hits": "hits"}

    @property
    def is_searching(self) -> bool:
        """Whether it looks into the documents: it does."""
        return True

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the hits."""
        retriever = running.parts.retriever()
        running.made_by["index_version"] = retriever.version
        return {"hits": tuple(self.find(take("conversation"), retriever))}

    def find(self, conversation: Conversation, retriever: Retriever, *, n: int = 0) -> list[Hit]:
        """Return the hits for a conversation, `n` of them where another number is asked for."""
        if self.query == "last turn":
            return retriever.search(last_user_turn(conversation), n=n or self.n)
        return find_for(conversation, retriever, n=n or self.n)

    def query_of(self, conversation: Conversation) -> str:
        """Return what is searched for, as one text."""
        return last_user_turn(conversation) if self.query == "last turn" else query_from(conversation)
