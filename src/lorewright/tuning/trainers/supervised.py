"""Completions become likely: the loss of supervised tuning."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.tuning.row import Row
from lorewright.tuning.trainers.encoding import EncodedRow, encode_rows
from lorewright.tuning.trainers.still_layers import StillLayers


class SupervisedObjective:
    """The negative log-likelihood of completions, in nats; a mean is per token.

    What layers that do not learn make of the rows is kept in up to `most_kept_bytes` of memory.
    """

    def __init__(self, *, most_kept_bytes: int = 0) -> None:
        self._most_kept_bytes = most_kept_bytes
        self._still: StillLayers | None = None

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[EncodedRow]:
        """Return rows as token ids."""
        return encode_rows(tokenizer, rows)

    def begin(self, model: nn.Module, rows: Sequence[EncodedRow], *, batch_tokens: int) -> None:
        """Find the layers that will stay as they are."""
        if self._most_kept_bytes:
            self._still = StillLayers(
                model, rows, batch_tokens=batch_tokens, most_bytes=self._most_kept_bytes
            )

    def loss(self, model: nn.Module, rows: Sequence[EncodedRow]) -> tuple[Tensor, int]:
        """Return the summed loss of the completions, and how many tokens they have."""
        losses, _ = token_losses(model, rows, still=self._still)
        return losses.sum(), len(losses)


def likelihoods(model: nn.Module, rows: Sequence[EncodedRow]) -> Tensor:
    """Return how likely the completion of every row is as a whole, in nats: (rows,)."""
    losses, places = token_losses(model, rows)
    return torch.zeros(len(rows), device=losses.device).index_add(0, places, -losses)


def token_losses(
    model: nn.Module, rows: Sequence[EncodedRow], *, still: StillLayers | None = None
) -> tuple[Tensor, Tensor]:
    """Return the loss of every token of the completions, and the place of the row it is of: (tokens,) each.

    Rows are padded on the right, where a causal model cannot see it: no mask is needed. Logits
    are made only where some row has a completion.
    """
    n_longest = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), n_longest, dtype=torch.long)  # (rows, tokens)
    targets = torch.full((len(rows), n_longest), -100)  # (rows, tokens): what comes next, if learned
    for place, row in enumerate(rows):
        ids[place, : len(row.ids)] = torch.tensor(row.ids)
        targets[place, row.n_prompt - 1 : len(row.ids) - 1] = ids[place, row.n_prompt : len(row.ids)]
    kept = (targets != -100).any(dim=0).nonzero()[:, 0]  # (positions,)
    device = next(model.parameters()).device
    with still.given(rows, n_longest) if still else nullcontext():
        logits = model(
            input_ids=ids.to(device), use_cache=False, logits_to_keep=kept.to(device)
        ).logits  # (rows, positions, vocabulary)
    wanted = targets[:, kept].to(device)  # (rows, positions)
    is_learned = wanted != -100
    losses = nn.functional.cross_entropy(logits[is_learned].float(), wanted[is_learned], reduction="none")
    return losses, is_learned.nonzero()[:, 0]
