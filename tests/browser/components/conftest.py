"""A running page of the components, and what they have told their server."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


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
