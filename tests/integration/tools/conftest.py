"""A tool server in a process of its own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.tools.desk import KEY

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def desk_url() -> Iterator[str]:
    """The address of a running tool server."""
    command = [sys.executable, "-m", "tests.integration.tools.desk"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def desk(desk_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a running tool server, its key in the environment as DESK_KEY."""
    monkeypatch.setenv("DESK_KEY", KEY)
    return desk_url
