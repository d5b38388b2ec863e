"""What people preferred, on the page of comparisons: votes in chats, counted by model."""

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio
from tests.fixtures.studio_chat import QUESTION, answered, ask, checked, choose


def vote_for(page: Page, name: str) -> None:
    """Say that an answer is best, whose name is seen."""
    reply = page.get_by_role("article").last.locator(".chat-reply").filter(has_text=name)
    reply.get_by_role("button", name="Best answer").click()
    expect(reply.get_by_text("your vote", exact=True)).to_be_visible()


def test_votes_are_counted_beside_what_was_measured(studio: Studio, page: Page) -> None:
    """Only blind votes, or all of them; nothing is shown before the first one."""
    page.goto(studio.at("/compare"))
    expect(page.get_by_text("No held-out questions yet")).to_be_visible()
    expect(page.get_by_text("User preferences")).to_have_count(0)
    page.goto(studio.at("/chat"))
    choose(page, "rag", "parrot", "base")
    ask(page, QUESTION)
    answered(page)
    vote_for(page, "rag")
    page.get_by_role("button", name="New chat").click()
    choose(page, "rag", "parrot", is_blind=True)
    ask(page, QUESTION)
    turn = answered(page)
    turn.get_by_role("button", name="Best answer").first.click()
    expect(turn.get_by_text("your vote", exact=True)).to_be_visible()

    page.goto(studio.at("/compare"))

    expect(page.get_by_role("heading", name="User preferences")).to_be_visible()
    expect(page.get_by_text("2 votes from one person")).to_be_visible()
    table = page.get_by_role("region", name="User preferences")
    expect(table.get_by_role("row")).to_have_count(4)
    page.get_by_text("Pairwise", exact=True).click()
    expect(page.get_by_role("region", name="Pairwise").get_by_role("row")).not_to_have_count(0)
    checked(page, "compare-preferred")
    page.get_by_role("switch", name="Only blind votes").click()
    expect(page.get_by_text("1 vote from one person")).to_be_visible()
    expect(table.get_by_role("row")).to_have_count(3)
    page.set_viewport_size({"width": 390, "height": 844})
    checked(page, "compare-preferred-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
