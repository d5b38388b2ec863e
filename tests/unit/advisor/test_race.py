"""Made-up comparisons of every shape, and what a statistician would say about each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from lorewright.advisor import Facts, Recommendation, recommend, render_text
from lorewright.evaluation import Comparison, Row, SetUp, build_report, compare
from lorewright.settings import Settings, Traffic


@dataclass(frozen=True)
class Shape:
    """Questions answered right by arm, and what follows; cheap arms cost least by the month."""

    right: Mapping[str, range | tuple[int, ...]]
    n: int
    arm: str
    opening: str
    contenders: tuple[str, ...] = ()


SHAPES = {
    "one clear winner": Shape(
        {"base": range(10), "rag": range(50, 60), "hybrid": range(54)}, 60, "hybrid", "Use hybrid: "
    ),
    "all poor, one better": Shape(
        {"base": range(0), "rag": range(12)}, 60, "rag", "No arm is good enough to use on its own. The best"
    ),
    "all poor, none known to be better": Shape(
        {"few-shot": range(3), "rag": range(2, 6)},
        20,
        "rag",
        "No arm is good enough to use on its own. 20 questions cannot tell",
        ("rag", "few-shot"),
    ),
    "all poor, many questions, and within the margin": Shape(
        {"few-shot": range(30), "rag": range(60)},
        1000,
        "rag",
        "No arm is good enough to use on its own. The best",
    ),
    "nothing right, and cheap": Shape(
        {"few-shot": range(0), "hybrid": range(3)},
        20,
        "hybrid",
        "No arm is good enough to use on its own. The",
    ),
    "nothing right anywhere": Shape(
        {"few-shot": range(0), "rag": range(0)}, 20, "few-shot", "No arm answered any of the 20 questions"
    ),
    "three questions": Shape(
        {"base": range(1), "rag": range(2)}, 3, "rag", "3 questions are too few to recommend", ("rag", "base")
    ),
    "few questions, all right": Shape(
        {"base": range(0), "rag": range(8)}, 8, "rag", "8 questions are too few to recommend"
    ),
    "more than half, but perhaps less": Shape(
        {"base": range(2), "rag": range(16)}, 28, "rag", "28 questions do not show that an arm is right"
    ),
    "a cheap arm that is not shown to be as good": Shape(
        {"tuned": range(44), "hybrid": range(48)},
        60,
        "hybrid",
        "60 questions cannot tell which arm is best; about ",
        ("hybrid", "tuned"),
    ),
    "close, on different questions": Shape(
        {"tuned": range(6, 52), "hybrid": range(48)},
        60,
        "hybrid",
        "60 questions cannot tell which arm is best; about ",
        ("hybrid", "tuned"),
    ),
    "a tie on different questions": Shape(
        {"tuned": range(48), "hybrid": range(12, 60)},
        60,
        "tuned",
        "60 questions cannot tell which arm is best; about ",
        ("hybrid", "tuned"),
    ),
    "the same answers, few questions": Shape(
        {"tuned": range(36), "hybrid": range(36)},
        40,
        "tuned",
        "40 questions cannot tell",
        ("hybrid", "tuned"),
    ),
    "the same answers, many questions": Shape(
        {"tuned": range(320), "hybrid": range(320)}, 400, "tuned", "Use tuned: "
    ),
    "a cheap arm that loses less than the margin": Shape(
        {"tuned": range(316), "hybrid": range(320)}, 400, "tuned", "Use tuned: "
    ),
    "a cheap arm that loses more than the margin": Shape(
        {"tuned": range(280), "hybrid": range(320)}, 400, "hybrid", "Use hybrid: "
    ),
}
SECONDS = {"base": 0.5, "few-shot": 0.2, "tuned": 0.4}
BUSY = Settings(traffic=Traffic(questions_per_month=10_000_000, changes_per_month=0))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_verdict_is_what_a_statistician_would_say(shape: Shape) -> None:
    """A recommendation that the questions do not support costs more than none."""
    advice = advise(measured(shape.right, shape.n))
    assert advice.arm == shape.arm
    assert advice.headline.startswith(shape.opening)
    assert sorted(one.arm for one in advice.contenders) == sorted(shape.contenders)
    assert advice.is_decided == (not shape.contenders)
    assert advice.n_to_decide > shape.n if shape.contenders else advice.n_to_decide == 0


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_no_useless_arm_is_named_as_a_contender(shape: Shape) -> None:
    """Neither one that got nothing right nor one that ends below the best arm's mean."""
    comparison = measured(shape.right, shape.n)
    best = max(report.correctness.mean for report in comparison.reports)
    for contender in advise(comparison).contenders:
        report = comparison.report(contender.arm)
        assert report
        assert report.share_right.mean > 0
        assert report.correctness.high >= best
        assert 0 < contender.chance < 1


def test_how_many_more_questions_would_tell_is_said_first_and_offered() -> None:
    comparison = measured({"tuned": range(6, 52), "hybrid": range(48)}, 60)
    advice = advise(comparison)
    assert advice.headline.index("cannot tell") < advice.headline.index("hybrid (")
    assert f"about {advice.n_to_decide:,} would" in advice.headline
    more = advice.would_change[0]
    assert more.startswith(f"More held-out questions: about {advice.n_to_decide:,} would tell")
    assert more.endswith("You have 250: lorewright compare --limit 250.")
    all_asked = recommend(Facts(n_documents=3, n_questions=60), comparison, BUSY).would_change[0]
    assert all_asked.endswith(
        "All there are were asked: add some to questions/, then run lorewright compare."
    )
    assert "Undecided: it may be better or worse" in advice.alternatives[0].why
    assert "60 questions cannot tell which arm is best" in render_text(comparison, advice)


def test_mostly_unsupported_answers_are_never_recommended() -> None:
    """An arm that a lenient score calls right while most of its answers are made up."""
    made_up = measured({"tuned": range(60)}, 60, unsupported={"tuned": range(40)})
    advice = advise(made_up)
    assert not advice.is_good_enough
    assert advice.headline.startswith("No arm is good enough to use on its own: 67% (")
    besides = measured({"tuned": range(60), "rag": range(40)}, 60, unsupported={"tuned": range(40)})
    assert advise(besides).arm == "rag"
    assert advise(besides).alternatives[0].why.startswith("Most of its answers hold a claim that nothing")


def test_figures_that_wrong_answers_reach_recommend_nothing() -> None:
    """All right, by a score that most answers to other questions would pass, too."""
    lenient = replace(measured({"tuned": range(60)}, 60), chance_rate=0.76)
    advice = advise(lenient)
    assert not advice.is_good_enough
    assert advice.headline.startswith("These figures recommend no arm: 76% of the answers to other questions")


def test_a_cheaper_arm_may_not_make_more_unsupported_claims() -> None:
    right = {"tuned": range(320), "hybrid": range(320)}
    made_up = measured(right, 400, unsupported={"tuned": range(60)})
    assert advise(made_up).arm == "hybrid"
    assert "more unsupported claims" in advise(made_up).alternatives[0].why


def test_what_so_many_questions_can_see_is_said() -> None:
    """Whoever asks forty questions should know that twelve points are lost on them."""
    few = advise(measured({"tuned": range(6, 36), "hybrid": range(34)}, 40))
    assert few.power
    assert few.power.rival == "tuned"
    points = round(few.power.smallest * 100)
    assert any(
        f"40 questions cannot see a difference of less than {points} points between hybrid and tuned" in line
        and f"about {few.power.n_for_margin:,} would see 5" in line
        for line in few.reasons
    )
    clear = advise(measured({"tuned": range(5), "hybrid": range(34)}, 40))
    assert not any("cannot see" in line for line in clear.reasons)
    many = advise(measured({"tuned": range(400), "hybrid": range(405)}, 600))
    assert any("600 questions show a difference of" in line for line in many.reasons)


def test_where_nothing_is_good_enough_it_says_which_lever_brings_what() -> None:
    """From why answers are wrong: at most so many points, and which arm shows that it can be done."""
    reasons = {number: "not-in-documents" if number < 40 else "wrong-form" for number in range(60)}
    comparison = measured({"rag": range(50, 60), "tuned": range(40, 49)}, 60, reasons=reasons)
    advice = advise(comparison)
    assert not advice.is_good_enough
    assert [(lever.name, lever.n_wrong) for lever in advice.levers] == [("documents", 40), ("examples", 10)]
    assert advice.would_change[0] == (
        "Better documents: add the pages that hold the answers. "
        "At most 67 points: 40 of 60 answers are wrong for this reason."
    )
    assert advice.would_change[1].endswith("tuned already answers 9 of them.")
    good = advise(measured({"rag": range(59)}, 60))
    assert good.levers == ()


def test_p_values_allow_for_how_many_arms_were_compared() -> None:
    arms = {f"arm{number}": range(number * 3) for number in range(4)} | {"rag": range(60)}
    advice = advise(measured(arms, 60))
    assert any("allowing for 10 pairs of arms (Holm)" in reason for reason in advice.reasons)


def advise(comparison: Comparison) -> Recommendation:
    return recommend(Facts(n_documents=3, n_questions=250), comparison, BUSY)


def measured(
    right: Mapping[str, range | tuple[int, ...]],
    n: int,
    unsupported: Mapping[str, range] | None = None,
    reasons: Mapping[int, str] | None = None,
) -> Comparison:
    claims, why = unsupported or {}, reasons or {}
    reports = [
        build_report(
            arm,
            [
                _row(
                    arm,
                    number,
                    number in answered,
                    number in claims.get(arm, ()),
                    why.get(number, "not-known"),
                )
                for number in range(n)
            ],
            set_up=SetUp(),
        )
        for arm, answered in right.items()
    ]
    return compare(reports, id="made", created_at=0.0, primary="exact")


def _row(arm: str, number: int, is_right: bool, is_made_up: bool, why: str) -> Row:
    row = Row(
        question_id=f"q{number}", question="?", targets=("so",), answerable=True, text="so", refused=False,
        citations=(), scores={"correctness": float(is_right), "hallucination_rate": float(is_made_up)},
        is_right=is_right, failure="" if is_right else why, unsupported=(),
        latency_ms=1000.0, prompt_tokens=1, completion_tokens=1,
    )  # fmt: skip
    return replace(row, latency_ms=1000.0 * SECONDS.get(arm, 1.0))
