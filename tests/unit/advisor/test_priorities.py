"""A recommendation weighs what the user weighs."""

from dataclasses import replace

import pytest

from lorewright.advisor import (
    PRESETS,
    SUMMARIES,
    Facts,
    Recommendation,
    arm_by_preset,
    assume,
    assumptions_in,
    recommend,
)
from lorewright.errors import InvalidSetting
from lorewright.evaluation import Comparison, Row, build_report, compare
from lorewright.settings import Preset, Priorities, Settings, Traffic

FACTS = Facts(n_documents=3)
N = 100


def test_compliance_takes_the_arm_that_makes_nothing_up() -> None:
    """Ten more right answers do not pay for twenty made-up ones, where each is a risk."""
    comparison = measured({"tuned": (range(80), range(75, 95)), "rag": (range(70), range(0))})
    assert advise(comparison).arm == "tuned"
    careful = advise(comparison, "compliance")
    assert careful.arm == "rag"
    assert careful.reasons[0].startswith("By your priorities its answers are worth the most: 70% (")
    assert any("an unsupported claim counts as 2 right answers" in reason for reason in careful.reasons)
    assert careful.alternatives[0].why.startswith(("Worth less", "Measurably worth less"))


def test_a_support_desk_does_not_keep_people_waiting() -> None:
    """Four points more of correctness for nine seconds of waiting."""
    right = {"rag": (range(84), range(0)), "nearest": (range(80), range(0))}
    comparison = measured(right, seconds={"rag": 9.5, "nearest": 0.5})
    assert advise(comparison).arm == "rag"
    assert advise(comparison, "support-desk").arm == "nearest"


def test_research_takes_the_most_correct_arm_whatever_it_costs() -> None:
    right = {"tuned": (range(792), range(0)), "hybrid": (range(800), range(0))}
    comparison = measured(right, n=1000, seconds={"tuned": 0.1, "hybrid": 5.0})
    assert advise(comparison).arm == "tuned"
    assert advise(comparison, "research").arm == "hybrid"


def test_every_preset_says_what_it_would_recommend() -> None:
    comparison = measured({"tuned": (range(80), range(75, 95)), "rag": (range(70), range(0))})
    arms = arm_by_preset(FACTS, comparison, Settings())
    assert arms == {preset: advise(comparison, preset).arm for preset in PRESETS}
    assert SUMMARIES.keys() == PRESETS.keys()


def test_a_weight_of_ones_own_replaces_that_of_the_preset() -> None:
    settings = Settings(priorities=Priorities(preset="compliance", unsupported=0.0))
    assumed = assumptions_in(settings)
    assert (assumed.unsupported, assumed.cost_points) == (0.0, 2.0)
    kept = assumed.as_settings
    assert (kept["priorities.preset"], kept["priorities.unsupported"]) == ("compliance", 0.0)
    assert kept["priorities.cost_points"] is None
    _, again = assume(assumed, FACTS, settings)
    assert assumptions_in(again) == assumed
    assert assumed.under("research").cost_points == 0.0


def test_a_weight_that_cannot_be_is_refused() -> None:
    with pytest.raises(InvalidSetting, match=r"priorities\.unsupported is -0\.5"):
        Priorities(unsupported=-0.5)


def advise(comparison: Comparison, preset: Preset = "balanced") -> Recommendation:
    busy = Traffic(questions_per_month=10_000_000, changes_per_month=0)
    return recommend(FACTS, comparison, Settings(traffic=busy, priorities=Priorities(preset=preset)))


def measured(
    arms: dict[str, tuple[range, range]], *, n: int = N, seconds: dict[str, float] | None = None
) -> Comparison:
    """Return a comparison; of each arm, which answers are right and which hold an unsupported claim."""
    reports = [
        build_report(
            arm,
            [
                _row(number, number in right, number in made_up, (seconds or {}).get(arm, 1.0))
                for number in range(n)
            ],
        )
        for arm, (right, made_up) in arms.items()
    ]
    return compare(reports, id="made", created_at=0.0, primary="exact")


def _row(number: int, is_right: bool, is_made_up: bool, seconds: float) -> Row:
    row = Row(
        question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so", refused=False,
        citations=(), scores={"correctness": float(is_right), "hallucination_rate": float(is_made_up)},
        is_right=is_right, failure="" if is_right else "not-known", unsupported=(), latency_ms=0.0,
        prompt_tokens=1, completion_tokens=1,
    )  # fmt: skip
    return replace(row, latency_ms=1000.0 * seconds)
