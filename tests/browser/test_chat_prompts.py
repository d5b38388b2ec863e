"""Prompts that are kept, in the chat: written once, taken by name, their variables asked for."""

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio
from tests.fixtures.studio_chat import ask, checked

TEXT = "How many days of leave does {{person}} have in {{year}}?"


def keep(page: Page, name: str, text: str) -> None:
    """Write a prompt in the library."""
    page.get_by_role("button", name="Prompts").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="New prompt").click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Text").fill(text)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("button", name="New prompt")).to_be_visible()
    expect(dialog).to_contain_text(name)


def test_a_prompt_is_kept_and_taken_by_its_name_with_its_variables(studio: Studio, page: Page) -> None:
    """Who asks the same every month writes it once, and never sends a placeholder."""
    page.goto(studio.at("/chat"))
    keep(page, "leave", TEXT)
    checked(page, "chat-prompts")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    ask(page, "/leave")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("person").fill("Ada")
    dialog.get_by_role("button", name="Insert").click()
    expect(dialog).to_contain_text("Fill this in")
    checked(page, "chat-prompt-variables")
    dialog.get_by_label("year").fill("2027")
    dialog.get_by_label("year").press("Enter")

    field = page.get_by_label("Your question", exact=True)
    expect(field).to_have_value("How many days of leave does Ada have in 2027?")


def test_a_slash_alone_shows_the_library_and_a_click_inserts(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/chat"))
    keep(page, "hotel", "What may a hotel cost?")
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)

    ask(page, "/")
    page.get_by_role("dialog").get_by_role("button", name="hotel What may").click()

    expect(page.get_by_label("Your question", exact=True)).to_have_value("What may a hotel cost?")
