"""What a run makes smaller: how likely completions are, or how much one is preferred to another."""

from collections.abc import Sequence
from typing import Any, Protocol

from torch import Tensor, nn

from lorewright.tuning.row import Row


class Encoded(Protocol):
    """A row as token ids."""

    @property
    def n_tokens(self) -> int:
        """How many tokens a step reads for it."""

    @property
    def n_longest(self) -> int:
        """How many tokens its longest text has, prompt included."""

    @property
    def n_completion(self) -> int:
        """How many tokens are learned."""


class Objective(Protocol):
    """Encodes rows and says how far a model is from what they ask for."""

    def encode(self, tokenizer: Any, rows: Sequence[Row]) -> Sequence[Encoded]:
        """Return rows as token ids."""

    def begin(self, model: nn.Module, rows: Sequence[Any], *, batch_tokens: int) -> None:
        """See the model before it learns anything in this run, resumed or not."""

    def loss(self, model: nn.Module, rows: Sequence[Any]) -> tuple[Tensor, int]:
        """Return the summed loss of encoded rows, and by how many things to divide it."""
