"""What every screen owes to those who do not see well, or use no pointer."""

from playwright.sync_api import Browser, Page, expect
from tests.fixtures.studio import Studio, picture, violations


def test_a_notice_of_an_error_can_be_read_and_closed(studio: Studio, page: Page) -> None:
    """The button that closes a notice must be as readable as the notice itself."""
    page.goto(studio.at("/models"))
    page.get_by_label("Model source").fill("smollm2")
    page.get_by_role("button", name="Add", exact=True).click()
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


def test_a_menu_is_one_for_those_who_hear_it(studio: Studio, page: Page) -> None:
    """Its entries are entries, with their place among them: else a reader hears a heap of buttons."""
    page.goto(studio.at("/documents"))
    page.get_by_role("button", name="Domain:").first.click()

    expect(page.get_by_role("menuitem", name="New domain")).to_be_visible()
    assert violations(page) == []


def test_a_page_has_one_main_part(studio: Studio, page: Page) -> None:
    """A reader that jumps to the main part lands on the content, not on the navigation."""
    page.goto(studio.at("/documents"))

    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("navigation", name="Main")).to_have_count(0)


def test_what_scrolls_is_reached_by_the_keyboard(studio: Studio, page: Page) -> None:
    """Without a mouse, the rest of a wide table must not be out of reach."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(studio.at("/settings/audit"))
    region = page.get_by_role("region").first
    expect(region).to_be_visible()

    region.focus()

    expect(region).to_be_focused()
    assert violations(page) == []


def test_closing_a_dialog_gives_the_focus_back(studio: Studio, page: Page) -> None:
    """Whoever opens a dialog by the keyboard goes on from where they were."""
    page.goto(studio.at("/documents"))
    button = page.get_by_role("button", name="Sync")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Sync with the documents folder")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(button).to_be_focused()


def test_a_page_on_its_way_shows_its_outline(studio: Studio, browser: Browser) -> None:
    """A first page that stays empty for seconds looks broken; the outline needs no script."""
    page = browser.new_page()
    page.route("**/_nicegui/**/nicegui.js", lambda route: route.abort())
    page.goto(studio.at("/"), wait_until="domcontentloaded")

    expect(page.locator(".lw-skeleton")).to_be_visible()
    picture(page, "skeleton")
    page.unroute_all()
    page.goto(studio.at("/documents"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator(".lw-skeleton")).to_be_hidden()
    page.close()
