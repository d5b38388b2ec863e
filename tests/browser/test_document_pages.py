"""A document as people read it: with its tables, as pages, as a file, and from the web."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.office import Office
from tests.fixtures.studio import Studio, lay_out, looks_right, lorewright, violations

RATES = """# Rates

What a night may cost.

## Hotels

| City | Euros a night |
| --- | --- |
| Berlin | 120 |
| Oslo | 150 |

- Ask first <img src=x onerror=alert(1)>
- Keep the bill
"""


class Faq(BaseHTTPRequestHandler):
    """A website with one page."""

    def do_GET(self) -> None:
        """Show the page."""
        is_page = self.path == "/faq"
        self.send_response(200 if is_page else 404)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>Questions</h1><p>The canteen opens at noon.</p>" if is_page else b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Faq)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}"
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def rates(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio with a table and a file of pages."""
    folder = lay_out(tmp_path / "handbook", {"rates.md": RATES})
    Office(folder / "documents").pdf("rules.pdf", [["First page", "About rules."], ["Second page", "More."]])
    lorewright(folder, "add", "--sync")
    return studios(folder)


def test_a_table_is_a_table_and_a_heading_a_heading(rates: Studio, page: Page) -> None:
    """Nobody reads pipes and hashes; what stands in a document stays text."""
    page.goto(rates.at("/documents/view?document=rates.md"))

    expect(page.get_by_role("row", name="Oslo 150")).to_be_visible()
    expect(page.get_by_role("columnheader", name="City")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("heading", name="Hotels")).to_be_visible()
    expect(page.get_by_text("Ask first <img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.locator(".lw-source img")).to_have_count(0)
    looks_right(page, "document-rendered")


def test_a_page_is_shown_large_and_larger(rates: Studio, page: Page) -> None:
    """A drawing on a printed page is of no use at the size of a stamp."""
    page.goto(rates.at("/documents/view?document=rules.pdf"))
    page.get_by_role("link", name="Pages").click()
    expect(page.get_by_role("img", name="Page 1 of")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("button", name="Show the page large").click()
    large = page.get_by_role("dialog")
    picture = large.get_by_role("img", name="Page 1 of")
    expect(picture).to_be_visible()
    assert violations(page) == []
    before = picture.bounding_box()
    large.get_by_role("button", name="Zoom in").click()
    expect(large.get_by_text("125 %")).to_be_visible()
    after = picture.bounding_box()

    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] * 1.2
    large.get_by_role("button", name="Next page").click()
    expect(large.get_by_role("img", name="Page 2 of")).to_be_visible()


def test_the_original_is_downloaded(rates: Studio, page: Page) -> None:
    """The file itself, under its own name."""
    page.goto(rates.at("/documents/view?document=rules.pdf"))

    with page.expect_download() as started:
        page.get_by_role("link", name="Download original").click()

    assert started.value.suggested_filename == "rules.pdf"
    original = rates.folder / "documents" / "rules.pdf"
    assert Path(started.value.path()).read_bytes() == original.read_bytes()


@pytest.mark.thorough
def test_a_web_page_is_added_by_its_address(rates: Studio, page: Page, site: str) -> None:
    """What is on the website need not be saved and dropped by hand."""
    page.goto(rates.at("/documents"))
    page.get_by_role("button", name="Add web pages").click()
    page.get_by_label("Addresses, one per line").fill(f"{site}/faq\n{site}/missing")
    assert violations(page) == []
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("1 new, 0 changed, 0 removed. 1 could not be read.")).to_be_visible(
        timeout=90_000
    )
    expect(page.locator(".q-notification.bg-warning")).to_have_count(1)
    expect(page.get_by_text("127.0.0.1/faq.html")).to_be_visible()
