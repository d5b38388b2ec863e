"""What the model is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, ClassVar, Literal

from lorewright.flows.kinds import About, Port, PortType, Running, Take, parameter
from lorewright.flows.prompts import CHUNK_FORMAT, RULE, PromptContent, left_out, render, shrinking
from lorewright.flows.query import carried_question
from lorewright.knowledge import Hit
from lorewright.knowledge.date_distances import named_day, with_distances
from lorewright.knowledge.named_cells import with_named_cells
from lorewright.messages import Conversation, Message, last_user_turn

TOKENS_PER_TURN = 8  # what a chat template adds to a turn, at most


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptNode:
    """Builds the messages: instruction, examples, numbered chunks and the conversation, the question last."""

    instruction: str = parameter("", "The system message: the role and style of the model.")
    system: Literal["replace", "keep"] = parameter(
        "replace", "How the instruction is combined with a system message of the conversation."
    )
    rule: str = parameter(RULE, "Added to the instruction when there are chunks; {refusal} is filled in.")
    refusal: str = parameter("", "The answer when the chunks do not contain one.")
    examples: tuple[Conversation, ...] = parameter((), "Solved examples, shown as earlier turns.")
    example_choice: Literal["fixed", "nearest"] = parameter(
        "fixed",
        "Whether to show these examples, or as many of the domain's examples most similar to the question.",
    )
    chunk_format: str = parameter(
        CHUNK_FORMAT, "How a chunk is shown: {number}, {title}, {headings}, {text}, {context} are filled in."
    )
    tables: Literal["as-written", "named-cells", "all-named-cells"] = parameter(
        "as-written",
        "How table rows are shown: as written, or the cells that are asked for, or all, with their columns.",
    )
    dates: Literal["as-written", "with-distance"] = parameter(
        "as-written",
        "How dates in chunks are shown where the question names a day: as written, or with how far they are.",
    )
    context_tokens: int = parameter(4096, "The context window of the model, in tokens.", low=64)
    answer_tokens: int = parameter(256, "The tokens reserved for the answer.", low=1)
    adapter: str = parameter("", "The adapter of the model that counts the tokens.")

    about: ClassVar[About] = About("Prompt", "Model")
    inputs: ClassVar[Mapping[str, Port]] = {
        "conversation": Port("conversation"),
        "hits": Port("hits", is_required=False),
    }
    outputs: ClassVar[Mapping[str, PortType]] = {"messages": "messages", "hits": "hits"}

    def run(self, take: Take, running: Running) -> Mapping[str, Any]:
        """Return the messages, and the hits that found room in them."""
        messages: Conversation = ()
        hits: tuple[Hit, ...] | None = None
        conversation: Conversation = take("conversation")
        whole = replace(
            self._content(conversation, take("hits")), examples=self._examples_for(conversation, running)
        )
        for content in shrinking(whole):
            messages, hits = self._render(content), content.hits
            if self._fits(messages, running):
                running.left_out.update(left_out(whole, content))
                break
        text = "\0".join(f"{turn.role}:{turn.content}" for turn in messages)
        running.made_by["prompt_hash"] = sha256(text.encode()).hexdigest()
        return {"messages": messages, "hits": hits or ()}

    def _examples_for(self, conversation: Conversation, running: Running) -> tuple[Conversation, ...]:
        """Return the solved examples to show, the most alike last: next to the question."""
        if self.example_choice == "fixed" or not self.examples:
            return self.examples
        matches = running.parts.examples().nearest(last_user_turn(conversation), len(self.examples))
        running.notes["examples"] = [near.example.id for near in matches]
        solved = [
            (*near.example.turns, Message("assistant", near.example.completion)) for near in reversed(matches)
        ]
        return tuple(solved) or self.examples

    def messages(self, conversation: Conversation, hits: Sequence[Hit] | None = None) -> Conversation:
        """Return what the model is shown when there is room for everything."""
        return self._render(self._content(conversation, hits))

    def _content(self, conversation: Conversation, hits: Sequence[Hit] | None) -> PromptContent:
        own = next((turn.content for turn in conversation if turn.role == "system"), "")
        return PromptContent(
            instruction=own if own and self.system == "keep" else self.instruction,
            conversation=conversation,
            hits=None if hits is None else tuple(hits),
            examples=self.examples,
        )

    def _render(self, content: PromptContent) -> Conversation:
        rule = self.rule.replace("{refusal}", self.refusal)
        if self.tables != "as-written" and content.hits:
            question = carried_question(content.conversation) if self.tables == "named-cells" else ""
            content = replace(content, hits=tuple(_with_named_cells(hit, question) for hit in content.hits))
        if self.dates == "with-distance" and content.hits:
            day = named_day(carried_question(content.conversation))
            content = replace(content, hits=tuple(_with_distances(hit, day) for hit in content.hits))
        return render(content, rule=rule, chunk_format=self.chunk_format)

    def _fits(self, messages: Conversation, running: Running) -> bool:
        room = self.context_tokens - self.answer_tokens
        n_bytes = sum(len(turn.content.encode()) + TOKENS_PER_TURN for turn in messages)
        # A token has at least one byte: most prompts need no counting, which needs a loaded model.
        return n_bytes <= room or running.parts.engine(self.adapter).count_tokens(messages) <= room


def _with_named_cells(hit: Hit, question: str) -> Hit:
    text = with_named_cells(hit.chunk.text, hit.chunk.header, question=question)
    return replace(hit, chunk=replace(hit.chunk, header="", text=text))


def _with_distances(hit: Hit, day: date | None) -> Hit:
    if day is None:
        return hit
    return replace(hit, chunk=replace(hit.chunk, text=with_distances(hit.chunk.text, day)))
