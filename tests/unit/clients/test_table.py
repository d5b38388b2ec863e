"""The table of clients: what a reader of docs/conformance.md is told."""

from pathlib import Path

import pytest
from tests.clients.drive import Outcome, Tried
from tests.clients.environments import Client, clients
from tests.clients.page import kept_section, render, with_section
from tests.clients.results import remember, remembered

FAILED = Outcome("failed", "TypeError: no\nstream")
TRIED = Tried(Client("openai_python", ("liba 1.0",)), {"chat": Outcome("ok"), "stream": FAILED})
SKIPPED = Tried(Client("openai_node", ("libb 2.0",)), skipped="no matching distribution")


def test_a_cell_says_how_it_went_and_a_reason_stands_below() -> None:
    """A failure without its reason cannot be acted on."""
    text = render([TRIED, SKIPPED], model="small", day="2026-01-01")
    assert "| liba 1.0 | ok | failed | not run |" in text
    assert "- openai python, stream: failed: TypeError: no stream" in text
    assert "| libb 2.0 (npm) | skipped |" in text
    assert "1 of 2" in text


def test_the_table_replaces_the_one_before_it() -> None:
    """The rest of the page is written by another command."""
    first = with_section("# Page\n", render([TRIED], model="small", day="2026-01-01"))
    second = with_section(first, render([SKIPPED], model="small", day="2026-01-02"))
    assert second.startswith("# Page\n")
    assert "liba" not in second
    assert kept_section(second) == render([SKIPPED], model="small", day="2026-01-02")


def test_a_client_that_was_not_tried_keeps_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trying one client again must not empty the table; another version must be tried anew."""
    monkeypatch.setenv("LOREWRIGHT_TEST_CACHE", str(tmp_path))
    remember(TRIED)
    assert remembered([TRIED.client, SKIPPED.client]) == [TRIED]
    assert remembered([Client("openai_python", ("liba 1.1",))]) == []


def test_every_client_is_pinned() -> None:
    """A new release of a client must not turn a green table red, or the other way round."""
    assert len(clients()) >= 16
    for client in clients():
        assert client.pinned
        for pin in client.pinned:
            assert pin.split(" ")[1][0].isdigit(), f"{client.name}: {pin}"
