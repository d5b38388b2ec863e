"""A question in words that find more."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.rewriting import queries_in, request_for, standalone_in
from lorewright.flows.nodes.side_question import short_answer
from lorewright.flows.prompts import turns_to_question
from lorewright.messages import Conversation, Message


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewrite:
    """Rewrites the last question with a model so that search finds more; connect it to a retrieve node.

    `standalone` makes "and the other one?" a question that needs no conversation, as in conversational
    query rewriting (Elgohary et al. 2019); `expand` adds queries in other words (query2doc and its
    kin; Jagerman et al. 2023); `hyde` adds a made-up paragraph that answers it, because that lies
    closer to the real one than a question does (HyDE; Gao et al. 2022). Where the model says nothing
    that can be used, the conversation stays as it is.
    """

    mode: Literal["standalone", "expand", "hyde"] = parameter(
        "standalone", "Whether to complete the question, add queries, or search with a guessed answer."
    )
    n_queries: int = parameter(3, "The number of queries to add.", low=1, high=8)
    max_tokens: int = parameter(96, "The length limit of the model's text, in tokens.", low=8, high=1024)
    adapter: str = parameter("", "Adapter to apply; empty for the base model.")

    about: ClassVar[About] = About("Rewrite the question", "Retrieval")
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"conversation": "conversation"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the conversation with its last question in other words."""
        conversation: Conversation = take("conversation")
        turns = turns_to_question(conversation)
        if self.mode == "standalone" and len(turns) == 1:
            return {"conversation": conversation}  # it stands alone already
        request = request_for(self.mode, turns, n=self.n_queries)
        text = short_answer(running, self.adapter, request, max_tokens=self.max_tokens)
        system = tuple(turn for turn in conversation if turn.role == "system")
        question = turns[-1].content
        if self.mode == "standalone":
            alone = standalone_in(text, turns)
            return {"conversation": (*system, Message("user", alone)) if alone else conversation}
        added = (
            queries_in(text, question, n=self.n_queries) if self.mode == "expand" else [text] if text else []
        )
        widened = "\n".join([question, *added])
        return {"conversation": (*system, *turns[:-1], Message("user", widened))}
