"""The list of what people asked, gone through with the keyboard."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, looks_right, lorewright, violations


@pytest.fixture
def asked(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio that was asked three questions, one of which it refused."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    for model, question in (
        ("handbook/rag", "How many days of leave?"),
        ("handbook/rag", "Which planet is the largest?"),
        ("parrot", "Hello there"),
    ):
        body = {"model": model, "messages": [{"role": "user", "content": question}]}
        assert httpx2.post(f"{studio.url}/v1/chat/completions", json=body, timeout=60).status_code == 200
    return studio


def test_nobody_has_asked_yet(studio: Studio, page: Page) -> None:
    """An empty list says where questions come from."""
    page.goto(studio.at("/asked"))

    expect(page.get_by_text("Nobody has asked yet")).to_be_visible()
    assert violations(page) == []


def test_a_question_becomes_data_with_one_key(asked: Studio, page: Page) -> None:
    """Going through a week of questions must take minutes: next, example, next, question."""
    page.goto(asked.at("/asked"))
    expect(page.get_by_role("article")).to_have_count(3)
    looks_right(page, "asked")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("article", name="Question 3")).to_have_attribute("aria-current", "true")
    page.keyboard.press("q")

    expect(page.get_by_text("Added to the held-out questions.")).to_be_visible()
    row = json.loads((asked.folder / "questions" / "feedback.jsonl").read_text())
    assert row["targets"] == ["Every employee has 28 days of leave a year."]
    expect(page.get_by_role("article", name="Question 3")).to_contain_text("held-out question")


def test_a_refusal_is_answered_before_it_becomes_data(asked: Studio, page: Page) -> None:
    """Nobody teaches a refusal by a slip of the finger."""
    page.goto(asked.at("/asked"))
    page.get_by_role("button", name="Refused").click()
    expect(page.get_by_role("article")).to_have_count(1)

    page.keyboard.press("e")
    dialog = page.get_by_role("dialog", name="Correct answer")
    dialog.get_by_label("Correct answer").fill("Jupiter.")
    assert violations(page) == []
    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Added to the examples.")).to_be_visible()
    row = json.loads((asked.folder / "examples" / "feedback.jsonl").read_text())
    assert row["messages"][-1]["content"] == "Jupiter."
