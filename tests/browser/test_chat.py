"""Chat Studio, as people use it: asked, cited, branched, kept, shared, several side by side."""

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from tests.fixtures.studio import Studio, begin, lay_out, lorewright, picture, violations
from tests.fixtures.studio_chat import LEAVE, QUESTION, answered, ask, checked, choose, rest

STRANGE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_an_answer_comes_with_the_passage_it_rests_on(studio: Studio, page: Page) -> None:
    """Who doubts an answer opens its source beside it, and sees what else was found."""
    page.goto(studio.at("/chat"))
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    checked(page, "chat-new")
    ask(page, QUESTION)
    turn = answered(page)

    turn.get_by_role("group", name="Sources").get_by_role("button").first.click()

    side = page.get_by_role("complementary", name="Sources")
    expect(side.locator("mark")).to_contain_text("28 days of leave")
    expect(side).to_contain_text("leave.md")
    checked(page, "chat-source")
    page.keyboard.press("Escape")
    expect(side).to_have_count(0)
    turn.get_by_role("button", name="Trace of this answer").click()
    expect(side).to_contain_text("fused")
    expect(side).to_contain_text("2 chunks reached the prompt")
    expect(side.get_by_text("retrieve", exact=True)).to_be_visible()
    side.get_by_text("Prompt, as it was sent", exact=True).click()
    expect(side.locator("pre")).to_contain_text(f"Question: {QUESTION}")
    checked(page, "chat-retrieved")


def test_a_number_in_the_text_opens_its_source(studio: Studio, page: Page) -> None:
    """By keyboard, too."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)

    answered(page).get_by_role("button", name="Source 1: Leave").focus()
    page.keyboard.press("Enter")

    side = page.get_by_role("complementary", name="Sources")
    expect(side.locator("mark")).to_contain_text("28 days of leave")
    expect(side.get_by_role("button", name="Close")).to_be_focused()


def test_a_conversation_is_kept_found_and_opened_again(studio: Studio, page: Page) -> None:
    """Conversations live on the server: another page, another day."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    answered(page)
    page.reload()
    answered(page)
    page.goto(studio.at("/chat"))
    page.get_by_label("Search chats").fill("no such words")
    chats = page.get_by_role("navigation", name="Chats")
    expect(chats).to_contain_text("No matching chats.")
    page.get_by_label("Search chats").fill("28 DAYS")

    found = chats.get_by_role("link")
    expect(found).to_contain_text(LEAVE)
    found.click()

    answered(page)
    expect(found).to_have_attribute("aria-current", "page")


def test_the_chat_answers_a_question_from_elsewhere_once(studio: Studio, page: Page) -> None:
    """The field on the home page leads here; a reload does not ask again."""
    page.goto(studio.at(f"/chat?question={QUESTION}"))
    answered(page)
    page.reload()
    answered(page)
    expect(page.get_by_role("article")).to_have_count(1)


def test_several_arms_answer_side_by_side_and_blind(studio: Studio, page: Page) -> None:
    """Nobody votes for a name: names show after the vote."""
    page.goto(studio.at("/chat"))
    choose(page, "base", "rag", "parrot", is_blind=True)
    expect(page.get_by_text("3 models answer side by side")).to_be_visible()
    ask(page, QUESTION)
    turn = answered(page)
    for letter in "ABC":
        expect(turn.get_by_role("heading", name=f"Answer {letter}")).to_be_visible()
    expect(turn.get_by_role("button", name="Best answer")).to_have_count(3)
    assert "parrot" not in turn.inner_html()
    expect(turn.get_by_role("button", name="Trace of this answer")).to_have_count(0)
    checked(page, "chat-blind")

    turn.get_by_role("button", name="Best answer").first.click()

    expect(turn.get_by_text("your vote", exact=True)).to_be_visible()
    for name in ("base", "rag", "parrot"):
        expect(turn.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(turn.get_by_role("button", name="Best answer")).to_have_count(2)


def test_nobody_has_to_find_one_better(studio: Studio, page: Page) -> None:
    """A vote for none counts as well."""
    page.goto(studio.at("/chat"))
    choose(page, "base", "parrot")
    ask(page, "Hello")
    turn = answered(page, "You said: Hello")

    turn.get_by_role("button", name="No preference").click()

    expect(turn.get_by_text("You had no preference")).to_be_visible()


def test_nobody_is_left_to_answer(studio: Studio, page: Page) -> None:
    """The choice says what is missing, and stays open."""
    page.goto(studio.at("/chat"))
    page.get_by_role("button", name="Models:").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", checked=True).click()

    dialog.get_by_role("button", name="Apply").click()

    expect(dialog).to_contain_text("Choose at least one model")
    dialog.get_by_role("checkbox", name="rag", exact=True).click()
    checked(page, "chat-choose")


def test_a_model_answers_from_a_collection(studio: Studio, page: Page) -> None:
    """A model that searches nothing by itself is given a collection."""
    page.goto(studio.at("/chat"))
    page.get_by_role("button", name="Models:").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", checked=True).click()
    dialog.get_by_role("checkbox", name="parrot", exact=True).click()
    dialog.get_by_role("checkbox", name="handbook", exact=True).click()
    dialog.get_by_role("button", name="Apply").click()
    expect(dialog).to_have_count(0)
    ask(page, QUESTION)

    expect(answered(page).get_by_role("group", name="Sources")).to_be_visible()


def test_an_edited_question_begins_a_branch(studio: Studio, page: Page) -> None:
    """What was asked before is a click away."""
    page.goto(studio.at("/chat"))
    choose(page, "parrot")
    ask(page, "One")
    answered(page, "You said: One")
    page.get_by_role("button", name="Edit question").click()
    page.get_by_label("Edited question").fill("Two")
    page.keyboard.press("Enter")
    turn = answered(page, "You said: Two")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(turn.get_by_text("2/2")).to_be_visible()

    turn.get_by_role("button", name="Previous branch").click()

    turn = answered(page, "You said: One")
    expect(turn.get_by_text("1/2")).to_be_visible()
    turn.get_by_role("button", name="Regenerate").click()
    expect(page.get_by_text("3/3")).to_be_visible()
    page.get_by_role("button", name="Edit question").click()
    expect(page.get_by_label("Edited question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Edited question")).to_have_count(0)


def test_a_correction_becomes_data(studio: Studio, page: Page) -> None:
    """What somebody knows better is not lost."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    turn = answered(page)
    turn.get_by_role("button", name="Good answer").click()
    expect(page.get_by_text("Thank you for your feedback")).to_be_visible()
    expect(turn.get_by_role("button", name="Good answer")).to_have_attribute("aria-pressed", "true")

    turn.get_by_role("button", name="Correct this answer").click()
    page.get_by_role("textbox", name="Correct answer").fill("28 days, and 5 more after ten years.")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved as")).to_be_visible()
    written = [path.read_text() for path in studio.folder.glob("*/feedback*")]
    assert any("5 more after ten years" in text for text in written)


def test_strange_words_stay_words(studio: Studio, page: Page) -> None:
    """Markup in questions, answers, titles and folders is shown, never run."""
    page.goto(studio.at("/chat"))
    choose(page, "parrot")
    ask(page, STRANGE)
    answered(page, f"You said: {STRANGE}")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_label("Title").fill(f"{STRANGE} title")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    chats = page.get_by_role("navigation", name="Chats")
    expect(chats.get_by_role("link", name=f"{STRANGE} title")).to_be_visible()
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Move to folder").click()
    page.get_by_label("Folder (leave empty for none)").fill("<b>Legal</b>")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(chats.get_by_role("heading", name="<b>Legal</b>")).to_be_visible()
    checked(page, "chat-folders")


def test_a_chat_is_deleted_for_good(studio: Studio, page: Page) -> None:
    """After a question whether that is meant."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    answered(page)
    address = page.url
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()

    page.goto(address)

    expect(page.get_by_text("Chat not found.")).to_be_visible()


def test_it_goes_out_as_markdown_and_json(studio: Studio, page: Page, tmp_path: Path) -> None:
    """An exported chat holds questions, answers and sources."""
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    answered(page)
    for kind, suffix in (("Markdown", "md"), ("JSON", "json")):
        page.get_by_role("button", name="More", exact=True).click()
        with page.expect_download() as waiting:
            page.get_by_role("menuitem", name=f"Export as {kind}").click()
        waiting.value.save_as(tmp_path / f"chat.{suffix}")

    assert LEAVE in (tmp_path / "chat.md").read_text()
    assert "leave.md" in (tmp_path / "chat.md").read_text()
    turns = json.loads((tmp_path / "chat.json").read_text())["turns"]
    assert turns[0]["answers"][0]["citations"][0]["document_id"] == "leave.md"


def test_a_chat_is_shared_to_read_and_not_any_more(
    tmp_path: Path, studios: Callable[..., Studio], page: Page, browser: Browser
) -> None:
    """A link shows it to colleagues, live, until it is taken back; nobody else's chat is found without."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder, "--keys")
    begin(studio, page)
    page.goto(studio.at("/chat/chat_of_somebody_else"))
    expect(page.get_by_text("Chat not found.")).to_be_visible()
    page.goto(studio.at("/chat"))
    ask(page, QUESTION)
    answered(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("menuitem", name="Share").click()
    link = page.get_by_test_id("share-link").inner_text()

    reader = page.context.new_page()
    reader.goto(link)
    answered(reader)
    expect(reader.get_by_label("Your question", exact=True)).to_have_count(0)
    assert violations(reader) == []
    stranger = browser.new_page()
    stranger.goto(link)
    expect(stranger.get_by_label("Password", exact=True)).to_be_visible()
    stranger.close()
    page.get_by_role("button", name="Stop sharing").click()
    expect(page.get_by_text("Sharing stopped.")).to_be_visible()
    reader.reload()

    expect(reader.get_by_text("not shared or is no longer shared").first).to_be_visible()


def test_it_is_for_phones_and_in_the_dark(studio: Studio, page: Page) -> None:
    """390 pixels: everything is there and readable."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.emulate_media(color_scheme="dark")
    page.goto(studio.at("/chat"))
    choose(page, "rag", "parrot")
    ask(page, QUESTION)
    turn = answered(page)
    rest(page)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    picture(page, "chat-phone")
    page.get_by_role("button", name="Show chats").click()
    expect(page.get_by_role("navigation", name="Chats")).to_be_visible()
    rest(page)
    assert violations(page) == []
    picture(page, "chat-phone-list")
    page.get_by_role("button", name="Hide chats").click()

    turn.get_by_role("group", name="Sources").get_by_role("button").first.click()

    expect(page.get_by_role("complementary", name="Sources").locator("mark")).to_contain_text("28 days")
    picture(page, "chat-phone-source")
