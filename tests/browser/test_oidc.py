"""Logging in at a provider, in a browser: there and back, and refused with a reason and a way on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.oidc_provider import CLIENT, SECRET
from tests.fixtures.processes import ANN
from tests.fixtures.studio import SETTINGS, Studio, lay_out, picture, violations

Opened = Callable[..., Studio]
LOG_IN, AGAIN = "Log in with your organisation", "Try again with your organisation"


@pytest.fixture
def opened(tmp_path: Path, issuer: str, studios: Opened, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Open a studio that lets in whom the provider knows."""
    monkeypatch.setenv("LOREWRIGHT_OIDC_SECRET", SECRET)

    def open_one(settings: str = "") -> Studio:
        section = f'\n[oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\n{settings}'
        return studios(lay_out(tmp_path / "handbook", settings=SETTINGS + section), "--keys")

    return open_one


def follows(issuer: str, **what: Any) -> None:
    """Say who logs in next at the provider, and what goes wrong."""
    httpx2.post(f"{issuer}/next", json={"claims": ANN, **what}).raise_for_status()


def test_whoever_the_provider_knows_comes_in(opened: Opened, issuer: str, page: Page) -> None:
    studio = opened()
    follows(issuer)
    page.goto(studio.at("/login"))
    page.get_by_role("link", name=LOG_IN).click()
    expect(page).to_have_url(studio.at("/chat"))  # a new user only chats and reads
    expect(page.get_by_text("ann@example.org").first).to_be_visible()


def test_a_login_denied_at_the_provider_is_told_and_can_be_tried_again(
    opened: Opened, issuer: str, page: Page
) -> None:
    studio = opened()
    follows(issuer, error=True)
    page.goto(studio.at("/login"))
    page.get_by_role("link", name=LOG_IN).click()

    told = page.get_by_role("alert").filter(has_text="Login failed")
    expect(told).to_contain_text("The login was cancelled")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert violations(page) == []
        picture(page, f"oidc-refused-{scheme}")
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "oidc-refused-phone")
    follows(issuer)
    page.get_by_role("link", name=AGAIN).click()
    expect(page).to_have_url(studio.at("/chat"))  # a new user only chats and reads


def test_who_may_not_come_in_is_told_so(opened: Opened, issuer: str, page: Page) -> None:
    studio = opened('allowed_domains = ["example.com"]\n')
    follows(issuer)
    page.goto(studio.at("/login"))
    page.get_by_role("link", name=LOG_IN).click()
    told = page.get_by_role("alert").filter(has_text="Login failed")
    expect(told).to_contain_text("email domain is not allowed")
    expect(told).to_contain_text("Ask an administrator")


def test_a_login_that_took_too_long_says_so(opened: Opened, page: Page) -> None:
    """Who comes back after the state has expired brings none that we know."""
    studio = opened()
    page.goto(f"{studio.url}/lorewright/v1/oidc/callback?state=old&code=old")
    told = page.get_by_role("alert").filter(has_text="Login failed")
    expect(told).to_contain_text("or it expired")
    expect(page.get_by_role("link", name=AGAIN)).to_be_visible()


def test_a_message_that_somebody_else_made_is_not_shown(opened: Opened, page: Page) -> None:
    """A link must not make our own page say what its sender wants."""
    studio = opened()
    page.goto(studio.at("/login?refused=Call+0900+now"))
    expect(page.get_by_role("link", name=LOG_IN)).to_be_visible()
    expect(page.get_by_text("0900")).to_have_count(0)


def test_programs_are_answered_in_json(opened: Opened) -> None:
    told = httpx2.get(f"{opened().url}/lorewright/v1/oidc/callback?state=old&code=old")
    assert (told.status_code, "or it expired" in told.json()["error"]["message"]) == (401, True)
