"""How a run goes, step by step, in a file of its folder: who watches reads it while the run writes it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lorewright.whole_files import write_whole

NAME = "curve.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What the model said to a fixed prompt in the middle of a run, beside what it should say."""

    question: str
    expected: str
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A look at the model after `step` steps: its loss on a small held-out part, and samples."""

    step: int
    loss: float | None
    samples: tuple[Sample, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Curve:
    """The loss of every step (the first is step 1), the looks on the way, and how many steps there will be.

    `seconds` is how long the run took so far, `seconds_to_first` of them until its first step was done:
    loading, and the first look.
    """

    n_steps: int = 0
    losses: tuple[float, ...] = ()
    looks: tuple[Look, ...] = ()
    n_held_out: int = 0
    n_tokens: int = 0
    seconds: float = 0.0
    seconds_to_first: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Return about how long the steps take that are left, `None` while that cannot be told."""
        n = len(self.losses)
        if n < 2 or self.n_steps <= n:
            return None
        return (self.seconds - self.seconds_to_first) / (n - 1) * (self.n_steps - n)


class CurveFile:
    """The file as a run writes it: a line for every step and for every look."""

    def __init__(self, folder: Path, *, n_steps: int, n_held_out: int, n_done: int = 0) -> None:
        """Begin the file, or go on after `n_done` steps: what was told of later ones is told again."""
        self._path = folder / NAME
        kept = [line for line in _lines(self._path) if line.get("step", n_done + 1) <= n_done]
        begun = {"n_steps": n_steps, "n_held_out": n_held_out}
        write_whole(self._path, "".join(json.dumps(line) + "\n" for line in (begun, *kept)))

    def step(self, step: int, loss: float, *, n_tokens: int, seconds: float) -> None:
        """Tell the loss of a step; `n_tokens` and `seconds` count from the start of the run."""
        self._tell({"step": step, "loss": loss, "n_tokens": n_tokens, "seconds": round(seconds, 3)})

    def look(self, look: Look) -> None:
        """Tell a look at the model."""
        self._tell({"step": look.step, "look": asdict(look)})

    def _tell(self, line: Mapping[str, Any]) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_curve(folder: Path) -> Curve:
    """Return how the run in a folder went so far; an empty curve where nothing was told."""
    lines = _lines(folder / NAME)
    steps = [line for line in lines if "loss" in line]
    looks = [line["look"] for line in lines if "look" in line]
    begun = next((line for line in lines if "n_steps" in line), {})
    last = steps[-1] if steps else {}
    return Curve(
        n_steps=begun.get("n_steps", 0),
        n_held_out=begun.get("n_held_out", 0),
        losses=tuple(line["loss"] for line in steps),
        looks=tuple(
            Look(
                step=look["step"],
                loss=look["loss"],
                samples=tuple(_sample(sample) for sample in look["samples"]),
            )
            for look in looks
        ),
        n_tokens=last.get("n_tokens", 0),
        seconds=last.get("seconds", 0.0),
        seconds_to_first=steps[0].get("seconds", 0.0) if steps else 0.0,
    )


_FORMER_NAMES = {"asked": "question", "wanted": "expected", "said": "reply"}
"""Names in the files of runs that an earlier release made."""


def _sample(fields: Mapping[str, str]) -> Sample:
    return Sample(**{_FORMER_NAMES.get(name, name): text for name, text in fields.items()})


def _lines(path: Path) -> list[dict[str, Any]]:
    """Return the whole lines; the last may be half written yet."""
    if not path.is_file():
        return []
    entries: list[dict[str, Any]] = []
    for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]:
        try:
            entries.append(json.loads(line))
        except ValueError:  # a kill in the middle of a line; the next line begins after it
            continue
    return entries
