"""Where the verdict would tip: how far an assumption must move until another arm is recommended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lorewright.advisor.assumptions import Assumptions, assume
from lorewright.advisor.facts import Facts
from lorewright.advisor.recommendation import Races, chosen_arm
from lorewright.evaluation import Comparison
from lorewright.settings import Settings

RANGES: Mapping[str, tuple[float, float]] = {
    "questions_per_month": (10, 100_000_000),
    "changes_per_month": (0.01, 1_000),
    "cpu_hour_usd": (0.001, 20),
    "gpu_hour_usd": (0.01, 100),
    "person_hour_usd": (1, 1_000),
    "cost_points": (0.1, 50),
    "stale_percent": (1, 99),
}
"""How far each assumption is moved, from the least to the most that anybody has."""
_STEPS, _HALVINGS = 28, 14


@dataclass(frozen=True, kw_only=True, slots=True)
class Tipping:
    """From the value `at` on, upwards (`is_above`) or downwards, the verdict is the arm `arm`."""

    assumption: str
    at: float
    arm: str
    is_above: bool


def tipping_points(
    facts: Facts, comparison: Comparison, settings: Settings, assumptions: Assumptions
) -> tuple[Tipping, ...]:
    """Return the nearest points, up and down each assumption, where another arm would be recommended.

    Everything else stays as it is assumed. None is returned for what does not change the verdict.
    """
    races: Races = {}

    def verdict(name: str, value: float) -> str:
        moved: Any = round(value) if name == "questions_per_month" else value
        assumed_facts, assumed_settings = assume(replace(assumptions, **{name: moved}), facts, settings)
        return chosen_arm(assumed_facts, comparison, assumed_settings, races)

    has_gpu = bool(comparison.measured.machine.get("gpu"))
    idle = "cpu_hour_usd" if has_gpu else "gpu_hour_usd"
    return tuple(
        tipping
        for name in RANGES
        if name != idle
        for tipping in _tippings(name, getattr(assumptions, name), partial(verdict, name))
    )


def _tippings(name: str, current: float | None, verdict: Callable[[float], str]) -> Iterator[Tipping]:
    least, most = RANGES[name]
    start = least if current is None else min(max(current, least), most)
    now = verdict(start)
    for is_above, end in ((False, least), (True, most)):
        tipping = _nearest(start, end, now, verdict)
        if tipping:
            yield Tipping(assumption=name, at=tipping[0], arm=tipping[1], is_above=is_above)


def _nearest(start: float, end: float, now: str, verdict: Callable[[float], str]) -> tuple[float, str] | None:
    """Return where, on the way from start to end, the verdict first differs, and what it is there."""
    last = start
    for value in _between(start, end):
        if verdict(value) != now:
            return _halved(last, value, now, verdict)
        last = value
    return None


def _halved(same: float, other: float, now: str, verdict: Callable[[float], str]) -> tuple[float, str]:
    """Return the edge between two values with different verdicts, and the verdict beyond it."""
    for _ in range(_HALVINGS):
        middle = (same * other) ** 0.5
        if verdict(middle) == now:
            same = middle
        else:
            other = middle
    return other, verdict(other)


def _between(start: float, end: float) -> Sequence[float]:
    """Return values from start to end, each the same factor from the last."""
    if start == end:
        return []
    factor = (end / start) ** (1 / _STEPS)
    return [start * factor**step for step in range(1, _STEPS + 1)]
