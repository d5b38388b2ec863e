"""A browser, studios to look at, and what is looked at: pictures and axe-core's findings."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.fixtures.processes import desk as desk
from tests.fixtures.processes import desk_url as desk_url
from tests.fixtures.processes import issuer as issuer
from tests.fixtures.studio import HARMLESS, Studio, lay_out, lorewright, start

PATIENCE_MS = 1000 * float(os.environ.get("LOREWRIGHT_TEST_PATIENCE", "15"))
"""How long a page may take; more on a machine that has much else to do."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        launched = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor; an error in the browser's console fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, locale="en-GB")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda told: errors.append(told.text) if told.type == "error" else None)
    yield opened
    context.close()
    assert not [error for error in errors if not any(word in error for word in HARMLESS)]


@pytest.fixture
def studios() -> Iterator[Callable[..., Studio]]:
    """Start studios; they end with the test."""
    started: list[Studio] = []

    def begin(folder: Path, *words: str) -> Studio:
        started.append(start(folder, *words))
        return started[-1]

    yield begin
    for studio in started:
        studio.process.terminate()
        studio.process.communicate(timeout=20)


@pytest.fixture
def studio(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio over a domain with two pages, where nobody is asked to log in."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    return studios(folder)
