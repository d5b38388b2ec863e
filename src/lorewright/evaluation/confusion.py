"""Which labels an arm took for which: macro-F1, and the pairs that it confused."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.datasets.closed_answers import key_of
from lorewright.evaluation.comparison import Comparison
from lorewright.evaluation.report import Report

REFUSED, NO_LABEL = "(refused)", "(no label)"


@dataclass(frozen=True, slots=True)
class Confused:
    """Questions of one label that were given another one, `REFUSED` or `NO_LABEL`: how many."""

    wanted: str
    given: str
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """How an arm told labels: the mean of every label's F1, and what it confused, most often first.

    `labels` are those that were asked for, with how many questions each; `counts` holds every pair of
    wanted and given.
    """

    arm: str
    labels: tuple[tuple[str, int], ...]
    counts: tuple[Confused, ...]
    macro_f1: float

    @property
    def confused(self) -> tuple[Confused, ...]:
        """The pairs that were wrong."""
        return tuple(pair for pair in self.counts if pair.wanted != pair.given)

    @property
    def given(self) -> tuple[str, ...]:
        """Everything that was given: the labels first, then what is none of them."""
        names = [label for label, _ in self.labels]
        return (*names, *dict.fromkeys(pair.given for pair in self.counts if pair.given not in names))

    def n(self, wanted: str, given: str) -> int:
        """Return how many questions of one label were given another."""
        return next((pair.n for pair in self.counts if (pair.wanted, pair.given) == (wanted, given)), 0)


def confusions(comparison: Comparison) -> tuple[Confusion, ...]:
    """Return how every arm told labels; none where answers are not labels of a closed set."""
    labels = {key_of(label): label for label in comparison.measured.labels}
    return tuple(_confusion(report, labels) for report in comparison.reports if labels and report.rows)


def _confusion(report: Report, labels: dict[str, str]) -> Confusion:
    pairs = Counter[tuple[str, str]]()
    for row in report.rows:
        keys = [key_of(target) for target in row.targets]
        key = key_of(row.text)
        wanted = key if key in keys else next((one for one in keys if one in labels), "")
        if wanted in labels and row.answerable:
            given = labels.get(key, REFUSED if row.refused else NO_LABEL)
            pairs[labels[wanted], given] += 1
    asked, said = Counter[str](), Counter[str]()
    for (wanted, given), n in pairs.items():
        asked[wanted] += n
        said[given] += n
    return Confusion(
        arm=report.arm,
        labels=tuple(asked.most_common()),
        counts=tuple(Confused(wanted, given, n) for (wanted, given), n in pairs.most_common()),
        macro_f1=_macro_f1(pairs, asked, said),
    )


def _macro_f1(pairs: Counter[tuple[str, str]], asked: Counter[str], said: Counter[str]) -> float:
    scores: Sequence[float] = [2 * pairs[label, label] / (asked[label] + said[label]) for label in asked]
    return sum(scores) / len(scores) if scores else 0.0
