"""What a version must have been measured to be before it answers callers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lorewright.errors import BelowBar, InvalidSetting
from lorewright.evaluation import Estimate, Report


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """Bounds on metrics: `min` for those that are better when high, `max` when low.

    The cautious end of the 95 % interval must pass, not the mean: its lower end for `min`, its
    upper end for `max`. A mean passes by luck every second time.
    """

    min: Mapping[str, float] = field(default_factory=dict)
    max: Mapping[str, float] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything is asked at all."""
        return bool(self.min or self.max)


def check_bar(bar: Bar, report: Report | None, what: str) -> None:
    """Raise `BelowBar`, naming the measured numbers, unless a report passes the bar."""
    if not bar:
        return
    if report is None:
        raise BelowBar(
            f"{what} has not been measured. To be promoted, it needs {_requirements(bar)}.",
            hint="Measure it with: lorewright compare",
        )
    known = metrics_of(report)
    unknown = [name for name in (*bar.min, *bar.max) if name not in known]
    if unknown:
        raise InvalidSetting(
            f"{what} has no metric {unknown[0]!r}.", hint=f"Available metrics: {', '.join(known)}."
        )
    failed = [
        f"{name} is {known[name]}; the lower end of its 95 % interval must be at least {least:g}"
        for name, least in bar.min.items()
        if known[name].low < least
    ] + [
        f"{name} is {known[name]}; the upper end of its 95 % interval must be at most {most:g}"
        for name, most in bar.max.items()
        if known[name].high > most
    ]
    if failed:
        raise BelowBar(
            f"{what} does not meet the bar: {'; '.join(failed)}.",
            hint="Improve it, measure on more held-out questions for a narrower interval, or lower the bar.",
        )


def metrics_of(report: Report) -> dict[str, Estimate]:
    """Return everything of a report that a bar may be set on, by name."""
    return {
        **report.metrics,
        "share_right": report.share_right,
        "latency_p50_ms": report.latency_p50_ms,
        "latency_p95_ms": report.latency_p95_ms,
    }


def _requirements(bar: Bar) -> str:
    least = [f"{name} of at least {value:g}" for name, value in bar.min.items()]
    return ", ".join(least + [f"{name} of at most {value:g}" for name, value in bar.max.items()])
