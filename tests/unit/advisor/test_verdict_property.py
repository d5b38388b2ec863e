"""Made-up comparisons of every shape, drawn at random, against a statistician's own arithmetic.

Nothing here is taken from the advisor: the exact test of paired shares, the intervals and the chances
of being the best are counted again with numpy.
"""

import random
from dataclasses import dataclass
from math import comb

import numpy as np
import pytest
from numpy.typing import NDArray

from lorewright.advisor import PRESETS, Facts, Recommendation, recommend
from lorewright.evaluation import Comparison, Row, build_report, compare
from lorewright.settings import Priorities, Settings, Traffic

ARMS = ("base", "few-shot", "rag", "tuned", "hybrid")
BUSY = Traffic(questions_per_month=10_000_000, changes_per_month=0)
SHAPES = ("all poor", "few questions", "ties", "one clear winner", "a useless one is cheapest", "any")
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A comparison and what was drawn: the scores of every arm, over the same questions."""

    comparison: Comparison
    scores: dict[str, Scores]

    @property
    def best(self) -> str:
        return max(self.scores, key=lambda arm: self.scores[arm].mean())


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_no_arm_is_recommended_or_in_the_race_that_a_statistician_would_leave_out(
    shape: str, seed: int
) -> None:
    case = draw(shape, random.Random(f"{shape} {seed}"))
    advice = advise(case.comparison)
    best, n_pairs = case.scores[case.best], comb(len(case.scores), 2)
    for arm in {advice.arm, *(one.arm for one in advice.contenders)}:
        scores = case.scores[arm]
        assert scores.any() or not best.any(), f"{arm} got nothing right"
        assert upper_end(scores) >= best.mean() - 0.5 / len(scores), f"{arm} ends below {case.best}"
        is_worse = scores.mean() < best.mean() and exact(best, scores) * n_pairs < 0.05
        assert not is_worse or advice.is_decided, f"{arm} is shown to be worse than {case.best}"
    if advice.arm != case.best and case.scores[advice.arm].mean() < best.mean():
        assert loses_at_most(best, case.scores[advice.arm]) <= 0.05 + 0.5 / len(best)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_what_the_questions_cannot_tell_is_said_first_with_true_chances(shape: str, seed: int) -> None:
    case = draw(shape, random.Random(f"{shape} {seed} chances"))
    advice = advise(case.comparison)
    best, n_pairs = case.scores[case.best], comb(len(case.scores), 2)
    is_open = any(
        scores.any()
        and exact(best, scores) * n_pairs >= 0.05
        and loses_at_most(best, scores) > 0.06
        and upper_end(scores) > best.mean() + 0.03
        for arm, scores in case.scores.items()
        if arm != case.best
    )
    if is_open:
        assert not advice.is_decided
    if advice.is_decided or not best.any():
        return
    n = case.comparison.n_questions
    assert f"{n} questions cannot tell" in advice.headline
    assert advice.headline.index("cannot tell") < advice.headline.index(f"{advice.contenders[0].arm} (")
    assert advice.n_to_decide > n
    chances = chances_of_best({one.arm: case.scores[one.arm] for one in advice.contenders})
    for one in advice.contenders:
        assert one.chance == pytest.approx(chances[one.arm], abs=0.05)
    named = [one.chance for one in advice.contenders]
    assert named == sorted(named, reverse=True)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("seed", range(3))
def test_no_priorities_recommend_an_arm_that_got_nothing_right(preset: str, seed: int) -> None:
    case = draw("a useless one is cheapest", random.Random(f"{preset} {seed}"))
    priorities = Priorities(preset=preset)  # type: ignore[arg-type]
    settings = Settings(traffic=BUSY, priorities=priorities)
    advice = recommend(Facts(n_documents=3), case.comparison, settings)
    assert case.scores[advice.arm].any()


def test_arms_that_answered_other_questions_are_compared_as_two_groups() -> None:
    """A measurement that was stopped and finished later, on what was left."""
    first = rows("rag", np.array([1.0, 0.0] * 10), start=0)
    other = rows("tuned", np.array([1.0, 0.0, 1.0, 0.0, 0.0] * 4), start=20)
    reports = [build_report("rag", first), build_report("tuned", other)]
    advice = advise(compare(reports, id="apart", created_at=0.0, primary="exact"))
    assert not advice.is_decided
    assert [one.arm for one in advice.contenders] == ["rag", "tuned"]
    assert sum(one.chance for one in advice.contenders) == pytest.approx(1.0)
    assert advice.n_to_decide > 40


def advise(comparison: Comparison) -> Recommendation:
    return recommend(Facts(n_documents=3, n_questions=250), comparison, Settings(traffic=BUSY))


def draw(shape: str, by: random.Random) -> Case:
    """Return a comparison of a shape; arms that come first in `ARMS` are cheaper."""
    arms = sorted(by.sample(ARMS, by.randint(2, 5)), key=ARMS.index)
    n = by.randint(1, 12) if shape == "few questions" else by.choice([20, 30, 60, 150])
    rates = {arm: by.random() for arm in arms}
    if shape == "all poor":
        rates = {arm: by.choice([0.0, 0.05, 0.1, 0.2]) for arm in arms}
    elif shape == "one clear winner":
        rates = dict.fromkeys(arms, 0.2) | {by.choice(arms): 0.9}
    elif shape == "a useless one is cheapest":
        rates = {arm: by.uniform(0.1, 0.5) for arm in arms} | {arms[0]: 0.0}
    shared = np.array([by.random() for _ in range(n)])
    scores = {
        arm: (shared < 0.6 if shape == "ties" else np.array([by.random() for _ in range(n)]) < rate).astype(
            float
        )
        for arm, rate in rates.items()
    }
    if shape == "a useless one is cheapest" and not any(one.any() for one in scores.values()):
        scores[arms[-1]][0] = 1.0
    reports = [build_report(arm, rows(arm, scores[arm], start=0)) for arm in arms]
    return Case(compare(reports, id="drawn", created_at=0.0, primary="exact"), scores)


def rows(arm: str, scores: Scores, *, start: int) -> list[Row]:
    latency_ms = 200.0 * (1 + ARMS.index(arm))
    return [
        Row(
            question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so",
            refused=False, citations=(), scores={"correctness": float(score)}, is_right=bool(score),
            failure="" if score else "not-known", unsupported=(), latency_ms=latency_ms, prompt_tokens=1,
            completion_tokens=1,
        )
        for number, score in enumerate(scores, start=start)
    ]  # fmt: skip


def exact(left: Scores, right: Scores) -> float:
    """Return McNemar's exact p value with two sides."""
    n_gained, n_lost = int((left > right).sum()), int((left < right).sum())
    n = n_gained + n_lost
    return float(min(1.0, 2 * sum(comb(n, k) for k in range(max(n_gained, n_lost), n + 1)) / 2**n))


def upper_end(scores: Scores) -> float:
    """Return the upper end of a share's interval, resampled; where nothing was right, the exact one."""
    if not scores.any():
        return float(1 - 0.025 ** (1 / len(scores)))
    return float(np.quantile(resampled(scores), 0.975))


def loses_at_most(best: Scores, other: Scores) -> float:
    """Return what an arm loses against the best at most, resampled over questions."""
    return float(np.quantile(resampled(best - other), 0.975))


def resampled(values: Scores) -> Scores:
    places = np.random.default_rng(99).integers(0, len(values), (3000, len(values)))
    means: Scores = values[places].mean(axis=1)
    return means


def chances_of_best(scores: dict[str, Scores]) -> dict[str, float]:
    means = np.stack([resampled(one) for one in scores.values()])  # the same draws for every arm
    is_best = means >= means.max(axis=0) - 1e-9
    wins = (is_best / is_best.sum(axis=0)).mean(axis=1)
    return dict(zip(scores, map(float, wins), strict=True))
