"""Rows as the token ids that the engine sees at inference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lorewright.messages import Message
from lorewright.tuning.row import Row


@dataclass(frozen=True, slots=True)
class EncodedRow:
    """Token ids of prompt and completion; what comes from `n_prompt` on is learned."""

    ids: tuple[int, ...]
    n_prompt: int

    @property
    def n_tokens(self) -> int:
        """How many tokens a step reads for it."""
        return len(self.ids)

    @property
    def n_longest(self) -> int:
        """How many tokens it has."""
        return len(self.ids)

    @property
    def n_completion(self) -> int:
        """How many tokens are learned."""
        return len(self.ids) - self.n_prompt


def encode_rows(tokenizer: Any, rows: Sequence[Row]) -> list[EncodedRow]:
    """Return rows as token ids: the prompt in the base's chat template, then completion and end of turn.

    The completion is tokenised alone, since an engine also begins it on its own after the prompt.
    """
    end = end_of_turn(tokenizer)
    encoded = []
    for row in rows:
        prompt = encode_prompt(tokenizer, row.messages)
        completion = tokenizer(row.completion, add_special_tokens=False)["input_ids"]
        encoded.append(EncodedRow((*prompt, *completion, end), len(prompt)))
    return encoded


def encode_prompt(tokenizer: Any, messages: Sequence[Message]) -> list[int]:
    """Return the prompt's ids, up to where the assistant's turn begins; llama.cpp makes the same."""
    turns = [message.to_json() for message in messages]
    text = tokenizer.apply_chat_template(turns, tokenize=False, add_generation_prompt=True)
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    start = tokenizer.start_id
    return [start, *ids] if start is not None and ids[0] != start else ids


def end_of_turn(tokenizer: Any) -> int:
    """Return the id that the chat template puts after an assistant's turn."""
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "zebra"}]
    text: str = tokenizer.apply_chat_template(turns, tokenize=False)
    after = tokenizer(text.rpartition("zebra")[2], add_special_tokens=False)["input_ids"]
    special = set(tokenizer.all_special_ids)
    return next((token for token in after if token in special), int(tokenizer.eos_token_id))
