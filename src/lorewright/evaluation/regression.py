"""Whether an arm fell: the same questions asked before and now, further apart than chance explains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from lorewright.errors import UserError
from lorewright.evaluation.comparison import Comparison, adjust, effect_of, gaps_of, groups_of, shared_groups
from lorewright.evaluation.estimate import Difference, Estimate
from lorewright.evaluation.groups import grouped_difference
from lorewright.evaluation.noninferiority import apart, widened
from lorewright.evaluation.report import Report
from lorewright.evaluation.unpaired import difference_of_groups

Outcome = Literal["fell", "held", "rose", "new", "not measured"]
BEFORE, NOW = "before", "now"


@dataclass(frozen=True, kw_only=True, slots=True)
class ArmChange:
    """What became of one arm's correctness; `gap` is now minus before, `None` where one is missing.

    `is_paired` says that questions asked both times were compared; else two groups were.
    """

    arm: str
    outcome: Outcome
    before: Estimate | None
    now: Estimate | None
    gap: Difference | None
    is_paired: bool = True

    @property
    def text(self) -> str:
        """Return it as a sentence's part, such as "rag fell: 80% → 60% (-20 points, 95% -31 to -8, n=60)"."""
        if self.gap is None or self.before is None or self.now is None:
            known = self.now or self.before
            return f"{self.arm} is {self.outcome}" + (f": {known.mean:.0%}" if known else "")
        low, high = self.gap.low * 100, self.gap.high * 100
        how = "" if self.is_paired else ", other questions"
        return (
            f"{self.arm} {self.outcome}: {self.before.mean:.0%} → {self.now.mean:.0%} "
            f"({self.gap.mean * 100:+.0f} points, 95% {low:+.0f} to {high:+.0f}, n={self.gap.n}{how})"
        )


def changes_since(before: Comparison, now: Comparison) -> tuple[ArmChange, ...]:
    """Return what became of every arm since an earlier comparison.

    An arm fell where the interval of now minus before lies below 0 and the p value allows for all
    the arms that were tested (Holm 1979). Raises `UserError` where correctness means something else.
    """
    if before.primary != now.primary:
        raise UserError(
            f"Correctness was {before.primary!r} in the baseline and is {now.primary!r} now.",
            hint="Set evaluation.primary, and measure a new baseline.",
        )
    shared = [(report, then) for report in now.reports if (then := before.report(report.arm))]
    gaps = adjust([_gap(report, then, now.measured.seed) for report, then in shared])
    changed = [_change(report, then, gap) for (report, then), gap in zip(shared, gaps, strict=True)]
    new = [_one_sided(report, "new") for report in now.reports if before.report(report.arm) is None]
    gone = [_one_sided(report, "not measured") for report in before.reports if now.report(report.arm) is None]
    return (*changed, *new, *gone)


def fallen(changed: Sequence[ArmChange]) -> tuple[ArmChange, ...]:
    """Return the arms that fell."""
    return tuple(change for change in changed if change.outcome == "fell")


def junit_of(changed: Sequence[ArmChange], *, name: str, seconds: float = 0.0) -> str:
    """Return the changes as JUnit XML: a test case for every arm, failed where it fell."""
    n_fallen = len(fallen(changed))
    n_skipped = sum(change.gap is None for change in changed)
    counts = {"tests": str(len(changed)), "failures": str(n_fallen), "errors": "0", "skipped": str(n_skipped)}
    suites = ET.Element("testsuites", {"name": "lorewright", **counts})
    suite = ET.SubElement(suites, "testsuite", {"name": name, **counts, "time": f"{seconds:.3f}"})
    for change in changed:
        case = ET.SubElement(suite, "testcase", {"classname": name, "name": change.arm, "time": "0"})
        if change.outcome == "fell":
            ET.SubElement(case, "failure", {"type": "regression", "message": change.text})
        elif change.gap is None:
            ET.SubElement(case, "skipped", {"message": change.text})
        ET.SubElement(case, "system-out").text = change.text
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _gap(now: Report, before: Report, seed: int) -> Difference:
    gaps = gaps_of("correctness", now, before)
    if gaps:
        groups = shared_groups("correctness", now, before)
        zeros = [0.0] * len(gaps)
        tested = grouped_difference("correctness", (NOW, gaps), (BEFORE, zeros), groups, seed=seed)
        return widened(tested, gaps, effect=effect_of("correctness", now, before))
    ours, theirs = groups_of("correctness", now, before)
    return apart(ours, theirs, difference_of_groups("correctness", (NOW, ours), (BEFORE, theirs), seed=seed))


def _change(now: Report, before: Report, gap: Difference) -> ArmChange:
    outcome: Outcome = "held" if not gap.is_measurable else "fell" if gap.mean < 0 else "rose"
    return ArmChange(
        arm=now.arm,
        outcome=outcome,
        before=before.correctness,
        now=now.correctness,
        gap=gap,
        is_paired=bool(gaps_of("correctness", now, before)),
    )


def _one_sided(report: Report, outcome: Outcome) -> ArmChange:
    is_new = outcome == "new"
    return ArmChange(
        arm=report.arm,
        outcome=outcome,
        before=None if is_new else report.correctness,
        now=report.correctness if is_new else None,
        gap=None,
    )
