"""Two ways to go on, of which one is taken."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from lorewright.errors import InvalidFlow
from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.nodes.patterns import is_found, need_pattern
from lorewright.flows.nodes.side_question import preference
from lorewright.messages import Message, last_user_turn

ASK = "A: {first}\nB: {second}\n\nText: {question}\n\nWhich describes the text, A or B? Say A or B."


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Sends the conversation to the first output if a rule holds for the question, else to the second.

    What lies on the other branch does not run. Lead both to the answer, with a merge node at the end;
    for more than two classes put one route behind another.
    """

    rule: Literal["words", "pattern", "length", "retrieval", "model"] = parameter(
        "words", "What decides the branch."
    )
    words: tuple[str, ...] = parameter((), "For words: the question contains one of these words or phrases.")
    pattern: str = parameter("", "For pattern: the question matches this regular expression.")
    min_words: int = parameter(12, "For length: the minimum number of words in the question.", low=1)
    min_cosine: float = parameter(
        0.4, "For retrieval: the minimum cosine similarity of the best hit.", low=-1, high=1
    )
    first_is: str = parameter(
        "a question about our documents", "For model: a description of what goes to the first output."
    )
    second_is: str = parameter("anything else", "For model: a description of what goes to the second output.")
    threshold: float = parameter(
        0.5, "For model: the minimum probability of the first description.", low=0, high=1
    )
    adapter: str = parameter("", "Adapter to apply to the deciding model; empty for the base model.")

    about: ClassVar[About] = About("Route", "Logic", is_choosing=True)
    inputs: ClassVar[Mapping[str, Port]] = {"conversation": Port("conversation")}
    outputs: ClassVar[Mapping[str, PortType]] = {"first": "conversation", "second": "conversation"}

    def __post_init__(self) -> None:
        """Raise `InvalidFlow` for a rule without what it needs."""
        if self.rule == "words" and not any(word.strip() for word in self.words):
            raise InvalidFlow("rule 'words' has no words.", hint="Provide a list of words or phrases.")
        if self.rule == "pattern":
            if not self.pattern:
                raise InvalidFlow("rule 'pattern' has no pattern.", hint="Provide a regular expression.")
            need_pattern(self.pattern)

    @property
    def is_searching(self) -> bool:
        """Whether it looks into the documents."""
        return self.rule == "retrieval"

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the conversation at the port that is taken."""
        conversation = take("conversation")
        taken = "first" if self._holds(last_user_turn(conversation), running) else "second"
        return {taken: conversation}

    def _holds(self, question: str, running: Running) -> bool:
        if self.rule == "words":
            wanted = (re.escape(word.strip()) for word in self.words if word.strip())
            return re.search(rf"(?<!\w)(?:{'|'.join(wanted)})(?!\w)", question, re.IGNORECASE) is not None
        if self.rule == "pattern":
            return is_found(self.pattern, question)
        if self.rule == "length":
            return len(question.split()) >= self.min_words
        if self.rule == "retrieval":
            return self._is_found(question, running)
        return self._is_first_likelier(question, running)

    def _is_found(self, question: str, running: Running) -> bool:
        retriever = running.parts.retriever()
        running.made_by["index_version"] = retriever.version
        cosines = [hit.cosine for hit in retriever.search(question, n=3) if hit.cosine is not None]
        return max(cosines, default=-1.0) >= self.min_cosine

    def _is_first_likelier(self, question: str, running: Running) -> bool:
        """Return whether the model says so, asked in both orders: small ones prefer a letter."""
        first, second = self.first_is, self.second_is
        as_a = preference(running, self.adapter, _messages(question, first, second), ("A", "B"))
        as_b = preference(running, self.adapter, _messages(question, second, first), ("B", "A"))
        shares = [share for share in (as_a, as_b) if share is not None]
        return not shares or sum(shares) / len(shares) >= self.threshold


def _messages(question: str, first: str, second: str) -> list[Message]:
    filled = {"first": first, "second": second, "question": question}
    return [Message("user", re.sub(r"\{(first|second|question)\}", lambda match: filled[match[1]], ASK))]
