"""The frame around every screen, the doors, and what guards them."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, picture, violations

STRANGE = "<img src=x onerror=alert(1)>"


def test_the_first_start_leads_to_an_account_and_in(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Whoever opens the address the server has printed needs to type no key."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")

    page.goto(f"{studio.url}/studio/welcome#key={studio.key}")
    expect(page.get_by_label("Administrator's key")).to_be_hidden()
    assert violations(page) == []
    picture(page, "welcome")
    page.get_by_label("User name").fill("Ada")
    page.get_by_label("New password").fill("correct horse battery")
    page.get_by_role("button", name="Create account").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Ada")).to_be_visible()


def test_a_wrong_password_is_told_at_the_door(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """A visitor who mistypes must know it, and not what exactly was wrong."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")
    page.goto(f"{studio.url}/studio/login")
    page.get_by_label("Name").fill(STRANGE)
    page.get_by_label("Password", exact=True).fill("nothing")
    picture(page, "login")
    assert violations(page) == []
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_contain_text("Wrong name or password")
    page.wait_for_load_state()


def test_a_stranger_is_led_to_the_door(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    """No page shows anything to somebody who has not logged in."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")

    page.goto(studio.at("/documents"))

    expect(page).to_have_url(f"{studio.url}/studio/welcome?to=/documents")


def test_the_headers_allow_nothing_from_elsewhere(studio: Studio, page: Page) -> None:
    """What a script could inject must not be able to load or send anything."""
    response = page.goto(studio.at("/"))

    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_the_keyboard_reaches_everything(studio: Studio, page: Page) -> None:
    """The first Tab offers to skip the navigation; every entry of it can be reached and opened."""
    page.goto(studio.at("/"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Lorewright")).to_be_focused()


def test_a_phone_has_the_navigation_behind_a_button(studio: Studio, page: Page) -> None:
    """At 390 pixels the page is the content; the menu comes and goes."""
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(studio.at("/"))
    navigation = page.get_by_role("navigation", name="Main")
    expect(navigation).to_be_hidden()

    page.get_by_role("button", name="Menu").click()

    expect(navigation).to_be_visible()
    page.keyboard.press("Escape")
    expect(navigation).to_be_hidden()


def test_a_login_that_nobody_answers_says_so(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """A button that does nothing is pressed again and again."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")
    page.goto(f"{studio.url}/studio/login")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.evaluate("void (lorewright.logIn = () => new Promise(() => {}))")
    page.get_by_role("button", name="Log in").click()

    expect(page.get_by_role("alert")).to_contain_text("The browser did not answer.", timeout=60_000)
