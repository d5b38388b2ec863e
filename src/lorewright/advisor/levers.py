"""What could help where no arm is good enough, and how much at most, from why answers are wrong."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from lorewright.evaluation import Comparison, Report

_FEWEST = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Lever:
    """One thing to improve: the wrong answers that wait for it, and of those the ones an arm gets right.

    `n_wrong` of `n` questions are what it can bring at most; `shown_by` is the arm that already
    answers the most of them (`n_shown`), '' where none does.
    """

    name: str
    text: str
    n_wrong: int
    n: int
    shown_by: str
    n_shown: int


_LEVERS: Mapping[str, tuple[Collection[str], str]] = {
    "documents": (("not-in-documents", "stale"), "Better documents: add the pages that hold the answers"),
    "retrieval": (
        ("not-retrieved",),
        "Better retrieval: tune it in the retrieval test, or set another embedding",
    ),
    "model": (("retrieved-but-ignored", "not-known"), "A better model: connect or fetch a larger one"),
    "examples": (
        ("wrong-form", "wrong-label", "no-such-label", "missing-content"),
        "More examples, or another kind of tuning",
    ),
    "refusals": (("over-refused", "not-refused"), "The threshold of refusals: retrieval.min_answerability"),
}


def levers(chosen: Report, comparison: Comparison) -> tuple[Lever, ...]:
    """Return what the chosen arm's wrong answers wait for, the largest first.

    Each brings at most its own wrong answers: fixing one cause may uncover another.
    """
    found = [
        lever
        for name, (failures, text) in _LEVERS.items()
        if (lever := _lever(name, failures, text, chosen, comparison))
    ]
    return tuple(sorted(found, key=lambda lever: -lever.n_wrong))


def _lever(
    name: str, failures: Collection[str], text: str, chosen: Report, comparison: Comparison
) -> Lever | None:
    wrong = {row.question_id for row in chosen.rows if row.failure in failures}
    if len(wrong) < min(_FEWEST, len(chosen.rows)):
        return None
    shown_by, n_shown = max(_shown(wrong, chosen, comparison), key=lambda shown: shown[1], default=("", 0))
    n = len(chosen.rows)
    most = (
        f"At most {100 * len(wrong) / n:.0f} points: {len(wrong)} of {n} answers are wrong for this reason."
    )
    shown = f" {shown_by} already answers {n_shown} of them." if n_shown else ""
    return Lever(
        name=name,
        text=f"{text}. {most}{shown}",
        n_wrong=len(wrong),
        n=n,
        shown_by=shown_by if n_shown else "",
        n_shown=n_shown,
    )


def _shown(wrong: Collection[str], chosen: Report, comparison: Comparison) -> Iterator[tuple[str, int]]:
    """Yield every other arm, and how many of these questions it answers correctly."""
    for report in comparison.reports:
        if report.arm != chosen.arm:
            yield report.arm, sum(row.is_right and row.question_id in wrong for row in report.rows)
