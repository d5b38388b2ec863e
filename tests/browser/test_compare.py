"""Lab, compare: the page everybody came for, from choosing questions to sharing the verdict."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.finished_comparison import made, save, version_desk
from tests.fixtures.studio import Studio, lay_out, lorewright, picture, violations

from lorewright.workspace.comparisons.bundled import measured_file
from lorewright.workspace.domain.templates import VERSION_DESK

STRANGE = "<img src=x onerror=alert(1)>"
Studios = Callable[..., Studio]


@pytest.fixture
def desk(tmp_path: Path, studios: Studios) -> tuple[Studio, str]:
    """The version desk with the comparison that comes with it."""
    comparison_id = version_desk(tmp_path / "desk")
    return studios(tmp_path / "desk"), comparison_id


@pytest.fixture
def opened(desk: tuple[Studio, str], page: Page) -> Page:
    """Its page."""
    studio, comparison_id = desk
    page.goto(studio.at(f"/compare/{comparison_id}"))
    expect(page.get_by_role("heading", name="All questions and answers")).to_be_visible()
    return page


def open_tab(page: Page, name: str) -> None:
    """Open one of the parts behind tabs."""
    page.get_by_role("tab", name=name).click()
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def test_the_finished_comparison_is_one_click_away(tmp_path: Path, studios: Studios, page: Page) -> None:
    """A version desk that was never measured shows what was measured before shipping, and says so."""
    version_desk(tmp_path / "desk", is_measured=False)
    page.goto(studios(tmp_path / "desk").at("/compare"))
    expect(page.get_by_text("No comparisons yet")).to_be_visible()
    picture(page, "compare-empty")

    page.get_by_role("button", name="Open precomputed comparison").click()

    expect(page.get_by_role("note")).to_contain_text("not on this machine")
    expect(page.locator("#verdict")).to_contain_text("Use hybrid")
    expect(page.locator("#verdict")).to_contain_text("not measured here")
    expect(page.locator("#verdict").get_by_text("measured", exact=True)).to_have_count(0)


REPORTS = {report["arm"]: report for report in measured_file(VERSION_DESK)["comparison"]["reports"]}
"""What the version desk's own comparison holds of each arm: it is measured anew now and then."""


def failures_of(arm: str) -> list[str]:
    """Return how each answer of an arm failed there, '' where it is right."""
    return [row["failure"] for row in REPORTS[arm]["rows"]]


def n_right_and_wrong(right: str, wrong: str) -> int:
    """Return how many questions one arm answered rightly there and another one wrongly."""
    is_right = {row["question_id"]: row["is_right"] for row in REPORTS[wrong]["rows"]}
    return sum(row["is_right"] and not is_right[row["question_id"]] for row in REPORTS[right]["rows"])


def test_the_verdict_stands_on_top_and_every_arm_below_with_its_interval(opened: Page) -> None:
    verdict = opened.locator("#verdict")
    expect(verdict).to_contain_text("Use hybrid")
    expect(verdict).to_contain_text("measurably better than base")
    first = opened.locator("#arms tbody tr").first
    expect(first).to_contain_text("hybrid")
    right = REPORTS["hybrid"]["metrics"]["correctness"]
    expect(first).to_contain_text(f"{right['mean']:.0%}")
    expect(first).to_contain_text(f"{100 * right['low']:.0f} to {100 * right['high']:.0f}")
    expect(opened.locator("#arms tbody tr")).to_have_count(len(REPORTS))
    open_tab(opened, "Plots")
    expect(opened.get_by_role("img", name="Correctness vs. cost")).to_have_count(1)
    open_tab(opened, "Head to head")
    expect(opened.locator("#head tbody tr")).to_have_count(8)
    open_tab(opened, "When a fact changes")
    expect(opened.locator("#drill")).to_contain_text("Still the old fact")


def test_hybrid_right_and_rag_wrong_is_one_press(opened: Page) -> None:
    opened.get_by_role("button", name="hybrid correct, rag wrong").click()

    rows, n = opened.locator("#questions .cmp-ask"), n_right_and_wrong("hybrid", "rag")
    assert n > 1
    expect(opened.locator("#questions").get_by_role("status")).to_have_text(f"{n} questions")
    expect(rows).to_have_count(n)


def test_all_answers_stand_side_by_side_with_what_was_retrieved(opened: Page) -> None:
    opened.get_by_role("button", name="hybrid correct, rag wrong").click()
    expect(opened.locator("#questions .cmp-ask")).to_have_count(n_right_and_wrong("hybrid", "rag"))
    opened.locator("#questions .cmp-ask").first.press("Enter")

    hybrid = opened.get_by_role("article", name="Answer of hybrid", exact=True)
    expect(opened.get_by_role("article")).to_have_count(len(REPORTS))
    expect(hybrid).to_contain_text("correct")
    hybrid.get_by_text("Trace of this answer").click()
    hybrid.get_by_text("Prompt, as it was sent").click()
    expect(hybrid.locator("pre")).to_contain_text("system:")
    expect(hybrid).to_contain_text("fused")
    hybrid.get_by_text("Scores", exact=True).click()
    expect(hybrid.get_by_role("row", name="correctness 1.00", exact=True)).to_be_visible()


def test_the_address_says_which_part_is_open(opened: Page) -> None:
    """Whoever sends the address of what went wrong sends that, not the top of the page."""
    open_tab(opened, "Failures")
    opened.wait_for_url("**?tab=failures")
    opened.reload()

    expect(opened.get_by_role("heading", name="Failures")).to_be_visible()
    expect(opened.locator("#questions")).to_have_count(0)


def test_a_verdict_of_not_good_enough_leads_to_what_went_wrong(
    tmp_path: Path, studios: Studios, page: Page
) -> None:
    """Deploying to everybody must not be the first thing offered for what is not good enough."""
    folder = lay_out(tmp_path / "handbook")
    save(folder, made({"rag": lambda n: n < 3, "base": lambda n: n < 2}, 40))
    page.goto(studios(folder).at("/compare/made"))
    expect(page.locator("#verdict")).to_contain_text("not good enough yet")

    page.get_by_role("button", name="See what went wrong").click()
    expect(page.get_by_role("heading", name="Failures")).to_be_visible()
    page.get_by_role("button", name="Deploy").first.click()
    expect(page.get_by_role("radio", name="None; answers")).to_be_checked()
    page.get_by_label("Answers with an unsupported claim, at most (%)").fill("0")
    expect(page.get_by_role("dialog").get_by_role("status")).not_to_have_text("No bar.")


def test_a_cause_leads_to_its_answers(opened: Page) -> None:
    n = failures_of("rag").count("over-refused")
    assert n > 1
    open_tab(opened, "Failures")
    opened.get_by_role("button", name=f"{n} answers of rag: over-refused").click()

    expect(opened.locator("#questions").get_by_role("status")).to_have_text(
        f"{n} questions · rag: over-refused"
    )


def test_arms_and_words_narrow_the_questions_down(opened: Page) -> None:
    n_right, n_all = failures_of("tuned").count(""), len(failures_of("tuned"))
    by_arm = opened.get_by_role("group", name="By arm")
    by_arm.get_by_role("button", name="tuned", exact=True).click()
    expect(by_arm.get_by_role("button", name="tuned ✓ correct")).to_have_attribute("aria-pressed", "true")
    status = opened.locator("#questions").get_by_role("status")
    expect(status).to_have_text(f"{n_right} questions")
    by_arm.get_by_role("button", name="tuned ✓ correct").click()
    expect(status).to_have_text(f"{n_all - n_right} questions")
    opened.get_by_label("Search").fill("rancher")
    expect(status).to_have_text("2 questions")
    opened.get_by_label("Search").fill("nothing has this")
    expect(opened.get_by_text("Remove a filter")).to_be_visible()


def test_moving_a_slider_reckons_anew_and_can_be_kept(desk: tuple[Studio, str], opened: Page) -> None:
    what_if = opened.locator("#what-if")
    expect(what_if.get_by_role("status")).to_contain_text("as in settings")
    slider = what_if.get_by_label("Questions per month")
    slider.press("End")

    expect(what_if.get_by_role("status")).to_contain_text("same recommendation")
    expect(what_if.locator(".cmp-knob-value").first).to_have_text("10,000,000")
    open_tab(opened, "Plots")
    expect(opened.locator("#plots")).to_contain_text("Based on the assumptions above.")
    opened.get_by_role("button", name="Save to settings").click()
    expect(opened.get_by_text("Saved. All calculations use these values")).to_be_visible()
    expect(opened.locator("#verdict")).to_contain_text("at 10,000,000 questions")
    assert "questions_per_month = 10000000" in (desk[0].folder / "lorewright.toml").read_text()
    assert "# 38 of 42 pages" in (desk[0].folder / "lorewright.toml").read_text()


def test_priorities_move_the_sliders_and_say_what_each_would_recommend(opened: Page) -> None:
    """A compliance office and a support desk need not have the same arm."""
    what_if = opened.locator("#what-if")
    expect(what_if).to_contain_text("Support desk: waiting counts: ")
    what_if.get_by_label("Priorities").click()
    opened.get_by_role("option", name="Compliance: unsupported claims weigh most").click()
    outweighs = what_if.get_by_label("Correct answers that an unsupported claim outweighs")
    expect(outweighs).to_have_attribute("aria-valuetext", "2")
    expect(what_if.get_by_role("status")).to_contain_text("recommendation")
    what_if.get_by_role("button", name="Reset to settings").click()
    expect(outweighs).to_have_attribute("aria-valuetext", "0")


def test_it_says_where_the_verdict_tips(tmp_path: Path, studios: Studios, page: Page) -> None:
    folder = lay_out(tmp_path / "handbook")
    close = {"rag": lambda n: n % 5 != 0, "base": lambda n: n % 5 != 1}
    save(folder, made(close, 40))
    page.goto(studios(folder).at("/compare/made"))

    expect(page.locator("#what-if")).to_contain_text("Tipping points")
    expect(page.locator("#verdict")).to_contain_text("no measurable difference")


def test_it_is_shared_as_one_file(opened: Page) -> None:
    opened.get_by_role("button", name="Share").click()
    with opened.expect_download() as download:
        opened.get_by_role("link", name="As one HTML page").click()
    text = Path(download.value.path()).read_text()
    assert "not on this machine" in " ".join(text.split())
    assert "<script" not in text

    opened.get_by_role("button", name="Share").click()
    with opened.expect_download() as download:
        opened.get_by_role("link", name="As JSON").click()
    assert json.loads(Path(download.value.path()).read_text())["comparison"]["recommended_arm"] == "hybrid"


def test_an_arm_is_deployed_only_over_its_bar(desk: tuple[Studio, str], opened: Page) -> None:
    opened.locator("#arms").get_by_role("button", name="Deploy base").click()
    dialog = opened.get_by_role("dialog")
    dialog.get_by_label("Model name for clients").fill("desk-base")
    dialog.get_by_label("Correct answers, at least (%)").fill("50")
    expect(dialog.get_by_role("status")).to_contain_text("does not meet the bar")
    assert violations(opened) == []
    picture(opened, "compare-deploy")
    dialog.get_by_role("button", name="Deploy").click()
    expect(opened.get_by_role("alert").first).to_contain_text("does not meet the bar")
    dialog.get_by_label("Correct answers, at least (%)").fill("")
    expect(dialog.get_by_role("status")).to_contain_text("No bar")
    dialog.get_by_role("button", name="Deploy").click()

    expect(opened).to_have_url(desk[0].at("/deployments/desk-base"))


def test_a_comparison_is_chosen_and_its_failure_told_while_it_is_watched(
    tmp_path: Path, studios: Studios, page: Page
) -> None:
    """The job cannot open its model: the page says so, and offers to go on."""
    folder = lay_out(tmp_path / "handbook")
    (folder / "questions").mkdir()
    rows = [{"id": f"q{n}", "question": f"How much leave, {n}?", "answers": ["28 days"]} for n in range(3)]
    (folder / "questions" / "held-out.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/compare/new"))
    expect(page.get_by_text("3 questions from the questions folder")).to_be_visible()
    expect(page.get_by_role("checkbox", name="hybrid").last).to_be_disabled()
    expect(page.get_by_text("tuning needs 50 examples").first).to_be_visible()
    picture(page, "compare-new")
    assert violations(page) == []

    page.get_by_role("checkbox", name="base the base model alone").uncheck()
    page.get_by_role("checkbox", name="quote").first.uncheck()
    expect(page.get_by_text("3 answers")).to_be_visible()
    page.get_by_role("button", name="Start comparison").click()

    expect(page.get_by_role("heading", name="Measuring")).to_be_visible()
    expect(page.get_by_role("button", name="Resume")).to_be_visible(timeout=60_000)
    expect(page.locator(".lw-error").first).to_contain_text("parrot")
    assert violations(page) == []


def test_five_thousand_questions_stay_usable(tmp_path: Path, studios: Studios, page: Page) -> None:
    folder = lay_out(tmp_path / "handbook")
    save(folder, made({"rag": lambda n: n % 3 == 0, "hybrid": lambda n: n % 3 != 1}, 5000))
    studio = studios(folder)
    page.goto(studio.at("/compare/made"))
    questions = page.locator("#questions")
    expect(questions.get_by_role("status")).to_have_text("5000 questions", timeout=40_000)
    expect(questions.locator(".cmp-ask")).to_have_count(25)

    questions.get_by_role("button", name="Last page").click()
    expect(questions).to_contain_text("Question number 4999?")
    questions.get_by_label("Tag").click()
    page.get_by_role("option", name="odd").click()
    expect(questions.get_by_role("status")).to_have_text("2500 questions")


def test_what_models_and_people_wrote_stays_text(tmp_path: Path, studios: Studios, page: Page) -> None:
    folder = lay_out(tmp_path / "handbook")
    strange = made(
        {STRANGE: lambda n: n >= 0, "rag": lambda n: n < 0},
        3,
        question=STRANGE,
        text=STRANGE,
        targets=(STRANGE,),
    )
    save(folder, strange)
    page.on("dialog", lambda _: pytest.fail("a script ran"))
    page.goto(studios(folder).at("/compare/made"))

    page.locator("#questions .cmp-ask").first.click()
    expect(page.get_by_role("article").first).to_contain_text(STRANGE)
    open_tab(page, "Plots")
    expect(page.locator("#plots text").get_by_text(STRANGE).first).to_be_attached()
    assert page.locator("img[src=x]").count() == 0


def test_two_comparisons_lie_side_by_side(tmp_path: Path, studios: Studios, page: Page) -> None:
    folder = lay_out(tmp_path / "handbook")
    save(folder, made({"rag": lambda n: n < 10}, 40, name="before", at=1.7e9))
    save(folder, made({"rag": lambda n: n < 35}, 40, name="now", at=1.8e9))
    studio = studios(folder)
    page.goto(studio.at("/compare"))
    expect(page.get_by_role("checkbox")).to_have_count(2)
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()

    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="rag").first
    expect(row).to_contain_text("better")
    expect(row).to_contain_text("+0.62")
    assert violations(page) == []
    picture(page, "compare-against")


def test_a_comparison_is_named_and_removed(tmp_path: Path, studios: Studios, page: Page) -> None:
    folder = lay_out(tmp_path / "handbook")
    save(folder, made({"rag": lambda n: n < 10}, 20))
    studio = studios(folder)
    page.goto(studio.at("/compare/made"))
    page.get_by_role("button", name="More").click()
    page.get_by_text("Rename…").click()
    page.get_by_role("dialog").get_by_label("Name").fill(STRANGE)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(STRANGE)

    page.get_by_role("button", name="More").click()
    page.get_by_role("menu").get_by_text("Remove", exact=True).click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("No held-out questions yet")).to_be_visible()


def test_it_looks_right_in_light_and_dark_and_on_a_phone(desk: tuple[Studio, str], opened: Page) -> None:
    studio, _ = desk
    opened.locator("#questions .cmp-ask").nth(2).click()
    expect(opened.get_by_role("article")).to_have_count(len(REPORTS))
    assert violations(opened) == []
    picture(opened, "compare")
    opened.emulate_media(color_scheme="dark")
    expect(opened.locator("body.body--dark")).to_be_attached()
    assert violations(opened) == []
    picture(opened, "compare-dark")
    opened.set_viewport_size({"width": 390, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(opened) == []
    picture(opened, "compare-phone")
    opened.goto(studio.at("/compare"))
    expect(opened.get_by_text("Recommended: hybrid")).to_be_visible()
    assert violations(opened) == []
    picture(opened, "compare-list-phone")
