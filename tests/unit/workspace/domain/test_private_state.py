"""What a domain keeps is its owner's to read."""

import stat
from pathlib import Path

import pytest

from lorewright.workspace import Workspace, init_domain


@pytest.mark.parametrize("is_from_an_earlier_version", [False, True])
def test_other_users_of_the_machine_cannot_enter_the_state_folder(
    is_from_an_earlier_version: bool, tmp_path: Path
) -> None:
    """It holds the documents' texts, chats and hashes of keys; earlier versions left it open."""
    folder = init_domain(tmp_path / "domain")
    if is_from_an_earlier_version:
        (folder / ".lorewright").mkdir(mode=0o755)

    with Workspace(folder) as workspace:
        assert workspace.database is not None

    assert stat.S_IMODE((folder / ".lorewright").stat().st_mode) == 0o700
