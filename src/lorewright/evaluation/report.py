"""One arm measured."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lorewright.evaluation.estimate import Estimate, estimate, estimate_quantile
from lorewright.evaluation.failure import FAILURES
from lorewright.evaluation.groups import grouped_estimate
from lorewright.evaluation.row import Row


@dataclass(frozen=True, kw_only=True, slots=True)
class SetUp:
    """What an arm needs before its first answer, as measured here; zeros where it needs nothing.

    `index_bytes` and `adapter_bytes` are what it keeps on disk besides the base model.
    `tuning_usd` is what another server asked for it, `None` where it was tuned here or no price is set.
    `tuning_cpu_seconds` is what tuning took of the processors, `None` where that was not measured.
    """

    ingestion_seconds: float = 0.0
    tuning_seconds: float = 0.0
    n_documents: int = 0
    n_examples: int = 0
    index_bytes: int = 0
    adapter_bytes: int = 0
    tuning_cpu_seconds: float | None = None
    tuning_usd: float | None = None

    @property
    def seconds(self) -> float:
        """Return the whole time from material to the first answer."""
        return self.ingestion_seconds + self.tuning_seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One arm measured on held-out questions.

    `metrics` has the mean of every score; which answers a score applies to is its `n`.
    `latency_p50_ms` and `latency_p95_ms` are quantiles; tokens are means per answer.
    `update_seconds` is the time from a changed fact to the first right answer, where measured;
    `is_update_lower_bound` says that it can only take longer.
    """

    arm: str
    metrics: Mapping[str, Estimate]
    share_right: Estimate
    latency_p50_ms: Estimate
    latency_p95_ms: Estimate
    prompt_tokens: Estimate
    completion_tokens: Estimate
    cached_tokens: Estimate
    failures: Mapping[str, int]
    set_up: SetUp = field(default_factory=SetUp)
    peak_bytes: int = 0
    update_seconds: float | None = None
    is_update_lower_bound: bool = False
    rows: tuple[Row, ...] = ()

    @property
    def correctness(self) -> Estimate:
        """Return the score that arms are compared by."""
        return self.metrics["correctness"]


def build_report(
    arm: str, rows: Sequence[Row], *, set_up: SetUp | None = None, peak_bytes: int = 0, seed: int = 0
) -> Report:
    """Return the report of an arm over its scored answers, at least one."""
    names = dict.fromkeys(name for row in rows for name in row.scores)
    latencies = [row.latency_ms for row in rows]
    failures = Counter(row.failure for row in rows if row.failure)
    return Report(
        arm=arm,
        metrics={
            name: _mean([(row.scores[name], row.group) for row in rows if name in row.scores], seed)
            for name in names
        },
        share_right=_mean([(float(row.is_right), row.group) for row in rows], seed),
        latency_p50_ms=estimate_quantile(latencies, 0.50, seed=seed),
        latency_p95_ms=estimate_quantile(latencies, 0.95, seed=seed),
        prompt_tokens=estimate([float(row.prompt_tokens) for row in rows], seed=seed),
        completion_tokens=estimate([float(row.completion_tokens) for row in rows], seed=seed),
        cached_tokens=estimate([float(row.cached_tokens) for row in rows], seed=seed),
        failures={name: failures[name] for name in FAILURES if failures[name]},
        set_up=set_up or SetUp(),
        peak_bytes=peak_bytes,
        rows=tuple(rows),
    )


def _mean(values: Sequence[tuple[float, str]], seed: int) -> Estimate:
    """Return the mean of values, given with the group of each."""
    return grouped_estimate([value for value, _ in values], [group for _, group in values], seed=seed)
