"""What every screen owes to those who do not see well, or use no pointer."""

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, violations


def test_a_notice_of_an_error_can_be_read_and_closed(studio: Studio, page: Page) -> None:
    """The button that closes a notice must be as readable as the notice itself."""
    page.goto(studio.at("/chat/none"))
    notice = page.locator(".q-notification")
    expect(notice.get_by_role("button", name="Close")).to_be_visible()

    assert violations(page) == []
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)


def test_a_tooltip_can_be_read(studio: Studio, page: Page) -> None:
    """What a sign means is told in a colour that can be read, by day and by night."""
    page.goto(studio.at("/chat"))
    page.locator("button[aria-label='Attach a file']").hover()
    expect(page.locator(".q-tooltip")).to_be_visible()

    assert violations(page) == []


def test_a_dialog_is_called_by_its_heading(studio: Studio, page: Page) -> None:
    """Whoever hears the page must hear which question a dialog asks."""
    page.goto(studio.at("/chat"))
    page.locator(".chat-who").click()

    expect(page.get_by_role("dialog", name="Choose models")).to_be_visible()


def test_a_page_has_one_main_part(studio: Studio, page: Page) -> None:
    """A reader that jumps to the main part lands on the content, not on the navigation."""
    page.goto(studio.at("/documents"))

    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("navigation", name="Main")).to_have_count(0)
