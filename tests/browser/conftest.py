"""A browser, studios to look at, and what is looked at: pictures and axe-core's findings."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

PICTURES = Path(os.environ.get("LOREWRIGHT_PICTURES", Path(__file__).parent / "pictures"))
SETTINGS = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
PAGES = {
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "travel.md": "# Travel\n\nTravel by train. A hotel may cost 120 euros a night.\n",
}
HARMLESS = ("net::ERR_ABORTED", "net::ERR_CONNECTION_REFUSED", "status of 401")
"""What the browser says of pages that are left, servers that restart, and sessions that are over."""
SETTLED = """async () => {
    const moving = () => document.getAnimations().filter(
        (one) => one.playState === "running" && one.effect.getComputedTiming().endTime !== Infinity
    );
    for (let n = 0; n < 20 && moving().length; n++)
        await Promise.allSettled(moving().map((one) => one.finished));
}"""


@dataclass
class Studio:
    """A running studio: its address, its domain's folder, and the administrator's key ('' without keys)."""

    url: str
    folder: Path
    key: str
    process: "subprocess.Popen[str]"

    def at(self, path: str) -> str:
        """Return the address of a screen."""
        return f"{self.url}/studio{path}"


def lay_out(folder: Path, pages: dict[str, str] | None = None, settings: str = SETTINGS) -> Path:
    """Write a domain with some pages."""
    (folder / "documents").mkdir(parents=True)
    (folder / "lorewright.toml").write_text(settings)
    for name, text in (PAGES if pages is None else pages).items():
        (folder / "documents" / name).write_text(text)
    return folder


def lorewright(folder: Path, *words: str) -> None:
    """Run a command of the command line in a domain."""
    subprocess.run([sys.executable, "-m", "lorewright.cli", *words], cwd=folder, check=True, timeout=300)


def start(folder: Path, *words: str) -> Studio:
    """Return a studio over a domain, its model scripted."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.scripted", str(folder), *words],
        cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = json.loads(process.stdout.readline())
    return Studio(told["url"], folder, told["key"], process)


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
    opened.set_default_timeout(15_000)
    expect.set_options(timeout=15_000)
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


def begin(studio: Studio, page: Page) -> None:
    """Make the account of the administrator, as the first start leads to it, and log in."""
    page.goto(f"{studio.url}/studio/welcome#key={studio.key}")
    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("A new password").fill("correct horse battery")
    page.get_by_role("button", name="Begin").click()
    expect(page).to_have_url(studio.at("/"))


def file_of(name: str, content: bytes, kind: str = "text/markdown") -> FilePayload:
    """Return a file as somebody drops it."""
    return {"name": name, "mimeType": kind, "buffer": content}


def violations(page: Page) -> list[Any]:
    """Return what axe-core finds against WCAG 2 A and AA on a page: rule, and where."""
    page.evaluate(SETTLED)  # a colour on its way to another one would be found
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found.response["violations"]
    ]


def picture(page: Page, name: str) -> Path:
    """Keep a picture of the whole page; return where it is."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.evaluate(SETTLED)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=str(path), full_page=True)
    return path


def looks_right(page: Page, name: str) -> None:
    """Take pictures in light, dark and on a phone; nobody is shut out in either."""
    page.emulate_media(reduced_motion="reduce")
    expect(page.locator(".q-notification")).to_have_count(0)
    assert violations(page) == []
    picture(page, name)
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("body.body--dark")).to_be_attached()
    assert violations(page) == []
    picture(page, f"{name}-dark")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("body.body--dark")).not_to_be_attached()
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, f"{name}-phone")
    page.set_viewport_size({"width": 1280, "height": 860})
