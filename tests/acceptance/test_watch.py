"""`lorewright add --watch`: a folder is followed until somebody stops it."""

import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

import pytest
from tests.fixtures.served import lay_out

pytestmark = pytest.mark.thorough


def test_what_changes_in_a_watched_folder_is_added_and_removed(tmp_path: Path) -> None:
    domain = lay_out(tmp_path / "desk")
    folder = tmp_path / "manual"
    folder.mkdir()
    (folder / "felt.md").write_text("Felt keeps the frost out.")
    command = [sys.executable, "-m", "lorewright.cli", "add", "--watch", str(folder)]
    with subprocess.Popen(
        command, cwd=domain, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        # Whatever hangs ends, and its last line is not the one that is waited for.
        patience = Timer(240, process.kill)
        patience.start()
        process.stdout.readline()
        Timer(1.0, (folder / "birch.md").write_text, ["Birch burns wet."]).start()
        added = process.stdout.readline()
        Timer(1.0, (folder / "felt.md").unlink).start()
        removed = process.stdout.readline()
        process.send_signal(signal.SIGINT)
        code = process.wait()
        patience.cancel()

    assert added.startswith("1 new, 0 changed, 0 removed")
    assert removed.startswith("0 new, 0 changed, 1 removed")
    assert code == 0
