"""One answer is learned and kept likelier than another, without a reference: ORPO (Hong et al., 2024)."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.tuning.row import Row
from lorewright.tuning.trainers.dpo import EncodedPreference, encode_preferences
from lorewright.tuning.trainers.supervised import likelihoods

_NEARLY_CERTAIN = -1e-6
"""The most that a token's mean likelihood may be, in nats: at 0 the odds are infinite."""


class OddsRatioObjective:
    """The loss of the preferred answers, and `weight` times that of the odds between both.

    A mean is per pair. Odds are those of the mean likelihood of an answer's tokens: long answers are
    not at a disadvantage.
    """

    def __init__(self, weight: float) -> None:
        self._weight = weight

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[EncodedPreference]:
        """Return preferences as token ids."""
        return encode_preferences(tokenizer, rows)

    def begin(self, model: nn.Module, rows: Sequence[EncodedPreference], *, batch_tokens: int) -> None:
        """Keep nothing of the model that a run begins with: there is no reference."""

    def loss(self, model: nn.Module, rows: Sequence[EncodedPreference]) -> tuple[Tensor, int]:
        """Return the summed loss of preferences, and how many they are."""
        both = [row.preferred for row in rows] + [row.rejected for row in rows]
        n_tokens = torch.tensor([row.n_completion for row in both])
        summed = likelihoods(model, both)
        means = summed / n_tokens.to(summed.device)  # (answers,)
        odds = _log_odds(means)
        ratios = odds[: len(rows)] - odds[len(rows) :]  # (preferences,)
        learned = -means[: len(rows)]
        return (learned - self._weight * nn.functional.logsigmoid(ratios)).sum(), len(rows)


def _log_odds(means: Tensor) -> Tensor:
    """Return log(p / (1 - p)) of probabilities given as logarithms."""
    means = means.clamp(max=_NEARLY_CERTAIN)
    return means - torch.log(-torch.expm1(means))
