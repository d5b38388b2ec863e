"""From an empty domain to a deployed hybrid, in the browser, with the default model. Takes minutes."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, picture, violations

from lorewright.models import ModelStore
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

MINUTES = 60_000


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Studio]:
    """A studio over an empty domain, served as users serve it; the default model is on the machine."""
    ModelStore(cache_folder()).pull(DEFAULT_CHAT_MODEL)
    folder = tmp_path / "desk"
    subprocess.run([sys.executable, "-m", "lorewright.cli", "init", str(folder)], check=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "lorewright.cli", "serve", "--no-auth", "--port", "0", "--json"],
        cwd=folder, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    told = ""
    while not told.rstrip().endswith("}"):
        told += process.stdout.readline()
    yield Studio(json.loads(told)["base_url"].removesuffix("/v1"), folder, "", process)
    process.terminate()
    process.communicate(timeout=60)


def test_from_nothing_to_a_deployed_hybrid(real: Studio, page: Page) -> None:
    """What the product is for, done by clicks alone."""
    page.goto(real.at("/"))
    page.get_by_role("button", name="Open the version desk").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=MINUTES)
    page.goto(real.at("/jobs"))
    expect(page.get_by_role("row", name="Adding documents")).to_contain_text("done", timeout=4 * MINUTES)
    page.goto(real.at("/"))
    expect(page.get_by_text("Recommended arm")).to_be_visible()
    picture(page, "whole-way-home")

    page.get_by_label("Your question").fill("Is Python 3.8 still supported?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Copy")).to_be_visible(timeout=2 * MINUTES)
    picture(page, "whole-way-chat")

    page.goto(real.at("/settings/general"))
    page.get_by_label("Maximum examples", exact=True).fill("60")
    page.get_by_label("Epochs", exact=True).fill("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved:")).to_be_visible()

    page.goto(real.at("/compare/new"))
    expect(page.get_by_role("heading", name="New comparison")).to_be_visible()
    arms = page.get_by_role("group", name="Arms to measure")
    for name in ("few-shot", "rag-few-shot", "tuned", "naive-hybrid"):
        box = arms.get_by_role("checkbox", name=re.compile(f"^{name}\\b"))
        if box.is_checked():
            box.click()
    page.get_by_label("Maximum number").fill("6")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Start comparison").click()
    expect(page.get_by_role("heading", name="Measuring")).to_be_visible()
    expect(page.get_by_role("region", name="Measurements of each arm")).to_be_visible(timeout=20 * MINUTES)
    assert violations(page) == []
    picture(page, "whole-way-compare")

    page.goto(real.at("/deployments?arm=hybrid"))
    page.get_by_label("Model name for clients").fill("version-desk")
    page.get_by_test_id("deploy").click()
    expect(page.get_by_role("heading", name="version-desk", exact=True)).to_be_visible()
    picture(page, "whole-way-deployed")

    asked = {"model": "version-desk", "messages": [{"role": "user", "content": "Is Python 3.8 supported?"}]}
    answer = httpx2.post(f"{real.url}/v1/chat/completions", json=asked, timeout=120).json()
    assert answer["choices"][0]["message"]["content"]
    assert answer["lorewright"]["provenance"]["adapter"]
