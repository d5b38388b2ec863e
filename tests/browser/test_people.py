"""People who are invited, who only read, and who choose a password of their own."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.fixtures.studio import Studio, begin, lay_out, lorewright, picture, violations

PASSWORD, ANOTHER = "correct horse battery", "another long password"


@pytest.fixture
def keyed(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> Studio:
    """A studio where Ada, its administrator, is logged in."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder, "--keys")
    begin(studio, page)
    return studio


def add_reader(studio: Studio) -> None:
    """Make Grace, who may only chat and read."""
    body = {"name": "Grace", "role": "reader", "password": PASSWORD}
    headers = {"Authorization": f"Bearer {studio.key}"}
    assert httpx2.post(f"{studio.url}/lorewright/v1/users", json=body, headers=headers).status_code == 200


def log_in(studio: Studio, page: Page, password: str = PASSWORD) -> None:
    """Log Grace in."""
    page.goto(studio.at("/login"))
    page.get_by_label("Name").fill("Grace")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def test_an_invitation_leads_to_an_account_and_in(keyed: Studio, page: Page, browser: Browser) -> None:
    """From the administrator's click to a new colleague who chats, with no password sent around."""
    page.goto(keyed.at("/settings/people"))
    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_label("Name (optional)").fill("Grace")
    assert violations(page) == []
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_test_id("invitation").inner_text()
    picture(page, "invitation-link")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("cell", name="Grace", exact=True)).to_be_visible()

    guest = browser.new_context(locale="en-GB").new_page()
    guest.goto(link)
    expect(guest.get_by_label("User name")).to_have_value("Grace")
    assert violations(guest) == []
    picture(guest, "invitation")
    guest.get_by_label("New password").fill(PASSWORD)
    guest.get_by_role("button", name="Create account").click()

    expect(guest).to_have_url(keyed.at("/chat"))
    guest.goto(link)
    expect(guest.get_by_role("alert")).to_contain_text("This invitation is not valid")
    guest.context.close()


def test_a_reader_lands_in_chat_without_the_lab(keyed: Studio, page: Page) -> None:
    """Who only asks must not learn what a comparison is first."""
    add_reader(keyed)
    page.context.clear_cookies()
    log_in(keyed, page)

    expect(page).to_have_url(keyed.at("/chat"))
    links = page.get_by_role("navigation", name="Main").get_by_role("link")
    expect(links).to_contain_text(["Lorewright", "Chat", "Documents", "My account", "Grace"])
    assert violations(page) == []
    picture(page, "reader")
    page.get_by_role("link", name="Lorewright").click()
    expect(page).to_have_url(keyed.at("/chat"))


def test_somebody_changes_their_own_password(keyed: Studio, page: Page) -> None:
    """Nobody asks an administrator for that; the page stays logged in."""
    add_reader(keyed)
    page.context.clear_cookies()
    log_in(keyed, page)
    expect(page).to_have_url(keyed.at("/chat"))
    page.goto(keyed.at("/settings/account"))
    page.get_by_label("Current password").fill("not this one, no")
    page.get_by_label("New password").fill(ANOTHER)
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert").filter(has_text="The current password is wrong.")).to_be_visible()

    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Change password").click()

    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    assert violations(page) == []
    picture(page, "account")
    page.goto(keyed.at("/documents"))
    expect(page.get_by_role("heading", name="Documents", level=1)).to_be_visible()
    page.context.clear_cookies()
    log_in(keyed, page, ANOTHER)
    expect(page).to_have_url(keyed.at("/chat"))
