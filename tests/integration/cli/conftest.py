"""A domain of one page, worked in."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.cli.main import main
from lorewright.workspace import init_domain


@pytest.fixture
def domain(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A domain under a short path: the socket of a process that stays has room for a hundred bytes."""
    with tempfile.TemporaryDirectory(prefix="lw-") as short:
        folder = init_domain(Path(short) / "desk")
        (folder / "documents" / "leave.md").write_text("# Leave\n\nEverybody gets 30 days of holiday.\n")
        monkeypatch.chdir(folder)
        assert main(["add", "--sync"]) == 0
        yield folder
        monkeypatch.undo()  # nobody may stand in a folder that goes
