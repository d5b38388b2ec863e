"""How versions do in use: refusals, unsupported claims, latency and thumbs, with intervals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lorewright.evaluation import Difference, Estimate, difference, estimate
from lorewright.evaluation.estimate import estimate_quantile
from lorewright.evaluation.unpaired import difference_of_groups


@dataclass(frozen=True, kw_only=True, slots=True)
class ServedVersion:
    """One answer that a version gave; `thumb` is what the caller thought of it, where told."""

    refused: bool
    has_unsupported: bool
    latency_ms: float
    is_thumb_up: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Traffic:
    """One version in use; estimates are `None` where there is nothing to estimate from.

    Answers count as independent: where few callers ask a lot, intervals are too narrow.
    """

    version: int
    n: int
    refusal_rate: Estimate | None = None
    unsupported_rate: Estimate | None = None
    latency_p50_ms: Estimate | None = None
    latency_p95_ms: Estimate | None = None
    thumbs_up: Estimate | None = None


Metric = Callable[[ServedVersion], float | None]
METRICS: Mapping[str, Metric] = {
    "refusal_rate": lambda served: float(served.refused),
    "unsupported_rate": lambda served: float(served.has_unsupported),
    "latency_ms": lambda served: served.latency_ms,
    "thumbs_up": lambda served: None if served.is_thumb_up is None else float(served.is_thumb_up),
}


def measure(version: int, answers: Sequence[ServedVersion]) -> Traffic:
    """Return how a version does in use."""
    if not answers:
        return Traffic(version=version, n=0)
    latencies = [answer.latency_ms for answer in answers]
    thumbs = _scores("thumbs_up", answers)
    return Traffic(
        version=version,
        n=len(answers),
        refusal_rate=estimate(_scores("refusal_rate", answers)),
        unsupported_rate=estimate(_scores("unsupported_rate", answers)),
        latency_p50_ms=estimate_quantile(latencies, 0.50),
        latency_p95_ms=estimate_quantile(latencies, 0.95),
        thumbs_up=estimate(thumbs) if thumbs else None,
    )


def compare_versions(
    left: tuple[int, Sequence[ServedVersion]], right: tuple[int, Sequence[ServedVersion]]
) -> tuple[Difference, ...]:
    """Return left minus right for two versions that answered different callers."""
    return tuple(_unpaired(left, right))


def compare_pairs(
    left: int, right: int, answers: Sequence[tuple[ServedVersion, ServedVersion]]
) -> tuple[Difference, ...]:
    """Return left minus right for two versions that answered the same questions, as shadows do."""
    if not answers:
        return ()
    names = [name for name in METRICS if name != "thumbs_up"]  # nobody sees a shadow's answer
    return tuple(
        difference(
            name,
            (str(left), _scores(name, [pair[0] for pair in answers])),
            (str(right), _scores(name, [pair[1] for pair in answers])),
        )
        for name in names
    )


def _unpaired(
    left: tuple[int, Sequence[ServedVersion]], right: tuple[int, Sequence[ServedVersion]]
) -> Iterator[Difference]:
    for name in METRICS:
        ours, theirs = _scores(name, left[1]), _scores(name, right[1])
        if ours and theirs:
            yield difference_of_groups(name, (str(left[0]), ours), (str(right[0]), theirs))


def _scores(name: str, answers: Sequence[ServedVersion]) -> list[float]:
    return [score for answer in answers if (score := METRICS[name](answer)) is not None]
