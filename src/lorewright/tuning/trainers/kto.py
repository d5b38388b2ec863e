"""Good answers become likelier and bad ones less likely, each on its own: KTO (Ethayarajh et al., 2024)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.tuning.batches import batches
from lorewright.tuning.row import RatedRow, Row
from lorewright.tuning.trainers.encoding import EncodedRow, encode_rows
from lorewright.tuning.trainers.supervised import likelihoods

MOST_WEIGHT = 10.0
"""How much more one answer of the rarer side counts, at most."""


@dataclass(frozen=True, slots=True)
class EncodedRating:
    """An answer that is good or bad, and the same prompt with the answer of another row."""

    row: EncodedRow
    mismatched: EncodedRow
    is_good: bool

    @property
    def n_tokens(self) -> int:
        """How many tokens a step reads for it: the prompt twice."""
        return self.row.n_tokens + self.mismatched.n_tokens

    @property
    def n_longest(self) -> int:
        """How many tokens the longer row has."""
        return max(self.row.n_longest, self.mismatched.n_longest)

    @property
    def n_completion(self) -> int:
        """How many tokens are learned."""
        return self.row.n_completion


class RatingObjective:
    """The loss of ratings; a mean is per answer, and 1/2 of its weight before anything is learned.

    The reference is the model that the run begins with, asked once. How far the tuned model has moved
    from it at all is estimated on prompts with other rows' answers, of the same batch; a good answer must
    have moved further, a bad one less far. The rarer side weighs more, so that both count alike.
    """

    def __init__(self, beta: float) -> None:
        self._beta = beta
        self._before: dict[EncodedRow, float] = {}
        self._weights = {True: 1.0, False: 1.0}

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[EncodedRating]:
        """Return rated answers as token ids."""
        rated = [row for row in rows if isinstance(row, RatedRow)]
        others = [*rated[1:], *rated[:1]]
        mismatched = [Row(row.messages, other.completion) for row, other in zip(rated, others, strict=True)]
        pairs = zip(encode_rows(tokenizer, rated), encode_rows(tokenizer, mismatched), strict=True)
        return [EncodedRating(*pair, row.is_good) for pair, row in zip(pairs, rated, strict=True)]

    def begin(self, model: nn.Module, rows: Sequence[EncodedRating], *, batch_tokens: int) -> None:
        """Keep how likely each answer is before the model learns, and how much each side weighs."""
        n_good = sum(row.is_good for row in rows)
        n_bad = len(rows) - n_good
        if n_good and n_bad:
            self._weights = {
                True: min(MOST_WEIGHT, max(1.0, n_bad / n_good)),
                False: min(MOST_WEIGHT, max(1.0, n_good / n_bad)),
            }
        ordered = sorted({part for row in rows for part in (row.row, row.mismatched)}, key=_length)
        model.eval()
        with torch.no_grad():
            lengths = [part.n_tokens for part in ordered]
            for batch in batches(lengths, batch_tokens=batch_tokens, seed=0, epoch=0):
                parts = [ordered[place] for place in batch]
                self._before.update(zip(parts, likelihoods(model, parts).tolist(), strict=True))

    def loss(self, model: nn.Module, rows: Sequence[EncodedRating]) -> tuple[Tensor, int]:
        """Return the summed loss of rated answers, and how many they are."""
        moved = self._moved(model, [row.row for row in rows])  # (answers,)
        with torch.no_grad():
            base = self._moved(model, [row.mismatched for row in rows]).mean().clamp(min=0)
        signs = torch.tensor([1.0 if row.is_good else -1.0 for row in rows], device=moved.device)
        weights = torch.tensor([self._weights[row.is_good] for row in rows], device=moved.device)
        values = torch.sigmoid(self._beta * signs * (moved - base))
        return (weights * (1 - values)).sum(), len(rows)

    def _moved(self, model: nn.Module, parts: Sequence[EncodedRow]) -> Tensor:
        """Return by how many nats rows are likelier than before the run: (rows,)."""
        now = likelihoods(model, parts)
        return now - torch.tensor([self._before[part] for part in parts], device=now.device)


def _length(part: EncodedRow) -> tuple[int, tuple[int, ...]]:
    return part.n_tokens, part.ids
