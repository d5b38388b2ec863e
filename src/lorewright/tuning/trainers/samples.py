"""What a model says in the middle of a run: the likeliest word each time, to a few fixed prompts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from lorewright.messages import last_user_turn
from lorewright.tuning.curve import Sample
from lorewright.tuning.row import Row
from lorewright.tuning.trainers.encoding import encode_prompt, end_of_turn

N_PROMPTS = 2
_MAX_TOKENS = 32


@dataclass(frozen=True, slots=True)
class Prompt:
    """A fixed prompt: as token ids, as people read it, and what should be said to it."""

    ids: tuple[int, ...]
    question: str
    expected: str


class SampleWriter:
    """A few prompts that a model is asked again and again."""

    def __init__(self, tokenizer: Any, rows: Sequence[Row], *, longest: int) -> None:
        """Take the first rows whose prompts have at most `longest` tokens."""
        self._tokenizer = tokenizer
        self._end = end_of_turn(tokenizer)
        self.prompts: list[Prompt] = []
        for row in rows:
            ids = tuple(encode_prompt(tokenizer, row.messages))
            if len(ids) <= longest and len(self.prompts) < N_PROMPTS:
                question = last_user_turn(row.messages).rpartition("Question:")[2].strip()
                self.prompts.append(Prompt(ids, question, row.completion))

    def samples(self, model: nn.Module, *, agreed: Callable[[int], int]) -> tuple[Sample, ...]:
        """Return what the model says now; after `agreed`, every process has the same next token."""
        return tuple(
            Sample(
                question=prompt.question,
                expected=prompt.expected,
                reply=self._reply(model, prompt.ids, agreed),
            )
            for prompt in self.prompts
        )

    def _reply(self, model: nn.Module, prompt: Sequence[int], agreed: Callable[[int], int]) -> str:
        device = next(model.parameters()).device
        read, seen, reply = torch.tensor([prompt], device=device), None, list[int]()
        while len(reply) < _MAX_TOKENS:
            made = model(input_ids=read, cache=seen, use_cache=True, logits_to_keep=1)
            token, seen = agreed(int(made.logits[0, -1].argmax())), made.cache
            if token == self._end:
                break
            reply.append(token)
            read = torch.tensor([[token]], device=device)
        text: str = self._tokenizer.decode(reply, skip_special_tokens=True)
        return text.strip() + (" …" if len(reply) == _MAX_TOKENS else "")
