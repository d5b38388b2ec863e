"""What layers that do not learn make of a row, computed once for all epochs."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from lorewright.tuning.batches import batches
from lorewright.tuning.trainers.encoding import EncodedRow
from lorewright.tuning.trainers.lora import LoraLinear


class StillLayers:
    """The layers of a model below the first that learns, and what came out of them for each row.

    While rows are `given`, a pass over the model takes their states from here, and only the layers above
    compute. Rows are computed in groups of up to `batch_tokens` that depend on the rows alone, so that their
    states are the same whichever batch asks first, and after a run was killed too. About `most_bytes` are
    kept; other rows are computed every time.
    """

    def __init__(
        self, model: nn.Module, rows: Sequence[EncodedRow], *, batch_tokens: int, most_bytes: int
    ) -> None:
        """Take the place of every layer's computation; a model whose lowest layer learns has none still."""
        ordered = sorted({row.ids for row in rows}, key=lambda ids: (len(ids), ids))
        grouped = batches([len(ids) for ids in ordered], batch_tokens=batch_tokens, seed=0, epoch=0)
        groups = [tuple(ordered[place] for place in group) for group in grouped]
        self._group = {ids: group for group in groups for ids in group}
        self._body = model.get_submodule("model")
        layers = list(model.get_submodule("model.layers").children())
        self._n_still = _n_still(layers)
        self._known: dict[tuple[int, ...], Tensor] = {}  # token ids -> (tokens, hidden)
        self._room = most_bytes
        self._given: Tensor | None = None  # (rows, tokens, hidden)
        self._kept: Tensor | None = None  # what the first layer above was given
        self._is_filling = False
        if self._n_still:
            for place, layer in enumerate(layers):
                layer.forward = self._instead_of(layer.forward, place)

    @contextmanager
    def given(self, rows: Sequence[EncodedRow], n_tokens: int) -> Iterator[None]:
        """Let one pass over these rows, padded to `n_tokens` on the right, begin above the still layers."""
        known = [state for row in rows if (state := self._states(row)) is not None]
        if self._n_still and len(known) == len(rows):
            padded = [nn.functional.pad(state, (0, 0, 0, n_tokens - len(state))) for state in known]
            self._given = torch.stack(padded)
        try:
            yield
        finally:
            self._given = None

    def _states(self, row: EncodedRow) -> Tensor | None:
        """Return what comes out of the still layers for a row, (tokens, hidden); None if not kept."""
        if self._n_still and row.ids not in self._known and row.ids in self._group and self._room > 0:
            group = self._group[row.ids]
            for ids, states in zip(group, self._computed(group), strict=True):
                self._known[ids] = states[: len(ids)].clone()
                self._room -= self._known[ids].nbytes
        return self._known.get(row.ids)

    @torch.no_grad()
    def _computed(self, group: Sequence[tuple[int, ...]]) -> Tensor:
        """Return what comes out of the still layers for rows padded on the right: (rows, tokens, hidden)."""
        padded = torch.zeros(len(group), max(map(len, group)), dtype=torch.long)
        for place, ids in enumerate(group):
            padded[place, : len(ids)] = torch.tensor(ids)
        device = next(self._body.parameters()).device
        self._is_filling = True
        try:
            self._body(input_ids=padded.to(device), use_cache=False)
        finally:
            self._is_filling = False
        if self._kept is None:
            raise RuntimeError("The first layer that learns was given nothing.")
        states, self._kept = self._kept, None
        return states

    def _instead_of(self, compute: Any, place: int) -> Any:
        def forward(hidden_states: Tensor, *rest: Any, **named: Any) -> Any:
            if self._is_filling and place >= self._n_still:
                if place == self._n_still:
                    self._kept = hidden_states
                return hidden_states
            if self._given is not None and place < self._n_still:
                return self._given
            return compute(hidden_states, *rest, **named)

        return forward


def _n_still(layers: Sequence[nn.Module]) -> int:
    """Return how many layers stand below the first with weights that learn."""
    learns = (any(isinstance(part, LoraLinear) for part in layer.modules()) for layer in layers)
    return next((place for place, does in enumerate(learns) if does), 0)
