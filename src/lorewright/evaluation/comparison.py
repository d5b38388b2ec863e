"""Arms measured against each other."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from lorewright.errors import UserError
from lorewright.evaluation.drill import UpdateDrill
from lorewright.evaluation.estimate import Difference
from lorewright.evaluation.groups import FEWEST_GROUPS, design_effect, grouped_difference, sums_by_group
from lorewright.evaluation.holm import adjusted
from lorewright.evaluation.json_form import from_json, to_json
from lorewright.evaluation.learning_curve import LearningCurve
from lorewright.evaluation.report import Report

FORMAT_VERSION = 1
PAIRED = ("correctness", "form", "hallucination_rate", "staleness", "latency_ms")
"""The metrics that every pair of arms is tested on, where both have them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """What was measured, with what, where: enough to measure it again.

    `weights`, `adapters`, `index_version` and the arms' `flows` identify content. `machine`
    describes the computer.
    `n_left_out` examples were kept out of training because they are similar to a held-out question.
    `made_of` are the documents behind questions, examples and answers: who may not read them all does
    not see the comparison. Without it they are not known.
    `labels` are all the answers there are, where they are chosen from a closed set.
    `unknown_documents` are named by questions as holding the answer, and are not there.
    `n_synthetic` of the questions were made from the documents, by this program.
    `origin` is empty for what was measured here; otherwise it says when, and that it was elsewhere.
    """

    lorewright: str = ""
    model: str = ""
    weights: str = ""
    adapters: Mapping[str, str] = field(default_factory=dict)
    flows: Mapping[str, str] = field(default_factory=dict)
    index_version: str = ""
    embedding: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 0
    machine: Mapping[str, str] = field(default_factory=dict)
    n_left_out: int = 0
    origin: str = ""
    made_of: tuple[str, ...] | None = None
    unknown_documents: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    n_synthetic: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Arms measured against each other on the same questions.

    `primary` is the score that correctness means. `differences` holds every pair of arms once per
    metric, left minus right, over the questions that both answered. `recommended_arm` is what the
    advisor said about it, kept so that `ask` answers with that arm. `chance_rate` is the share of
    other questions' targets that would count as right, `None` where that was not measured. `curve`
    is how correctness grows with the number of examples, where there are enough to tell.
    """

    id: str
    created_at: float
    primary: str
    reports: tuple[Report, ...]
    differences: tuple[Difference, ...]
    measured: Measured = field(default_factory=Measured)
    drill: UpdateDrill | None = None
    recommended_arm: str = ""
    chance_rate: float | None = None
    curve: LearningCurve | None = None

    @property
    def arms(self) -> tuple[str, ...]:
        """Return the names of the arms, in the order they were measured."""
        return tuple(report.arm for report in self.reports)

    @property
    def n_questions(self) -> int:
        """Return how many different questions were asked."""
        return len({row.question_id for report in self.reports for row in report.rows})

    def report(self, arm: str) -> Report | None:
        """Return the report of an arm, if it was measured."""
        return next((report for report in self.reports if report.arm == arm), None)

    def difference(self, left: str, right: str, metric: str = "correctness") -> Difference | None:
        """Return left minus right, whichever way round the pair was measured."""
        for gap in self.differences:
            if gap.metric == metric and (gap.left, gap.right) == (left, right):
                return gap
            if gap.metric == metric and (gap.left, gap.right) == (right, left):
                return replace(gap, left=left, right=right, mean=-gap.mean, low=-gap.high, high=-gap.low)
        return None


def gaps_of(metric: str, left: Report, right: Report) -> list[float]:
    """Return left minus right for every question with this metric in both."""
    ours, theirs = _scores(metric, left), _scores(metric, right)
    return [value - theirs[question_id] for question_id, value in ours.items() if question_id in theirs]


def effect_of(metric: str, left: Report, right: Report) -> float:
    """Return how many times wider in variance their difference is, as questions come in groups."""
    return design_effect(gaps_of(metric, left, right), shared_groups(metric, left, right))


def groups_of(metric: str, left: Report, right: Report) -> tuple[list[float], list[float]]:
    """Return the scores of two arms, each over its own questions."""
    return list(_scores(metric, left).values()), list(_scores(metric, right).values())


def chances_of_best(
    reports: Sequence[Report], metric: str = "correctness", *, seed: int = 0
) -> dict[str, float]:
    """Return each arm's chance of the highest mean of a metric, over questions resampled (Efron 1979)."""
    from lorewright.evaluation import resampling  # numpy loads only when something is measured

    scores = {report.arm: _scores(metric, report) for report in reports}
    shared = set.intersection(*(set(answers) for answers in scores.values()))
    question_ids = [question_id for question_id in next(iter(scores.values())) if question_id in shared]
    if not question_ids:  # no question was answered by all of them
        apart = [list(answers.values()) for answers in scores.values()]
        shares = resampling.shares_of_wins_apart(apart, n_resamples=2000, seed=seed)
    else:
        group = {row.question_id: row.group for row in reports[0].rows}
        groups = [group[question_id] for question_id in question_ids]
        by_group = [
            sums_by_group([answers[question_id] for question_id in question_ids], groups)
            for answers in scores.values()
        ]
        is_grouped = len(by_group[0]) >= FEWEST_GROUPS
        table = (
            [[total for total, _ in one] for one in by_group]
            if is_grouped
            else [[answers[question_id] for question_id in question_ids] for answers in scores.values()]
        )
        sizes = [n for _, n in by_group[0]] if is_grouped else [1] * len(question_ids)
        shares = resampling.shares_of_wins(table, sizes, n_resamples=2000, seed=seed)
    return dict(zip(scores, shares, strict=True))


def compare(
    reports: Sequence[Report],
    *,
    id: str,  # noqa: A002 - the word of every other value here
    created_at: float,
    primary: str,
    measured: Measured | None = None,
    drill: UpdateDrill | None = None,
    chance_rate: float | None = None,
    seed: int = 0,
) -> Comparison:
    """Return the arms' reports with every pair tested, and the drill's update times in them."""
    return Comparison(
        id=id,
        created_at=created_at,
        primary=primary,
        reports=tuple(_with_update(report, drill) for report in reports),
        differences=tuple(gap for metric in PAIRED for gap in differences_of(metric, reports, seed=seed)),
        measured=measured or Measured(),
        drill=drill,
        chance_rate=chance_rate,
    )


def comparison_to_json(comparison: Comparison) -> dict[str, Any]:
    """Return the comparison as JSON, stamped with the version of its format."""
    return {"format": FORMAT_VERSION, **to_json(comparison)}


def comparison_from_json(body: Mapping[str, Any]) -> Comparison:
    """Return the comparison that `comparison_to_json` wrote; a newer format raises `UserError`."""
    if body.get("format") != FORMAT_VERSION:
        raise UserError(
            f"This comparison has format {body.get('format')!r}; this version reads {FORMAT_VERSION}.",
            hint="Update lorewright, or run the comparison again.",
        )
    return from_json(Comparison, {key: value for key, value in body.items() if key != "format"})


def comparison_text(comparison: Comparison) -> str:
    """Return the comparison as JSON text."""
    return json.dumps(comparison_to_json(comparison), ensure_ascii=False)


def differences_of(metric: str, reports: Sequence[Report], *, seed: int = 0) -> list[Difference]:
    """Return every pair of arms with questions that have this metric in both, tested together."""
    pairs = list(combinations(reports, 2))
    n_flips = max(2000, 200 * len(pairs))  # enough for the smallest p value to pass among all of them
    gaps = [gap for left, right in pairs for gap in _tested(metric, left, right, n_flips, seed)]
    return adjust(gaps)


def adjust(gaps: Sequence[Difference]) -> list[Difference]:
    """Return differences that were tested together, with p values that allow for how many there are."""
    p_values = adjusted([gap.p_value for gap in gaps])
    return [replace(gap, p_adjusted=p_value) for gap, p_value in zip(gaps, p_values, strict=True)]


def _tested(metric: str, left: Report, right: Report, n_flips: int, seed: int) -> Iterator[Difference]:
    """Yield left minus right, if there are questions with this metric in both."""
    ours, theirs = _scores(metric, left), _scores(metric, right)
    both = [question_id for question_id in ours if question_id in theirs]
    if both:
        yield grouped_difference(
            metric,
            (left.arm, [ours[question_id] for question_id in both]),
            (right.arm, [theirs[question_id] for question_id in both]),
            shared_groups(metric, left, right),
            n_flips=n_flips,
            seed=seed,
        )


def _scores(metric: str, report: Report) -> dict[str, float]:
    if metric == "latency_ms":
        return {row.question_id: row.latency_ms for row in report.rows}
    return {row.question_id: row.scores[metric] for row in report.rows if metric in row.scores}


def shared_groups(metric: str, left: Report, right: Report) -> list[str]:
    """Return the group of every question with this metric in both."""
    theirs, group = _scores(metric, right), {row.question_id: row.group for row in left.rows}
    return [group[question_id] for question_id in _scores(metric, left) if question_id in theirs]


def _with_update(report: Report, drill: UpdateDrill | None) -> Report:
    summary = drill.summary(report.arm) if drill else None
    if summary is None:
        return report
    return replace(
        report,
        update_seconds=summary.update_seconds,
        is_update_lower_bound=summary.is_lower_bound,
    )
