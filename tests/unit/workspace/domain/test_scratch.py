"""Folders for unfinished work do not stay behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from lorewright.workspace.domain.folder import init_domain
from lorewright.workspace.domain.scratch import BACKUP, FETCHED, remove_abandoned, scratch_folder
from lorewright.workspace.domain.workspace import Workspace


def test_a_folder_is_gone_when_its_work_is_done(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, FETCHED) as folder:
        (folder / "page").write_text("a")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    """Several processes open a domain at once."""
    with scratch_folder(tmp_path, BACKUP) as folder:
        remove_abandoned(tmp_path)
        assert folder.is_dir()


@pytest.mark.thorough
def test_what_a_killed_process_left_is_removed_at_the_next_opening(tmp_path: Path) -> None:
    """A backup of gigabytes would stay on the disk for ever."""
    domain = tmp_path / "handbook"
    init_domain(domain)
    with Workspace(domain) as workspace:
        state = workspace.state_folder
        assert workspace.database
    work = (
        "import sys, time; from pathlib import Path; "
        "from lorewright.workspace.domain.scratch import scratch_folder\n"
        "with scratch_folder(Path(sys.argv[1]), sys.argv[2]) as folder:\n"
        "    (folder / 'half').write_text('a'); print(folder, flush=True); time.sleep(60)"
    )
    for prefix in (FETCHED, BACKUP):
        with subprocess.Popen(
            [sys.executable, "-c", work, str(state), prefix], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            left = Path(process.stdout.readline().strip())
            os.kill(process.pid, signal.SIGKILL)
        assert (left / "half").is_file()

        with Workspace(domain) as workspace:
            assert workspace.database
        assert not left.exists()
