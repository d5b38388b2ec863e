"""Connections that are lost and servers that restart: nothing is lost, and the page says what happens."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, lorewright


def test_a_pulled_cable_loses_nothing(studio: Studio, page: Page) -> None:
    """Ten seconds without an answer from the server, then the page goes on where it was."""
    page.goto(studio.at("/chat"))
    page.get_by_label("Your question").fill("How many days of leave do I have?")

    studio.process.send_signal(signal.SIGSTOP)
    time.sleep(10)  # the cable is out: nothing is waited for here, time has to pass
    studio.process.send_signal(signal.SIGCONT)
    page.get_by_label("Your question").press("Enter")

    expect(page.get_by_role("article")).to_contain_text("28 days of leave")


def test_a_server_that_restarts_finds_its_pages_again(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """A page that was open during a restart comes back by itself, with the conversation and the draft."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/chat"))
    page.get_by_label("Your question").fill("How many days of leave do I have?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_contain_text("28 days of leave")

    studio.process.kill()
    studio.process.wait()
    expect(page.get_by_text("Connection lost").first).to_be_visible()
    studios(folder, f"--port={urlsplit(studio.url).port}")

    expect(page.get_by_text("Connection lost").first).to_be_hidden(timeout=30_000)
    expect(page.get_by_role("article")).to_contain_text("28 days of leave")
