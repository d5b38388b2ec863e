"""A chat with the small default model: the documents' own words stand beside what it says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, lorewright, picture, violations
from tests.fixtures.studio_chat import ask, choose


@pytest.fixture
def usual(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio in which nobody chose a model."""
    folder = lay_out(tmp_path / "handbook", settings='[models]\nembedding = "hashing"\n')
    lorewright(folder, "add", "--sync")
    return studios(folder)


def test_the_documents_own_words_stand_above_a_small_models_text(usual: Studio, page: Page) -> None:
    """A wrong sentence beside the right page costs all trust: the page's words come first."""
    page.goto(usual.at("/chat"))
    choose(page, "rag", known="rag")
    ask(page, "How many days of leave does every employee have a year?")

    quotes = page.get_by_role("group", name="From your documents, word for word")
    expect(quotes).to_contain_text("Every employee has 28 days of leave a year.")
    expect(page.get_by_role("link", name="Choose one that fits this machine")).to_be_visible()
    quotes.get_by_role("button").first.click()
    expect(page.get_by_role("complementary", name="Sources")).to_contain_text("28 days")
    assert violations(page) == []
    picture(page, "chat-quotes")


def test_a_question_from_home_is_answered_from_the_documents(usual: Studio, page: Page) -> None:
    """The box says that it asks the documents: whoever answered last must not answer without them."""
    page.goto(usual.at("/chat"))
    choose(page, "base", known="base")
    ask(page, "Hello")
    expect(page.get_by_text("Answered without your documents")).to_be_visible()

    page.goto(usual.at("/chat?question=How many days of leave are there"))

    expect(page.get_by_text("Every employee has 28 days of leave a year.").first).to_be_visible()
    picture(page, "chat-from-home")


def test_a_refusal_says_that_no_passage_answers(studio: Studio, page: Page) -> None:
    """ "Not in the documents" is wrong where something near it is: the closest passages are shown."""
    page.goto(studio.at("/chat"))
    choose(page, "rag", known="rag")
    ask(page, "Who founded the travel by train?")

    expect(page.get_by_text("Passages found, but none answers this")).to_be_visible()
    closest = page.get_by_role("group", name="Closest passages")
    expect(closest).to_contain_text("Travel by train.")
    closest.get_by_role("button").first.click()
    expect(page.get_by_role("complementary", name="Sources")).to_contain_text("Travel by train.")
    assert violations(page) == []
    picture(page, "chat-refused")


def test_a_refusal_says_that_an_answer_was_withheld(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """A model that makes things up is not the same as documents that do not say."""
    folder = lay_out(tmp_path / "handbook")
    settings = folder / "lorewright.toml"
    settings.write_text(settings.read_text() + "[retrieval]\nmin_answerability = 0.0\n")
    lorewright(folder, "add", "--sync")
    page.goto(studios(folder).at("/chat"))
    choose(page, "rag", known="rag")
    ask(page, "Who founded the travel by train?")

    expect(page.get_by_text("Passages found, answer withheld: they do not support it")).to_be_visible()
