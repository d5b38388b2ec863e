"""Two comparisons side by side: what was different, and what that did to each arm."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.evaluation.comparison import PAIRED, Comparison, Measured
from lorewright.evaluation.estimate import Difference, Estimate, difference
from lorewright.evaluation.report import Report
from lorewright.evaluation.row import Row

NOW, BEFORE = "now", "before"


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that was not the same: what it is, and how it was and is."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmInBoth:
    """One arm in both comparisons.

    `differences` are now minus before over the questions that were asked both times, empty where
    none was. `fixed` and `broken` are ids of questions that became right, and that became wrong.
    """

    arm: str
    before: Estimate
    now: Estimate
    differences: tuple[Difference, ...]
    fixed: tuple[str, ...]
    broken: tuple[str, ...]

    def difference(self, metric: str) -> Difference | None:
        """Return now minus before of a metric, if both have it."""
        return next((gap for gap in self.differences if gap.metric == metric), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class TwoComparisons:
    """Two comparisons side by side; `is_alike` says that correctness means the same in both."""

    before: Comparison
    now: Comparison
    changes: tuple[Change, ...]
    arms: tuple[ArmInBoth, ...]
    only_before: tuple[str, ...]
    only_now: tuple[str, ...]
    n_shared: int
    is_alike: bool


def compare_two(one: Comparison, other: Comparison) -> TwoComparisons:
    """Return two comparisons side by side, the older as what was before."""
    before, now = sorted((one, other), key=lambda comparison: comparison.created_at)
    shared = _questions(before) & _questions(now)
    return TwoComparisons(
        before=before,
        now=now,
        changes=tuple(_changes(before, now)),
        arms=tuple(
            _arm(report, then) for report in now.reports if (then := before.report(report.arm)) is not None
        ),
        only_before=tuple(arm for arm in before.arms if arm not in now.arms),
        only_now=tuple(arm for arm in now.arms if arm not in before.arms),
        n_shared=len(shared),
        is_alike=before.primary == now.primary,
    )


def _arm(now: Report, before: Report) -> ArmInBoth:
    old = {row.question_id: row for row in before.rows}
    pairs = [(row, old[row.question_id]) for row in now.rows if row.question_id in old]
    return ArmInBoth(
        arm=now.arm,
        before=before.correctness,
        now=now.correctness,
        differences=tuple(gap for metric in PAIRED if (gap := _difference(metric, pairs))),
        fixed=tuple(row.question_id for row, then in pairs if row.is_right and not then.is_right),
        broken=tuple(row.question_id for row, then in pairs if then.is_right and not row.is_right),
    )


def _difference(metric: str, pairs: list[tuple[Row, Row]]) -> Difference | None:
    scores = [
        (ours, theirs)
        for row, then in pairs
        if (ours := _score(metric, row)) is not None and (theirs := _score(metric, then)) is not None
    ]
    if not scores:
        return None
    return difference(metric, (NOW, [ours for ours, _ in scores]), (BEFORE, [theirs for _, theirs in scores]))


def _score(metric: str, row: Row) -> float | None:
    return row.latency_ms if metric == "latency_ms" else row.scores.get(metric)


def _questions(comparison: Comparison) -> set[str]:
    return {row.question_id for report in comparison.reports for row in report.rows}


def _changes(before: Comparison, now: Comparison) -> Iterator[Change]:
    if before.primary != now.primary:
        yield Change(what="meaning of correctness", before=before.primary, now=now.primary)
    if _questions(before) != _questions(now):
        counts = (f"{comparison.n_questions:,} questions" for comparison in (before, now))
        yield Change(what="held-out questions", before=next(counts), now=next(counts))
    old, new = _facts_of(before.measured), _facts_of(now.measured)
    for what in dict.fromkeys((*old, *new)):
        if old.get(what, "") != new.get(what, ""):
            yield Change(what=what, before=old.get(what, ""), now=new.get(what, ""))


def _facts_of(measured: Measured) -> dict[str, str]:
    """Return everything that was measured with, by a name for it."""
    facts = {
        "lorewright": measured.lorewright,
        "model": measured.model,
        "weights": measured.weights,
        "index": measured.index_version,
        "embedding": measured.embedding,
        "seed": str(measured.seed),
    }
    facts |= {f"adapter {name}": value for name, value in measured.adapters.items()}
    facts |= {f"flow {name}": value for name, value in measured.flows.items()}
    facts |= {f"machine {name}": value for name, value in measured.machine.items()}
    return facts | dict(_flat(measured.settings))


def _flat(settings: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", str(value)
