"""Settings, accounts, keys, usage and the log, as an administrator uses them."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, begin, lay_out, picture, violations

PARTS = ("general", "people", "groups", "keys", "usage", "health", "audit")
STRANGE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_readable_for_all(studio: Studio, page: Page, part: str) -> None:
    """axe-core finds nothing, in light and in dark."""
    page.goto(studio.at(f"/settings/{part}"))
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    expect(page.get_by_role("link", name="General")).to_be_visible()
    assert violations(page) == []
    picture(page, f"settings-{part}")

    page.get_by_role("button", name="Toggle light/dark mode").click()
    expect(page.locator("body.body--dark")).to_be_visible()
    assert violations(page) == []


def test_a_setting_that_is_saved_holds_and_stays(studio: Studio, page: Page) -> None:
    """What is changed on the page stands in the file, and the next visitor sees it."""
    page.goto(studio.at("/settings/general"))
    page.get_by_label("questions per month").fill("1234")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved: traffic.questions_per_month.")).to_be_visible()
    assert "questions_per_month = 1234" in (studio.folder / "lorewright.toml").read_text()


def test_what_is_automatic_reads_so_and_stays_so(studio: Studio, page: Page) -> None:
    """Nobody has to know that -1 stands for it; who tries a number finds the way back."""
    page.goto(studio.at("/settings/general"))
    weight = page.get_by_label("Dense weight")
    expect(weight).to_have_value("auto")
    weight.fill("0.7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved: retrieval.dense_weight.")).to_be_visible()
    assert "dense_weight = 0.7" in (studio.folder / "lorewright.toml").read_text()

    page.get_by_label("Dense weight").fill("auto")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved: retrieval.dense_weight.").last).to_be_visible()
    expect(page.get_by_label("Dense weight")).to_have_value("auto")
    page.reload()
    expect(page.get_by_label("Dense weight")).to_have_value("auto")


def test_a_setting_is_found_by_a_word_and_its_change_can_be_dropped(studio: Studio, page: Page) -> None:
    """Nobody reads through a hundred settings, and a slip of the hand costs nothing."""
    page.goto(studio.at("/settings/general"))
    found = page.get_by_role("main").get_by_role("status")
    page.get_by_label("Find a setting").fill("memory prompts")
    expect(found).to_have_text(re.compile("^1 of"))
    expect(page.get_by_label("Memory for prompts (MB)")).to_be_visible()
    expect(page.get_by_role("heading", name="Prices")).to_be_hidden()

    page.get_by_label("Find a setting").fill("")
    page.get_by_label("Epochs").fill("7")
    expect(page.get_by_text("1 unsaved change.")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_label("Epochs")).to_have_value("auto")
    expect(page.get_by_text("unsaved change")).to_have_count(0)


def test_what_was_changed_stands_alone_and_goes_back(studio: Studio, page: Page) -> None:
    """Whoever takes over a domain sees at a glance what is special in it."""
    page.goto(studio.at("/settings/general"))
    page.get_by_label("questions per month").fill("1234")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Default: 10000")).to_be_visible()
    page.get_by_role("switch", name="Only changed").click()
    expect(page.get_by_label("questions per month")).to_be_visible()
    expect(page.get_by_label("Dense weight")).to_be_hidden()
    expect(page.get_by_text("Default: 10000")).to_be_visible()
    assert violations(page) == []

    row = page.locator(".lw-setting", has_text="questions per month")
    row.get_by_role("button", name="Reset").click()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Default: 10000")).to_have_count(0)
    assert "questions_per_month" not in (studio.folder / "lorewright.toml").read_text()


def test_a_setting_that_cannot_be_is_refused_in_words(studio: Studio, page: Page) -> None:
    """A typo changes nothing and says what is expected."""
    page.goto(studio.at("/settings/general"))
    page.get_by_label("dense weight").fill("7")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("alert")).to_contain_text("“Dense weight” in Settings")
    assert "dense_weight" not in (studio.folder / "lorewright.toml").read_text()


def test_a_key_is_made_shown_once_used_and_revoked(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """The way from the studio to a program that calls."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")
    begin(studio, page)

    page.goto(studio.at("/settings/keys"))
    page.get_by_role("button", name="Create API key").click()
    page.get_by_label("Name").fill(STRANGE)
    page.get_by_role("button", name="Create", exact=True).click()
    secret = page.get_by_test_id("secret").inner_text()
    headers = {"Authorization": f"Bearer {secret}"}
    assert httpx2.get(f"{studio.url}/v1/models", headers=headers).status_code == 200
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("cell", name=STRANGE, exact=True)).to_be_visible()

    expect(page.get_by_role("row", name=STRANGE)).to_contain_text("never")  # where no day was chosen
    page.get_by_role("button", name=f"Revoke {STRANGE}").click()
    page.get_by_role("button", name="Revoke", exact=True).click()

    expect(page.get_by_role("cell", name=STRANGE, exact=True)).to_be_hidden()
    assert httpx2.get(f"{studio.url}/v1/models", headers=headers).status_code == 401


def test_people_and_groups_are_made_and_changed(studio: Studio, page: Page) -> None:
    """A reader is made, put into a group, made an editor, and removed."""
    page.goto(studio.at("/settings/people"))
    page.get_by_role("button", name="Add user").click()
    page.get_by_label("Name").fill("Grace")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Grace", exact=True)).to_be_visible()

    page.goto(studio.at("/settings/groups"))
    page.get_by_role("button", name="Add group").click()
    page.get_by_label("Name").fill("Desk")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("cell", name="Desk", exact=True)).to_be_visible()

    page.goto(studio.at("/settings/people"))
    page.get_by_role("button", name="Remove Grace").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("cell", name="Grace", exact=True)).to_be_hidden()


def test_a_session_that_ends_loses_nothing(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Logged out in the middle of an edit, the visitor logs in again and saves what was typed."""
    studio = studios(lay_out(tmp_path / "handbook"), "--keys")
    begin(studio, page)
    page.goto(studio.at("/settings/general"))
    page.get_by_label("questions per month").fill("77")
    page.evaluate("lorewright.post('/lorewright/v1/logout', {})")
    expect(page.get_by_role("button", name="Save")).to_be_visible()

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your session expired.")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Ada")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("You are logged in again.")).to_be_visible()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved: traffic.questions_per_month.")).to_be_visible()
