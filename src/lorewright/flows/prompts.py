"""The messages a model is shown: one format for every arm, in training and in use.

Numbered chunks, the question last, one short instruction. Tuned arms are sent exactly the prompt
they were trained on because both are made here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lorewright.knowledge import Hit
from lorewright.messages import Conversation, Message, last_user_turn

RULE = (
    "Answer from the numbered texts only and end with the number of the text you used, like [1]. "
    "If they do not hold the answer, say: {refusal}"
)
CHUNK_FORMAT = "[{number}] {context}"

_PLACEHOLDER = re.compile(r"\{(number|title|headings|text|context)\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptContent:
    """What goes into a prompt; `hits` is `None` where nothing was retrieved for it."""

    instruction: str
    conversation: Conversation
    hits: tuple[Hit, ...] | None = None
    examples: tuple[Conversation, ...] = ()


def render(content: PromptContent, *, rule: str, chunk_format: str) -> Conversation:
    """Return the messages: instruction, examples as turns, earlier turns, chunks and question."""
    *earlier, question = turns_to_question(content.conversation)
    instruction = content.instruction
    if content.hits:
        instruction = f"{instruction} {rule}".strip()
        chunks = [_chunk(hit, number, chunk_format) for number, hit in enumerate(content.hits, start=1)]
        question = Message("user", "\n\n".join([*chunks, f"Question: {question.content}"]))
    system = [Message("system", instruction)] if instruction else []
    solved = [turn for example in content.examples for turn in example if turn.role != "system"]
    return (*system, *solved, *earlier, question)


def shrinking(content: PromptContent) -> Iterator[PromptContent]:
    """Yield what is shown, then less and less of it; the question and the instruction always stay.

    The oldest turns go first, then the examples, the least like the question first, and last the
    chunks, the lowest rank first: what the answer stands on outlives what only came before it.
    """
    yield content
    turns = turns_to_question(content.conversation)
    for place, turn in enumerate(turns):
        if place > 0 and turn.role == "user":
            content = replace(content, conversation=turns[place:])
            yield content
    for n_left in range(len(content.examples) - 1, -1, -1):
        content = replace(content, examples=content.examples[len(content.examples) - n_left :])
        yield content
    for n_hits in range(len(content.hits or ()) - 1, -1, -1):
        content = replace(content, hits=(content.hits or ())[:n_hits])
        yield content


def left_out(whole: PromptContent, content: PromptContent) -> dict[str, int]:
    """Return how many turns, examples and chunks found no room; nothing where all did."""
    counts = {
        "turns": len(turns_to_question(whole.conversation)) - len(turns_to_question(content.conversation)),
        "examples": len(whole.examples) - len(content.examples),
        "chunks": len(whole.hits or ()) - len(content.hits or ()),
    }
    return {name: count for name, count in counts.items() if count}


def turns_to_question(conversation: Sequence[Message]) -> Conversation:
    """Return the turns up to the last user turn, without system messages."""
    turns = [turn for turn in conversation if turn.role != "system"]
    while turns and turns[-1].role != "user":
        turns.pop()
    return tuple(turns) or (Message("user", last_user_turn(conversation)),)


def _chunk(hit: Hit, number: int, chunk_format: str) -> str:
    chunk = hit.chunk
    filled = {
        "number": str(number),
        "title": chunk.title,
        "headings": " > ".join(chunk.heading_path),
        "text": chunk.text,
        "context": chunk.context,
    }
    return _PLACEHOLDER.sub(lambda match: filled[match[1]], chunk_format).strip()
