"""From which answerability on a domain's questions should be answered, by its own questions."""

from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.evaluation.estimate import Estimate, estimate

N_NEEDED = 30
"""Answerable questions from which on their threshold is theirs."""
MOST_REFUSED = 0.15
N_UNANSWERABLE = 10
"""Examples that refuse from on which they decide, too."""
USUALLY_REFUSED = 0.05
"""Of the answerable examples: more than this the usual threshold must not refuse."""


@dataclass(frozen=True, slots=True)
class RefusalThreshold:
    """A threshold, the share of answerable questions below it, and of unanswerable ones that are not."""

    at_least: float
    refused: Estimate
    answered: Estimate | None


def choose_threshold(answerable: Sequence[float], unanswerable: Sequence[float]) -> RefusalThreshold | None:
    """Return the threshold that gets most questions right; `None` where there are too few answerable ones.

    At most `MOST_REFUSED` of the answerable ones are refused. Without unanswerable questions nothing
    is gained by refusing: the threshold is then 0.
    """
    if len(answerable) < N_NEEDED:
        return None
    candidates = [0.0, *sorted({round(value, 2) for value in (*answerable, *unanswerable)})]

    def n_wrong(at_least: float) -> int:
        return sum(value < at_least for value in answerable) + sum(
            value >= at_least for value in unanswerable
        )

    most = MOST_REFUSED * len(answerable)
    allowed = [each for each in candidates if sum(value < each for value in answerable) <= most]
    best = min(allowed, key=lambda each: (n_wrong(each), each))
    return RefusalThreshold(
        best,
        estimate([float(value < best) for value in answerable]),
        estimate([float(value >= best) for value in unanswerable]) if unanswerable else None,
    )


def threshold_for_examples(
    answerable: Sequence[float], unanswerable: Sequence[float], *, usual: float
) -> float | None:
    """Return the threshold that suits the examples of a domain; `None` where there are too few.

    With enough examples that refuse it is what gets most of all right. Without them it is `usual`, or
    lower where that would refuse more than one in twenty of the examples that answer.
    """
    if len(answerable) < N_NEEDED:
        return None
    if len(unanswerable) >= N_UNANSWERABLE:
        chosen = choose_threshold(answerable, unanswerable)
        return chosen.at_least if chosen else None
    lowest = sorted(answerable)[int(USUALLY_REFUSED * len(answerable))]
    return min(usual, round(lowest, 3))
