"""Connecting a server of models on the page Models: tested first, used with one click."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.scripted_studio import UNANSWERED
from tests.fixtures.studio import SETTINGS, Studio, lay_out, looks_right

KEY = "sk-secret"


class Provider(BaseHTTPRequestHandler):
    """Lists a model to who brings the key."""

    def do_GET(self) -> None:
        """Answer as OpenAI's API does."""
        is_known = self.headers.get("authorization") == f"Bearer {KEY}"
        self.send_response(200 if is_known else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"data": [{"id": "large"}]} if is_known else {}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def address() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}/v1"
    listener.shutdown()
    listener.server_close()


def test_models_that_suit_the_machine_are_offered_with_their_sizes(studio: Studio, page: Page) -> None:
    """Who does not know the names of models is shown two or three, and what each would be like here."""
    page.goto(studio.at("/models"))
    offered = page.locator("#suggested-models")
    expect(offered).to_contain_text("tokens per second")
    expect(offered).to_contain_text("Nothing was measured")
    expect(offered.get_by_role("button", name="Download").first).to_be_visible()
    looks_right(page, "suggested-models")


def test_a_provider_is_tested_and_its_model_used_with_one_click(
    studio: Studio, page: Page, address: str
) -> None:
    """Whoever has a key and an address gets a better model without a file or a terminal."""
    page.goto(studio.at("/models"))
    page.get_by_label("Address").fill(address)
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_role("alert")).to_contain_text("wants a key")

    page.get_by_label("API key").fill(KEY)
    page.get_by_role("button", name="Test").click()
    expect(page.get_by_role("button", name="Use large")).to_be_visible()
    looks_right(page, "provider")
    page.get_by_role("button", name="Use large").click()

    card = page.locator("section", has_text=f"openai:large@{address}").last
    expect(card).to_contain_text("chat model")
    expect(card).to_contain_text("answers")
    assert KEY not in (studio.folder / "lorewright.toml").read_text()


def test_a_model_whose_server_is_down_does_not_look_ready(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """A dead address once stood there as 'downloaded, fits, 0 B'."""
    settings = SETTINGS.replace("file:/models/parrot.gguf", "openai:large@http://127.0.0.1:9/v1")
    page.goto(studios(lay_out(tmp_path / "handbook", settings=settings)).at("/models"))

    card = page.locator("section", has_text="openai:large@http://127.0.0.1:9/v1").last
    expect(card).to_contain_text("Nothing answers at this address.")
    expect(card).not_to_contain_text("fits")
    expect(card).not_to_contain_text("0 B")


def test_a_chat_whose_server_is_down_offers_the_documents_own_words(studio: Studio, page: Page) -> None:
    """The documents are here and can be quoted, whatever the model's server does."""
    page.goto(studio.at("/chat"))
    page.get_by_label("Your question", exact=True).fill(f"{UNANSWERED}?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    looks_right(page, "chat-server-down")

    page.get_by_role("button", name="Quote the documents instead").click()
    expect(page.locator(".chat-reply")).to_contain_text("Every employee has 28 days of leave a year.")
