"""Chat Studio, as people use it."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Studio, begin, file_of, lay_out, lorewright, picture, violations

LEAVE = "28 days of leave a year"
STRANGE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_an_answer_comes_with_the_passage_it_rests_on(studio: Studio, page: Page) -> None:
    """Who doubts an answer opens its source beside it, at the passage."""
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)

    page.get_by_role("group", name="Sources").get_by_role("button").first.click()

    side = page.get_by_role("complementary", name="Sources")
    expect(side.locator("mark")).to_contain_text("28 days of leave")
    expect(side).to_contain_text("leave.md")
    assert violations(page) == []
    picture(page, "chat-source")
    side.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="What was retrieved, and why").click()
    expect(side).to_contain_text("score")
    expect(side).to_contain_text("retrieve")
    assert violations(page) == []
    picture(page, "chat-retrieved")


def test_a_conversation_is_kept_found_and_opened_again(studio: Studio, page: Page) -> None:
    """Conversations live on the server: another page, another day."""
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    page.goto(studio.at("/chat"))
    page.get_by_label("Search in chats").fill("28 DAYS")

    page.get_by_role("navigation", name="Chats").get_by_role("link").click()

    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    page.reload()
    expect(page.get_by_role("article")).to_contain_text(LEAVE)


def test_several_arms_answer_side_by_side_and_blind(studio: Studio, page: Page) -> None:
    """Nobody votes for a name: names show after the vote."""
    page.goto(studio.at("/chat"))
    page.get_by_label("Who answers").click()
    page.get_by_role("option", name="handbook/base").click()
    page.keyboard.press("Escape")
    page.get_by_role("switch", name="Blind").click()
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("heading", name="Answer A")).to_be_visible()
    expect(page.get_by_role("heading", name="Answer B")).to_be_visible()
    expect(page.get_by_role("article")).to_contain_text("You said:")
    assert violations(page) == []
    picture(page, "chat-blind")

    page.get_by_role("button", name="This one is best").first.click()

    expect(page.get_by_text("your choice")).to_be_visible()
    expect(page.get_by_role("heading", name="handbook/base")).to_be_visible()


def test_an_edited_question_begins_a_branch(studio: Studio, page: Page) -> None:
    """What was asked before is a click away."""
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)

    page.get_by_role("button", name="Edit the question").click()
    page.get_by_label("Question", exact=True).fill("What may a hotel cost?")
    page.get_by_role("dialog").get_by_role("button", name="Ask").click()
    expect(page.get_by_role("article")).to_contain_text("120 euros")
    expect(page.get_by_text("2/2")).to_be_visible()
    page.get_by_role("button", name="The branch before").click()

    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    expect(page.get_by_text("1/2")).to_be_visible()


def test_a_correction_becomes_data(studio: Studio, page: Page) -> None:
    """What somebody knows better is not lost."""
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    page.get_by_role("button", name="Good answer").click()
    expect(page.get_by_text("It counts for this model")).to_be_visible()

    page.get_by_role("button", name="Correct it").click()
    page.get_by_label("The right answer").fill("28 days, and 5 more after ten years.")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_text("It became")).to_be_visible()
    written = [path.read_text() for path in studio.folder.glob("*/feedback*")]
    assert any("5 more after ten years" in text for text in written)


def test_a_dropped_file_is_asked_about(studio: Studio, page: Page) -> None:
    """A file that is not the domain's can be talked about at once."""
    page.goto(studio.at("/chat"))
    page.get_by_label("Who answers").click()
    page.get_by_role("option", name="parrot", exact=True).click()
    page.get_by_role("option", name="handbook/rag", exact=True).click()
    page.keyboard.press("Escape")
    content = b"# Parking\n\nThe garage closes at 22:30.\n"
    page.locator("input[type=file]").set_input_files(file_of("parking.md", content))
    expect(page.get_by_text("parking.md can be asked about.")).to_be_visible(timeout=60_000)

    ask(page, "The garage closes at what time?")

    expect(page.get_by_role("article")).to_contain_text("22:30", timeout=30_000)


def test_strange_words_stay_words(studio: Studio, page: Page) -> None:
    """Markup in questions, titles and folders is shown, never run."""
    page.goto(studio.at("/chat"))
    ask(page, STRANGE)
    expect(page.get_by_role("article")).to_contain_text(STRANGE)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Move to a folder").click()
    page.get_by_label("Folder (empty: none)").fill(STRANGE)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name=STRANGE, exact=True, level=2)).to_be_visible()


def test_a_chat_is_shared_to_read_and_not_any_more(
    tmp_path: Path, studios: Callable[..., Studio], page: Page, browser: Browser
) -> None:
    """A link shows it to colleagues until it is taken back."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Share").click()
    link = page.get_by_test_id("share-link").inner_text()

    other = browser.new_page()
    other.goto(link)
    expect(other.get_by_role("article")).to_contain_text(LEAVE)
    expect(other.get_by_label("Your question")).to_have_count(0)
    page.get_by_role("button", name="Stop sharing").click()
    expect(page.get_by_text("It is not shared any more.")).to_be_visible()
    other.reload()
    expect(other.get_by_text("not shared, or not any more")).to_be_visible()
    other.close()


def test_another_user_does_not_find_it(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    """A chat that is not there and somebody else's look the same."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")
    begin(studio, page)

    page.goto(studio.at("/chat/chat_of_somebody_else"))

    expect(page.get_by_text("No chat found")).to_be_visible()


def test_it_goes_out_as_markdown_and_json(studio: Studio, page: Page, tmp_path: Path) -> None:
    """An exported chat holds questions, answers and sources."""
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("group", name="Sources")).to_be_visible()
    for kind, suffix in (("Markdown", "md"), ("JSON", "json")):
        page.get_by_role("button", name="More", exact=True).click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=f"Export as {kind}").click()
        waiting.value.save_as(tmp_path / f"chat.{suffix}")

    assert LEAVE in (tmp_path / "chat.md").read_text()
    assert "leave.md" in (tmp_path / "chat.md").read_text()
    turns = json.loads((tmp_path / "chat.json").read_text())["turns"]
    assert turns[0]["answers"][0]["provenance"]["index_version"]


def test_it_is_for_phones_and_in_the_dark(studio: Studio, page: Page) -> None:
    """390 pixels, dark: everything is there and readable."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(studio.at("/chat"))
    ask(page, "How many days of leave do I have?")
    expect(page.get_by_role("article")).to_contain_text(LEAVE)
    expect(page.locator("body.body--dark")).to_be_visible()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "chat-phone-dark")
