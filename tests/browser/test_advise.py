"""Advise: the tree, the costs, and questions for who has nothing yet."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.finished_comparison import version_desk
from tests.fixtures.studio import Studio, lay_out, picture, violations

Studios = Callable[..., Studio]


def test_the_tree_shows_its_evidence_and_the_way_it_took(
    tmp_path: Path, studios: Studios, page: Page
) -> None:
    version_desk(tmp_path / "desk")
    page.goto(studios(tmp_path / "desk").at("/advise"))

    nodes = page.locator("ol.cmp-tree > li")
    expect(nodes).to_have_count(3)
    expect(nodes.nth(0)).to_contain_text("254 examples")
    expect(nodes.nth(1)).to_contain_text("tuned minus few-shot")
    expect(nodes.nth(2)).to_contain_text("yes (taken)")
    expect(page.get_by_text("The decision tree suggests hybrid, and the measurements agree.")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("not on this machine")
    assert violations(page) == []
    picture(page, "advise")


def test_costs_follow_the_traffic(tmp_path: Path, studios: Studios, page: Page) -> None:
    version_desk(tmp_path / "desk")
    page.goto(studios(tmp_path / "desk").at("/advise"))
    first = page.locator("#costs tbody tr").first
    expect(first).to_contain_text("$0.06")

    page.get_by_label("Questions per month").press("End")

    expect(first).not_to_contain_text("$0.06")
    expect(page.get_by_text("Based on the assumptions above, not the settings.")).to_be_visible()
    first.get_by_text("lines").click()
    expect(first).to_contain_text("10,000,000 questions x")
    page.get_by_role("button", name="Reset to settings").click()
    expect(first).to_contain_text("$0.06")


def test_what_was_not_measured_is_never_shown_as_measured(
    tmp_path: Path, studios: Studios, page: Page
) -> None:
    version_desk(tmp_path / "desk", is_measured=False)
    page.goto(studios(tmp_path / "desk").at("/advise"))

    expect(page.get_by_text("provisional: not measured yet")).to_be_visible()
    expect(page.get_by_text("measured", exact=True)).to_have_count(0)
    expect(page.locator("#head")).to_contain_text("assumed:")
    expect(page.locator("#costs")).to_have_count(0)
    picture(page, "advise-unmeasured")
    assert violations(page) == []


def test_somebody_with_nothing_is_asked_by_keyboard_and_told_where_to_start(
    tmp_path: Path, studios: Studios, page: Page
) -> None:
    """Arrow keys choose, Enter goes on; the answer says how certain it is and how to be more certain."""
    studio = studios(lay_out(tmp_path / "new", pages={}))
    page.goto(studio.at("/advise"))
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("Question 1 of 7")).to_be_visible()
    assert violations(page) == []
    picture(page, "advise-ask")
    for number, choice in enumerate(
        ("Dozens", "More than 200", "Yes: all answers", "About once a month"), start=1
    ):
        expect(page.get_by_text(f"Question {number} of 7")).to_be_visible()
        box = page.get_by_role("radio", name=choice)
        box.focus()
        page.keyboard.press("Space")
        expect(box).to_be_checked()
        page.keyboard.press("Enter")
    for number in (5, 6, 7):
        expect(page.get_by_text(f"Question {number} of 7")).to_be_visible()
        expect(page.get_by_role("radio", name="I don't know")).to_be_focused()
        page.keyboard.press("Enter")

    expect(page.get_by_text("Start with hybrid")).to_be_visible()
    expect(page.get_by_text("provisional: not measured yet")).to_be_visible()
    expect(page.get_by_text("confidence: medium")).to_be_visible()
    expect(page.get_by_text("Measure it: Compare asks")).to_be_visible()
    assert violations(page) == []
    picture(page, "advise-answer")
    page.get_by_role("button", name="Change my answers").click()
    expect(page.get_by_role("radio", name="Dozens")).to_be_checked()


def test_it_looks_right_in_the_dark_and_on_a_phone(tmp_path: Path, studios: Studios, page: Page) -> None:
    version_desk(tmp_path / "desk")
    studio = studios(tmp_path / "desk")
    page.emulate_media(color_scheme="dark")
    page.goto(studio.at("/advise"))
    expect(page.get_by_text("The decision tree suggests hybrid")).to_be_visible()
    assert violations(page) == []
    picture(page, "advise-dark")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    picture(page, "advise-phone")
    page.goto(studio.at("/advise/ask"))
    expect(page.get_by_text("Question 1 of 7")).to_be_visible()
    assert violations(page) == []
    picture(page, "advise-ask-phone")
