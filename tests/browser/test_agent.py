"""The page of agents: a task, its steps, a call that waits, and the result."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, lorewright, picture, violations


def test_a_task_is_given_approved_and_answered(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Whoever gives a task sees what is done, has the last word on it, and can check the result."""
    folder = lay_out(
        tmp_path / "handbook", settings=f'{SETTINGS}\n[agent]\nmode = "plan"\napprove = ["ask"]\n'
    )
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/agent"))
    page.get_by_label("What is to be done?").fill("How many days of leave are there? What may a hotel cost?")
    page.get_by_role("button", name="Start").click()

    approve = page.get_by_role("button", name="Approve")
    expect(approve).to_have_count(2)
    assert violations(page) == []
    approve.first.click()
    expect(approve).to_have_count(1)
    approve.first.click()

    expect(page.get_by_text("done", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="travel.md")).to_be_visible()
    page.get_by_text("Asked the documents: What may a hotel cost?").click()
    expect(page.locator("pre", has_text="Answer of handbook/rag: Travel")).to_be_visible()
    picture(page, "agent-run")
    assert violations(page) == []


def test_a_step_opens_on_its_prompt_and_what_it_took(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Whoever doubts an answer reads what the model read, without leaving the page."""
    folder = lay_out(tmp_path / "handbook", settings=f'{SETTINGS}\n[agent]\nmode = "model"\n')
    studio = studios(folder)
    page.goto(studio.at("/agent"))
    page.get_by_label("What is to be done?").fill("Say it once.")
    page.get_by_role("button", name="Start").click()

    expect(page.get_by_text("done", exact=True)).to_be_visible()
    step = page.get_by_text(re.compile(r"^parrot · .* in, .* out · .*\$"))
    step.click()
    expect(page.get_by_role("heading", name="Prompt, as it was sent")).to_be_visible()
    expect(page.locator("pre", has_text="You work on a task with tools.")).to_contain_text(
        "user:\nSay it once."
    )
    expect(page.locator("pre", has_text="You said: Say it once.")).to_be_visible()
    expect(page.get_by_role("heading", name="Tools that were offered")).to_be_visible()
    assert violations(page) == []


def test_a_task_to_begin_with_is_one_click_away(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Nobody who has never given a task to an agent sits before an empty box."""
    folder = lay_out(tmp_path / "handbook", settings=f'{SETTINGS}\n[agent]\nmode = "plan"\n')
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/agent"))
    examples = page.get_by_role("group", name="Examples")
    expect(examples.get_by_role("button").first).to_contain_text("“Leave”")
    examples.get_by_role("button").first.click()
    box = page.get_by_label("What is to be done?")
    expect(box).to_have_value(re.compile("“Leave”.*“Travel”"))
    expect(box).to_be_focused()
    assert violations(page) == []

    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("heading", name="Answer")).to_be_visible()
    plan = page.get_by_role("main").get_by_role("listitem").filter(has_text="Look up")
    expect(plan.first).to_contain_text("done:")
    assert violations(page) == []
