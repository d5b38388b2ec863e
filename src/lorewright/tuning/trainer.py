"""What turns rows into an adapter."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from lorewright.errors import InvalidSetting
from lorewright.progress import Progress, Say, quiet, silent
from lorewright.registry import Registry
from lorewright.settings import Tuning
from lorewright.tuning.recipe import DEFAULT_TRAINER, Recipe
from lorewright.tuning.row import Row

# The environment of a process that trains. Two spinning OpenMP teams on two cores are six times
# slower than one that waits; it is read once, when torch loads.
ENVIRONMENT: Mapping[str, str] = {
    "OMP_WAIT_POLICY": "PASSIVE",
    "TOKENIZERS_PARALLELISM": "false",
    "TQDM_DISABLE": "1",  # progress is reported, not drawn
}

AdapterKind = Literal["lora", "full", "classifier", "remote"]

OnStep = Callable[[int, int, float], None]
"""Called as `on_step(number, of_how_many, loss)` after every step, counted from 1."""


FreeMemory = Callable[[], int]
"""Returns the bytes that this host has free."""


def unlimited() -> int:
    """Return more than any base takes."""
    return sys.maxsize


def unheard(number: int, n_steps: int, loss: float) -> None:
    """Listen to no step."""


_LISTS = ("losses", "step_tokens", "heads")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainingMetrics:
    """What a run took and how it went.

    `losses` is the mean loss per completion token of every step, in nats; `step_tokens` the real
    tokens (no padding) of every step. `validation_loss` is what it ended with; both validation
    losses are `None` without validation rows. Times and peak memory cover all attempts of a run.
    `heads` says how each head of a classifier did in cross-validation, as JSON; others have none.
    `usd` is what another server asked for the tokens that it counted, `None` without a price.
    `n_base_parameters` is how large the base was; 0 in runs from before that was kept.
    """

    losses: tuple[float, ...]
    step_tokens: tuple[int, ...]
    validation_loss_before: float | None
    validation_loss: float | None
    n_rows: int
    n_validation_rows: int
    n_rows_too_long: int
    n_tokens: int
    n_completion_tokens: int
    precision: str
    seconds: float
    cpu_seconds: float
    peak_bytes: int
    heads: tuple[Mapping[str, Any], ...] = ()
    usd: float | None = None
    n_base_parameters: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the metrics as JSON values."""
        lists = {
            "losses": list(self.losses),
            "step_tokens": list(self.step_tokens),
            "heads": list(self.heads),
        }
        return asdict(self) | lists

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "TrainingMetrics":
        """Return the metrics that `to_json` gave."""
        lists = {name: tuple(body.get(name, ())) for name in _LISTS}
        return cls(**{**body, **lists})


@dataclass(frozen=True, kw_only=True, slots=True)
class Adapter:
    """The weights a run learned on top of a base.

    `path` is a GGUF file: for kind `lora` an adapter to put on the unmodified base, for kind
    `full` a whole model that takes the base's place. `folder` holds the same as safetensors. A
    `classifier` is one file of safetensors, `remote` a file that names the model of another server.
    """

    kind: AdapterKind
    path: Path
    folder: Path
    sha256: str
    metrics: TrainingMetrics


class Trainer(Protocol):
    """Turns rows into an adapter."""

    def train(
        self,
        rows: Sequence[Row],
        *,
        validation: Sequence[Row],
        recipe: Recipe,
        base: Path,
        folder: Path,
        init_from: Path | None = None,
        progress: Progress = quiet,
        say: Say = silent,
        on_step: OnStep = unheard,
    ) -> Adapter:
        """Return the adapter learned from `rows`, made in `folder`.

        `base` is a GGUF file or a folder with safetensors; `init_from` the folder of an adapter
        to start from. `progress` counts tokens. Called again with the same arguments, a run that
        was interrupted, killed even, continues at its last checkpoint with the same losses, and a
        finished one returns at once.
        """


TRAINERS: Registry[type[Trainer]] = Registry(
    "trainer",
    {DEFAULT_TRAINER: "lorewright.tuning.trainers.transformers:TransformersTrainer"},
    extras={DEFAULT_TRAINER: "tune"},
    group="trainer",
    accepts=lambda part: hasattr(part, "train"),
    form="a class with a method `train`",
)


_IN_PROCESSES: Registry[Callable[[Tuning, FreeMemory], Trainer]] = Registry(
    "trainer",
    {DEFAULT_TRAINER: "lorewright.tuning.trainers.torchrun:TorchrunTrainer"},
    extras={DEFAULT_TRAINER: "tune"},
)


def load_trainer(name: str, tuning: Tuning | None = None, *, free_memory: FreeMemory = unlimited) -> Trainer:
    """Return the trainer called `name`; raise `MissingExtra` where its libraries are missing.

    Where `tuning` asks for more than one process, it starts them with torchrun; on GPUs they
    share the base's weights out where it would not fit; `free_memory` returns what the host has left.
    """
    if tuning is None or tuning.processes * tuning.hosts == 1:
        return TRAINERS.load(name)()
    if name != DEFAULT_TRAINER:
        raise InvalidSetting(
            f"The trainer {name} cannot run in several processes.",
            hint=f'Set trainer = "{DEFAULT_TRAINER}", or processes = 1 and hosts = 1, under [tuning].',
        )
    return _IN_PROCESSES.load(name)(tuning, free_memory)
