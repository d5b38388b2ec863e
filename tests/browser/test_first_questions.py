"""From documents alone to a comparison: questions written in the browser."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import SETTINGS, Studio, lay_out, looks_right, lorewright


def test_documents_alone_lead_to_questions_and_on_to_a_comparison(studio: Studio, page: Page) -> None:
    """Somebody with nothing but documents must get to a comparison without a file or a terminal."""
    page.goto(studio.at("/compare"))
    page.get_by_role("link", name="Write five questions").click()

    expect(page).to_have_url(studio.at("/data/questions/new"))
    page.get_by_label("Question 1", exact=True).fill("How many days of leave are there?")
    page.get_by_label("Correct answer 1").fill("28 days")
    page.get_by_label("Document with answer 1").click()
    page.get_by_role("option", name="leave.md").click()
    page.get_by_label("Question 2", exact=True).fill("Who founded the company?")
    page.get_by_role("checkbox").nth(1).click()
    page.get_by_role("button", name="Save questions").click()

    expect(page.get_by_text("2 questions saved.")).to_be_visible()
    rows = [
        json.loads(line) for line in (studio.folder / "questions" / "judged.jsonl").read_text().splitlines()
    ]
    assert [(row["targets"], row["document_ids"], row["answerable"]) for row in rows] == [
        (["28 days"], ["leave.md"], True),
        ([], [], False),
    ]
    page.get_by_role("link", name="New comparison").click()
    expect(page.get_by_text("2 questions from the questions folder")).to_be_visible()


def test_a_question_without_an_answer_says_so_and_loses_nothing(studio: Studio, page: Page) -> None:
    """A mistake in one of five questions must not cost the others, nor what was typed."""
    page.goto(studio.at("/data/questions/new"))
    page.get_by_label("Question 1", exact=True).fill("How many days of leave are there?")
    page.get_by_label("Question 2", exact=True).fill("How do we travel?")
    page.get_by_label("Correct answer 2").fill("By train")
    page.get_by_role("button", name="Save questions").click()

    expect(page.get_by_text("1 question saved.")).to_be_visible()
    expect(page.get_by_role("alert").first).to_contain_text("expected answer")
    expect(page.get_by_label("Question 1", exact=True)).to_have_value("How many days of leave are there?")
    looks_right(page, "data-write")


def test_home_leads_from_documents_to_the_first_questions(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """The next step of a domain with documents and no questions is to write some."""
    settings = SETTINGS.replace("file:/models/parrot.gguf", "openai:parrot@http://127.0.0.1:9/v1")
    folder = lay_out(tmp_path / "handbook", settings=settings)
    lorewright(folder, "add", "--sync")
    page.goto(studios(folder).at("/"))
    page.get_by_role("link", name="Write five questions").click()

    expect(page.get_by_label("Question 5", exact=True)).to_be_visible()


def test_questions_are_suggested_and_judged_by_keyboard(studio: Studio, page: Page) -> None:
    """A browser user with documents alone gets to questions without writing any."""
    page.goto(studio.at("/compare"))
    page.get_by_role("button", name="Suggest questions from the documents").click()
    expect(page).to_have_url(studio.at("/data/suggested"))
    page.get_by_role("button", name="Suggest", exact=True).click()

    first = page.get_by_role("article", name="Suggestion 1")
    expect(first).to_be_visible(timeout=60_000)
    looks_right(page, "data-suggested")
    page.keyboard.press("a")
    expect(page.get_by_text("1 accepted")).to_be_visible()
    page.keyboard.press("r")
    expect(page.get_by_text("Rejected.")).to_be_visible()
    page.get_by_role("link", name="New comparison").click()
    expect(page.get_by_text("1 question from the questions folder")).to_be_visible()


def test_examples_are_written_without_a_file(studio: Studio, page: Page) -> None:
    """Three examples are soon written, and say how answers should sound."""
    page.goto(studio.at("/data"))
    page.get_by_role("link", name="Write examples").first.click()
    page.get_by_label("Question 1", exact=True).fill("May I fly?")
    page.get_by_label("Answer 1").fill("Gladly by train!")
    page.get_by_role("button", name="Save examples").click()

    expect(page.get_by_text("1 example saved.")).to_be_visible()
    looks_right(page, "data-write-examples")
    row = json.loads((studio.folder / "examples" / "written.jsonl").read_text())
    assert [turn["content"] for turn in row["messages"]] == ["May I fly?", "Gladly by train!"]
