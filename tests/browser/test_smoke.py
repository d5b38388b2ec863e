"""The studio opens, answers and draws: the short form of `make test-browser`, part of `make test`."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, violations

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium here: set CHROMIUM to one")
def test_a_question_is_answered_with_its_source_and_a_flow_is_drawn(studio: Studio, page: Page) -> None:
    """What a broken build would break first."""
    page.goto(studio.at("/chat"))
    page.get_by_label("Your question").fill("How many days of leave do I have?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("28 days of leave")
    page.get_by_role("group", name="Sources").get_by_role("button").first.click()
    expect(page.locator("mark")).to_contain_text("28 days")

    page.get_by_role("link", name="Flows", exact=True).click()
    page.get_by_role("button", name="Use rag as template", exact=True).click()

    expect(page.locator('[data-node="generate"]')).to_be_visible()
    assert violations(page) == []
