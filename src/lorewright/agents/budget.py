"""What a run may take, and what it has taken so far."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from lorewright.errors import BadParameter
from lorewright.models import Usage


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """The most that a run may take, its sub-agents included.

    A step is one answer of the driver. A run that reaches a limit ends with what it found.
    """

    steps: int = 20
    tokens: int = 100_000
    usd: float = 1.0
    seconds: float = 600.0

    def __post_init__(self) -> None:
        """Raise `BadParameter` for a limit that no run could keep."""
        for field in fields(self):
            if getattr(self, field.name) <= 0:
                raise BadParameter(
                    f"budget.{field.name}",
                    f"budget.{field.name} is {getattr(self, field.name):g}; it must be greater than 0.",
                )

    def to_json(self) -> dict[str, Any]:
        """Return the limits by their names."""
        return asdict(self)


def budget_from(given: Mapping[str, Any], usual: Budget) -> Budget:
    """Return a budget with the limits that are given, the usual ones in the place of the others."""
    wanted = {name: value for name, value in given.items() if value is not None}
    unknown = sorted(set(wanted) - {field.name for field in fields(Budget)})
    if unknown:
        raise BadParameter(
            f"budget.{unknown[0]}", f"{unknown[0]!r} is no limit; limits are steps, tokens, usd and seconds."
        )
    for name, value in wanted.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadParameter(f"budget.{name}", f"budget.{name} is {value!r}; it must be a number.")
    whole: dict[str, Any] = {name: int(wanted[name]) for name in ("steps", "tokens") if name in wanted}
    return Budget(**{**usual.to_json(), **wanted, **whole})


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """What a run has taken: answers of the driver, tokens, US dollars, seconds at work."""

    steps: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the sums by their names."""
        return {**asdict(self), "usd": round(self.usd, 6), "seconds": round(self.seconds, 3)}


class Meter:
    """Adds up what an agent and its sub-agents take, and says which limit is reached."""

    def __init__(
        self, budget: Budget, *, before: Spent | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Go on from what was taken `before`."""
        self.budget = budget
        self._clock = clock
        self._started = clock()
        self._spent = before or Spent()
        self._lock = threading.Lock()

    def add(self, usage: Usage, usd: float) -> None:
        """Take note of one answer of the driver."""
        with self._lock:
            now = self._spent
            self._spent = Spent(
                steps=now.steps + 1,
                tokens=now.tokens + usage.prompt_tokens + usage.completion_tokens,
                usd=now.usd + usd,
                seconds=now.seconds,
            )

    def add_call(self, n_tokens: int, usd: float) -> None:
        """Take note of the tokens and the money that a tool took."""
        with self._lock:
            now = self._spent
            self._spent = replace(now, tokens=now.tokens + n_tokens, usd=now.usd + usd)

    @property
    def spent(self) -> Spent:
        """What was taken up to now."""
        now = self._spent
        seconds = now.seconds + self._clock() - self._started
        return Spent(steps=now.steps, tokens=now.tokens, usd=now.usd, seconds=seconds)

    @property
    def reached(self) -> str:
        """The name of a limit that is reached, '' where none is."""
        spent = self.spent
        limits = ((name, getattr(spent, name), getattr(self.budget, name)) for name in self.budget.to_json())
        return next((name for name, taken, most in limits if taken >= most), "")

    @property
    def seconds_left(self) -> float:
        """How long the run may still go on."""
        return max(0.0, self.budget.seconds - self.spent.seconds)
