"""A domain of one page, worked in."""

from pathlib import Path

import pytest

from lorewright.cli.main import main
from lorewright.workspace import init_domain


@pytest.fixture
def domain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = init_domain(tmp_path / "desk")
    (folder / "documents" / "leave.md").write_text("# Leave\n\nEverybody gets 30 days of holiday.\n")
    monkeypatch.chdir(folder)
    assert main(["add", "--sync"]) == 0
    return folder
