"""Answers of a chat belong to the server: pages follow them, and may come and go."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out

SLOWLY = "slowly " + " ".join(f"word{n}" for n in range(60))


@pytest.fixture
def bare(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio without documents: the model alone answers."""
    return studios(lay_out(tmp_path / "handbook", {}))


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question", exact=True).fill(question)
    page.keyboard.press("Enter")


def test_an_answer_grows_and_is_stopped_from_another_page(bare: Studio, page: Page) -> None:
    """Two pages of one conversation show the same; what was said is kept."""
    page.goto(bare.at("/chat"))
    ask(page, SLOWLY)
    turn = page.get_by_role("article")
    expect(turn).to_contain_text("said: slowly word0 word1")
    expect(turn.get_by_role("button", name="Copy")).to_have_count(0)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("article")).to_contain_text("word3")

    other.get_by_role("button", name="Stop", exact=True).click()

    for shown in (page, other):
        expect(shown.get_by_text("Stopped", exact=True)).to_be_visible()
        expect(shown.get_by_role("article")).to_contain_text("said: slowly word0")
        expect(shown.get_by_role("button", name="Send")).to_be_visible()
        expect(shown.get_by_role("button", name="Good answer")).to_have_count(0)
    said = page.locator(".chat-reply").inner_text()
    assert "word59" not in said
    other.close()


def test_a_question_asked_on_one_page_shows_on_the_others(bare: Studio, page: Page) -> None:
    """Also a branch that is taken there."""
    page.goto(bare.at("/chat"))
    ask(page, "One")
    expect(page.get_by_role("article")).to_contain_text("You said: One")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("article")).to_contain_text("You said: One")

    ask(other, "Two")

    expect(page.get_by_role("article").last).to_contain_text("You said: Two")
    other.close()


def test_a_reload_goes_on_where_the_answer_is(bare: Studio, page: Page) -> None:
    """The answer does not begin anew, and its end is not lost."""
    page.goto(bare.at("/chat"))
    ask(page, "slowly " + " ".join(f"word{n}" for n in range(25)))
    expect(page.get_by_role("article")).to_contain_text("word2")

    page.reload()

    expect(page.get_by_role("article")).to_contain_text("word24")
    expect(page.get_by_role("button", name="Copy")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)


def test_an_answer_whose_server_was_killed_says_so(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """And is asked for again with one click."""
    folder = lay_out(tmp_path / "handbook", {})
    studio = studios(folder)
    page.goto(studio.at("/chat"))
    ask(page, SLOWLY)
    expect(page.get_by_role("article")).to_contain_text("word2")
    address = page.url
    page.goto("about:blank")
    studio.process.kill()
    studio.process.wait()
    studios(folder, f"--port={urlsplit(studio.url).port}")

    page.goto(address)

    expect(page.get_by_text("Interrupted: the server was stopped.")).to_be_visible()
    page.get_by_role("button", name="Edit question").click()
    page.get_by_label("Edited question").fill("quick")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("You said: quick")


def test_a_new_chat_begins_while_another_is_answered(bare: Studio, page: Page) -> None:
    """Each conversation keeps its own pace."""
    page.goto(bare.at("/chat"))
    ask(page, SLOWLY)
    expect(page.get_by_role("article")).to_contain_text("word1")
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    ask(page, "Two")
    expect(page.get_by_role("article")).to_contain_text("You said: Two")

    page.get_by_role("navigation", name="Chats").get_by_role("link", name="slowly").click()

    expect(page.get_by_role("article")).to_contain_text("word5")
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.get_by_text("Stopped", exact=True)).to_be_visible()
