"""A deployment on somebody else's page, and the code with which programs call it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect
from tests.fixtures.studio import Studio, picture, violations


class Site(BaseHTTPRequestHandler):
    """Somebody's website."""

    body: ClassVar[str] = ""

    def do_GET(self) -> None:
        """Show the page."""
        self.send_response(200)
        self.send_header("content-type", "text/html; charset=utf-8")
        self.end_headers()
        head = "<!doctype html><html lang=en><title>Site</title><link rel=icon href=data:,><h1>Site</h1>"
        self.wfile.write(f"{head}{self.body}".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def desk(studio: Studio) -> Studio:
    """A studio with a deployment."""
    made = httpx2.post(f"{studio.url}/lorewright/v1/deployments", json={"name": "desk", "arm": "rag"})
    assert made.status_code == 200
    return studio


def test_a_website_shows_the_chat_and_gets_cited_answers(desk: Studio, page: Page, site: str) -> None:
    """From the studio to an answer on somebody else's page, by copying one line."""
    page.goto(desk.at("/deployments/desk"))
    page.get_by_role("button", name="Create an embedded chat").click()
    page.get_by_label("Pages that may show it").fill(site)
    page.get_by_role("switch", name="Answer from all documents").click()
    assert violations(page) == []
    page.get_by_role("button", name="Create", exact=True).click()
    expect(page.get_by_role("cell", name=site, exact=True)).to_be_visible()
    assert violations(page) == []
    picture(page, "deployment-embed")
    Site.body = page.locator("pre", has_text="loader.js").inner_text()

    page.goto(site)
    page.get_by_role("button", name="Ask a question").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your question").fill("How many days of leave?")
    frame.get_by_label("Your question").press("Enter")

    expect(frame.get_by_text("Every employee has 28 days of leave a year.").first).to_be_visible()
    expect(frame.get_by_role("list", name="Sources")).to_contain_text("leave.md")
    assert violations(page) == []
    picture(page, "embedded-chat")


def test_a_page_that_is_not_listed_shows_nothing(desk: Studio, browser: Browser, site: str) -> None:
    """The browser itself refuses: that is what the list of origins is for."""
    body = {"origins": ["https://www.example.org"]}
    made = httpx2.post(f"{desk.url}/lorewright/v1/deployments/desk/embeds", json=body).json()
    Site.body = f'<iframe src="{desk.url}{made["path"]}" title="Chat"></iframe>'
    refused: list[str] = []
    page = browser.new_page()
    page.on("console", lambda told: refused.append(told.text))

    page.goto(site)
    page.wait_for_function("document.querySelector('iframe')")

    expect(page.frame_locator("iframe").get_by_label("Your question")).to_have_count(0)
    assert any("frame-ancestors" in text for text in refused)
    page.close()


def test_a_key_stands_in_the_code_beside_it(desk: Studio, page: Page) -> None:
    """Whoever copies the code gets an answer at once, with a key that can do nothing else."""
    page.goto(desk.at("/deployments/desk"))
    page.get_by_role("button", name="curl").click()
    page.get_by_role("button", name="Create a key for this deployment").click()
    secret = page.get_by_test_id("call-secret").inner_text()
    page.get_by_role("button", name="JavaScript").click()

    expect(page.locator("pre", has_text="new OpenAI")).to_contain_text(secret)
    assert violations(page) == []
    picture(page, "deployment-call")
    page.get_by_role("button", name="Copy", exact=True).click()
