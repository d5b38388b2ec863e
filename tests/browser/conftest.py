"""A browser, studios to look at, and what is looked at: pictures and axe-core's findings."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.fixtures.processes import desk as desk
from tests.fixtures.processes import desk_url as desk_url
from tests.fixtures.processes import issuer as issuer
from tests.fixtures.scripted_studio import say
from tests.fixtures.studio import HARMLESS, Studio, lay_out, lorewright, start

from lorewright.messages import Message

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


class Model(BaseHTTPRequestHandler):
    """A server of a scripted model, which the processes of jobs reach too."""

    def do_POST(self) -> None:
        """Stream a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text = say([Message(turn["role"], str(turn["content"])) for turn in body["messages"]])
        chunks: list[dict[str, Any]] = [
            {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": "stop"}]},
            {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}},
        ]
        about: dict[str, Any] = {
            "id": "c",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "parrot",
        }
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(f"data: {json.dumps(about | chunk)}\n\n".encode())
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def model_url() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}/v1"
    listener.shutdown()
    listener.server_close()
