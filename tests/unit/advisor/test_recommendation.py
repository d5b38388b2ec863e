"""The arm to use, with reasons that hold."""

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from lorewright.advisor import Changes, Facts, Recommendation, recommend, render_text
from lorewright.evaluation import Comparison, estimate, from_json, to_json
from lorewright.settings import Models, Settings, Traffic

Measure = Callable[..., Comparison]
ALIKE = {"tuned": 0.80, "hybrid": 0.82, "base": 0.1}
MANY = 300
"""Enough questions to show that tuned is as good as hybrid to within the margin."""


def test_the_measurably_best_arm_is_recommended(facts: Facts, measure: Measure) -> None:
    advice = recommend(facts, measure(), Settings())
    assert advice.arm == "hybrid"
    assert advice.is_good_enough
    assert advice.headline.startswith("Use hybrid: ")
    assert "n=60" in advice.headline


def test_of_arms_shown_to_be_as_good_the_cheaper_is_taken(facts: Facts, measure: Measure) -> None:
    still = replace(facts, changes=Changes(stated_per_month=0))
    busy = Settings(traffic=Traffic(questions_per_month=10_000_000))
    advice = recommend(still, measure(ALIKE, n=MANY), busy)
    assert advice.arm == "tuned"  # shorter prompts: half the seconds of hybrid
    assert "as good as hybrid to within 5 points" in advice.reasons[0]
    equal = next(other for other in advice.alternatives if other.arm == "hybrid")
    assert equal.is_equal
    assert "but it costs" in equal.why
    assert advice.is_decided


def test_cents_do_not_decide(facts: Facts, measure: Measure) -> None:
    """With little traffic all arms cost about the same: then the one that was right more often."""
    still = replace(facts, changes=Changes(stated_per_month=0))
    quiet = Settings(traffic=Traffic(questions_per_month=100))
    advice = recommend(still, measure(ALIKE, n=MANY), quiet)
    assert advice.arm == "hybrid"
    other = next(other for other in advice.alternatives if other.arm == "tuned")
    assert "at about the same cost" in other.why


def test_an_arm_that_answers_with_old_facts_is_set_aside(facts: Facts, measure: Measure) -> None:
    """The best arm today is wrong tomorrow, where facts change twelve times a month."""
    arms = {"tuned": 0.95, "rag": 0.60}
    assert recommend(facts, measure(arms), Settings()).arm == "rag"
    still = replace(facts, changes=Changes(stated_per_month=0))
    assert recommend(still, measure(arms), Settings()).arm == "tuned"
    why = recommend(facts, measure(arms), Settings()).alternatives[0].why
    assert why.startswith("Excluded because information changes often: 100% (")


def test_when_every_arm_is_poor_it_says_so(facts: Facts, measure: Measure) -> None:
    advice = recommend(facts, measure({"base": 0.0, "rag": 0.2}), Settings())
    assert not advice.is_good_enough
    assert advice.headline.startswith(
        "No arm is good enough to use on its own. The best starting point is rag"
    )
    assert any("retrieved-but-ignored" in reason for reason in advice.reasons)


def test_before_any_comparison_it_says_where_to_begin(facts: Facts) -> None:
    advice = recommend(replace(facts, tuned=(), n_questions=None), None, Settings())
    assert advice.headline.startswith("Start with hybrid")
    assert not advice.is_measured
    assert any("lorewright compare" in line for line in advice.would_change)
    assert not any(cell.is_measured for aspect in advice.table for cell in aspect.cells.values())
    assert all(cell.source for aspect in advice.table for cell in aspect.cells.values())


def test_nothing_at_all_is_an_answer_too() -> None:
    assert "there is nothing to answer from yet" in " ".join(
        recommend(Facts(), None, Settings()).would_change
    )


def test_eight_aspects_are_compared_and_all_measured(facts: Facts, measure: Measure) -> None:
    table = recommend(facts, measure(), Settings()).table
    assert [aspect.name for aspect in table] == [
        *("set-up time", "data needed", "cost", "update speed"),
        *("kind of knowledge", "hallucination", "customisation", "latency"),
    ]
    assert all(cell.is_measured for aspect in table for cell in aspect.cells.values())


def test_costs_follow_seconds_traffic_and_changes(facts: Facts, measure: Measure) -> None:
    costs = {cost.arm: cost for cost in recommend(facts, measure(), Settings()).costs}
    ten_times = Settings(traffic=Traffic(questions_per_month=100_000))
    more = {cost.arm: cost for cost in recommend(facts, measure(), ten_times).costs}
    assert costs["base"].set_up_usd == 0
    assert round(costs["tuned"].set_up_usd, 4) == round(364 / 3600 * 0.05, 4)
    assert round(more["rag"].month[0].usd / costs["rag"].month[0].usd, 6) == 10
    # a changed fact: a person rewrites an example and it is tuned again, or a document is added
    assert costs["tuned"].update_usd > 1 > costs["hybrid"].update_usd
    assert not costs["tuned"].update[0].is_measured


def test_a_busy_machine_makes_no_arm_dearer(facts: Facts, measure: Measure) -> None:
    """The clock runs on while other work has the processors: what they did is what is paid for."""
    comparison = measure({"rag": 0.6})
    (report,) = comparison.reports
    rows = tuple(replace(row, latency_ms=60_000.0, cpu_seconds=1.8) for row in report.rows)
    busy = replace(comparison, reports=(replace(report, rows=rows),))
    (cost,) = recommend(facts, busy, Settings()).costs
    assert cost.month[0].usd == pytest.approx(10_000 * 1.8 / 3600 * 0.05)
    assert cost.month[0].how == "10,000 questions x 1.80 s x $0.05 per CPU hour"
    with_gpu = replace(busy, measured=replace(busy.measured, machine={"gpu": "one"}))
    (cost,) = recommend(facts, with_gpu, Settings()).costs
    assert cost.month[0].how == "10,000 questions x 60.00 s x $2 per GPU hour"


def test_remote_models_cost_tokens(facts: Facts, measure: Measure) -> None:
    remote = Settings(models=Models(chat="openai:gpt-4o-mini@https://api.openai.com/v1"))
    (cost,) = recommend(facts, measure({"rag": 0.6}), remote).costs
    assert "tokens at $0.15 + $0.6 per million (genai-prices, OpenAI)" in cost.month[0].how
    unlisted = Settings(models=Models(chat="openai:mine@http://localhost:8000/v1"))
    (cost,) = recommend(facts, measure({"rag": 0.6}), unlisted).costs
    assert not cost.month[0].is_measured


def test_a_recommendation_survives_json(facts: Facts, measure: Measure) -> None:
    advice = recommend(facts, measure(), Settings())
    assert from_json(Recommendation, json.loads(json.dumps(to_json(advice)))) == advice


def test_the_terminal_shows_arms_verdict_and_what_changed(facts: Facts, measure: Measure) -> None:
    comparison = measure()
    text = render_text(comparison, recommend(facts, comparison, Settings()))
    assert max(map(len, text.splitlines())) <= 100
    assert "7 arms on 60 held-out questions" in text
    assert ">  hybrid        87% (78-95)" in text
    assert "Answers after facts changed (8 questions asked again)" in text
    assert "never" in text


def test_the_terminal_shows_how_agents_kept_the_checks_of_their_tasks(facts: Facts, measure: Measure) -> None:
    """Twelve of fifteen tasks is another thing than twelve of three hundred: the number stands beside it."""
    measured = measure()
    checked = {"files_right": estimate([1.0] * 6 + [0.0] * 2), "cost_right": estimate([1.0] * 5)}
    first = replace(measured.reports[0], metrics={**measured.reports[0].metrics, **checked})
    comparison = replace(measured, reports=(first, *measured.reports[1:]))

    text = render_text(comparison, recommend(facts, comparison, Settings()))
    assert re.search(rf"{first.arm} +files +75% \(\d+-\d+\) +n=8", text)
    assert re.search(rf"{first.arm} +cost +100% \(\d+-\d+\) +n=5", text)
    assert "right tools" not in text
    assert "Checks of how" not in render_text(measured, recommend(facts, measured, Settings()))


def test_the_terminal_has_an_answer_before_any_measurement(facts: Facts) -> None:
    text = render_text(None, recommend(facts, None, Settings()))
    assert text.startswith("Start with hybrid")
    assert "Are there hundreds of quality examples? yes: 300 examples" in text


def test_questions_that_name_documents_which_are_not_there_are_pointed_out(
    facts: Facts, measure: Measure
) -> None:
    """A misspelt id makes every arm look as if it retrieved nothing."""
    here = measure()
    misspelt = replace(here, measured=replace(here.measured, unknown_documents=("leave.txt",)))
    lines = recommend(facts, misspelt, Settings()).would_change
    assert any("leave.txt is not among the documents" in line for line in lines)
    assert not any("not among" in line for line in recommend(facts, here, Settings()).would_change)


def test_questions_made_from_the_documents_are_pointed_out(facts: Facts, measure: Measure) -> None:
    """They are asked in the documents' own words, which searching finds better than people's."""
    here = measure()
    made = replace(here, measured=replace(here.measured, n_synthetic=12))
    lines = recommend(facts, made, Settings()).would_change
    assert any("12 of " in line and "made from the documents" in line for line in lines)
    assert not any(
        "made from the documents" in line for line in recommend(facts, here, Settings()).would_change
    )
