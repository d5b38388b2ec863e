"""A running page of the components, and what they have told their server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

TOLD = """
async ([event, condition]) => {
  const fits = new Function("value", `return ${condition}`);
  for (const end = Date.now() + 10000; Date.now() < end; await new Promise((next) => setTimeout(next, 30))) {
    const all = await (await fetch("/told")).json();
    const found = all.filter((one) => one.event === event && fits(one.value)).at(-1);
    if (found) return found.value;
  }
  throw new Error(`Never told of ${event} with ${condition}`);
}
"""


@pytest.fixture(scope="session")
def components() -> Iterator[str]:
    """The address of a server that shows the components."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.browser.components.page"],
        cwd=Path(__file__).parents[3], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
    process.terminate()
    process.communicate(timeout=20)


def told(page: Page, event: str, condition: str = "true") -> Any:
    """Wait for an event whose value fulfils a condition in JavaScript; return the value."""
    return page.evaluate(TOLD, [event, condition])
