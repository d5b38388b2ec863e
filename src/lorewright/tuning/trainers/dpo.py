"""One answer becomes likelier than another: direct preference optimisation (Rafailov et al., 2023)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.tuning.batches import batches
from lorewright.tuning.row import Preference, Row
from lorewright.tuning.trainers.encoding import EncodedRow, encode_rows
from lorewright.tuning.trainers.supervised import likelihoods


@dataclass(frozen=True, slots=True)
class EncodedPreference:
    """Two rows with the same prompt; the first is preferred."""

    preferred: EncodedRow
    rejected: EncodedRow

    @property
    def n_tokens(self) -> int:
        """How many tokens a step reads for it: the prompt twice."""
        return self.preferred.n_tokens + self.rejected.n_tokens

    @property
    def n_longest(self) -> int:
        """How many tokens the longer row has."""
        return max(self.preferred.n_longest, self.rejected.n_longest)

    @property
    def n_completion(self) -> int:
        """How many tokens are learned, in both answers."""
        return self.preferred.n_completion + self.rejected.n_completion


def encode_preferences(tokenizer: Any, rows: Sequence[Row]) -> list[EncodedPreference]:
    """Return preferences as token ids."""
    pairs = [row for row in rows if isinstance(row, Preference)]
    preferred = encode_rows(tokenizer, pairs)
    rejected = encode_rows(tokenizer, [Row(row.messages, row.rejected) for row in pairs])
    return [EncodedPreference(*pair) for pair in zip(preferred, rejected, strict=True)]


class PreferenceObjective:
    """The loss of preferences; a mean is per preference, and log 2 before anything is learned.

    The reference is the model that the run begins with: what it thinks of all rows is asked once,
    so that no second model is kept. `beta` says how much it costs to leave the reference.
    """

    def __init__(self, beta: float) -> None:
        self._beta = beta
        self._before: dict[EncodedPreference, float] = {}

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[EncodedPreference]:
        """Return preferences as token ids."""
        return encode_preferences(tokenizer, rows)

    def begin(self, model: nn.Module, rows: Sequence[EncodedPreference], *, batch_tokens: int) -> None:
        """Keep how much the model prefers each answer before it learns."""
        ordered = sorted(rows, key=lambda row: row.n_tokens)
        model.eval()
        with torch.no_grad():
            for batch in batches(
                [row.n_tokens for row in ordered], batch_tokens=batch_tokens, seed=0, epoch=0
            ):
                part = [ordered[place] for place in batch]
                self._before.update(zip(part, _leads(model, part).tolist(), strict=True))

    def loss(self, model: nn.Module, rows: Sequence[EncodedPreference]) -> tuple[Tensor, int]:
        """Return the summed loss of preferences, and how many they are."""
        now = _leads(model, rows)  # (preferences,)
        before = torch.tensor([self._before[row] for row in rows], device=now.device)
        return -nn.functional.logsigmoid(self._beta * (now - before)).sum(), len(rows)


def _leads(model: nn.Module, rows: Sequence[EncodedPreference]) -> Tensor:
    """Return by how many nats the preferred answers are likelier than the rejected: (preferences,)."""
    both = likelihoods(model, [row.preferred for row in rows] + [row.rejected for row in rows])
    return both[: len(rows)] - both[len(rows) :]
