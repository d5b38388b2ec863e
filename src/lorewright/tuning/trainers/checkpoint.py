"""A save point inside a run: one safetensors file, replaced as a whole."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from lorewright.amounts import size_text
from lorewright.errors import OutOfSpace
from lorewright.whole_files import unfinished_file

NAME = "checkpoint.safetensors"


@dataclass(kw_only=True)
class Position:
    """Where a run stands. The order of rows follows from the seed and nothing else is random."""

    key: str
    precision: str = ""
    losses: list[float] = field(default_factory=list)
    validation_loss_before: float | None = None
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_bytes: int = 0

    @property
    def n_steps(self) -> int:
        """How many steps are done."""
        return len(self.losses)


def save_checkpoint(
    folder: Path,
    position: Position,
    weights: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
) -> None:
    """Save weights, the optimiser's moments and the position; a kill at any point leaves a whole file.

    Raises `OutOfSpace` where the disk does not take it: the checkpoint before it stays.
    """
    tensors: dict[str, Tensor] = {}
    for name, weight in weights.items():
        tensors[f"weight.{name}"] = weight.detach()
        for part, value in optimizer.state.get(weight, {}).items():
            tensors[f"{part}.{name}"] = value
    whole = {name: value.contiguous() for name, value in tensors.items()}
    try:
        with unfinished_file(folder / NAME) as unfinished:
            save_file(whole, unfinished, metadata={"position": json.dumps(asdict(position))})
    except (OSError, SafetensorError) as error:
        size = size_text(sum(value.numel() * value.element_size() for value in whole.values()))
        raise OutOfSpace(
            f"The checkpoint at step {position.n_steps} ({size}) could not be saved: {error}.",
            hint=f"Make room below {folder} and start the same run again: it goes on at its last checkpoint.",
        ) from error


def read_position(folder: Path, key: str) -> Position | None:
    """Return where the run with this key stands, or `None` where none was saved."""
    path = folder / NAME
    if not path.is_file():
        return None
    with safe_open(path, framework="pt") as saved:
        position = Position(**json.loads(saved.metadata()["position"]))
    return position if position.key == key else None


def load_checkpoint(
    folder: Path, weights: dict[str, torch.nn.Parameter], optimizer: torch.optim.Optimizer
) -> None:
    """Put saved weights and moments in their places."""
    with safe_open(folder / NAME, framework="pt") as saved:
        for stored in saved.keys():  # noqa: SIM118 - not a mapping
            part, _, name = stored.partition(".")
            value = saved.get_tensor(stored)
            if part == "weight":
                with torch.no_grad():
                    weights[name].copy_(value)
            else:
                optimizer.state[weights[name]][part] = value.to(
                    "cpu" if part == "step" else weights[name].device
                )


def remove_checkpoint(folder: Path) -> None:
    """Remove what only an unfinished run needs."""
    (folder / NAME).unlink(missing_ok=True)
