"""Whether a judge may be believed: its agreement with people, beyond what chance would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.errors import InvalidExamples
from lorewright.json_text import read_json

LEAST_KAPPA = 0.4
"""Below it agreement is at most fair (Landis and Koch 1977): no verdict may rest on such a judge alone."""
LEAST_RATED = 20
_N_RESAMPLES = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """An answer that a person has judged against its reference."""

    reference: str
    answer: str
    is_right: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Kappa:
    """Cohen's kappa (1960) of a judge and people, with its 95 % interval over answers resampled."""

    value: float
    low: float
    high: float
    agreement: float
    n: int

    @property
    def is_evidence(self) -> bool:
        """Whether a verdict may rest on the judge alone."""
        return self.n >= LEAST_RATED and self.value >= LEAST_KAPPA - 1e-9

    def __str__(self) -> str:
        interval = f"({self.low:.2f} to {self.high:.2f}, n={self.n})"
        return f"kappa {self.value:.2f} {interval}, {self.agreement:.0%} agree"


def cohen_kappa(judge: Sequence[bool], people: Sequence[bool], *, seed: int = 0) -> Kappa:
    """Return the agreement of a judge with people over the same answers, at least one."""
    import numpy as np  # loads only when something is measured

    ours, theirs = np.asarray(judge, dtype=bool), np.asarray(people, dtype=bool)
    draw, n = np.random.default_rng(seed), len(ours)
    drawn = [
        _kappa(float((ours[at] == theirs[at]).mean()), float(ours[at].mean()), float(theirs[at].mean()))
        for at in (draw.integers(0, n, n) for _ in range(_N_RESAMPLES))
    ]
    agreement = float((ours == theirs).mean())
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Kappa(
        value=_kappa(agreement, float(ours.mean()), float(theirs.mean())),
        low=float(low),
        high=float(high),
        agreement=agreement,
        n=n,
    )


def _kappa(agreement: float, ours: float, theirs: float) -> float:
    """Return the agreement beyond chance; 0 where one of the two always says the same."""
    by_chance = ours * theirs + (1 - ours) * (1 - theirs)
    return (agreement - by_chance) / (1 - by_chance) if by_chance < 1 else 0.0


def read_ratings(path: Path) -> list[Rating]:
    """Return the rated answers in a JSONL file; those without a rating yet are left out."""
    ratings = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip() and (rating := _rating(line, f"{path.name}, line {number}")):
            ratings.append(rating)
    return ratings


def _rating(line: str, where: str) -> Rating | None:
    try:
        row: Any = read_json(line)
    except ValueError:
        row = None
    reference, answer, right = (
        (row.get(key) for key in ("reference", "answer", "right"))
        if isinstance(row, Mapping)
        else ("", "", "")
    )
    is_rating = isinstance(right, bool) or right is None
    if not is_rating or not isinstance(reference, str) or not isinstance(answer, str):
        raise InvalidExamples(
            f"{where} is not a rated answer.",
            hint='Example: {"reference": "30 days", "answer": "It is 30 days.", "right": true}',
        )
    return None if right is None else Rating(reference=reference, answer=answer, is_right=bool(right))
