"""Opening a database that nobody has made yet, by several processes at once."""

import subprocess
import sys
from pathlib import Path

OPEN = """
import sys
from pathlib import Path
from lorewright.storage import open_database, sqlite_url
sys.stdin.readline()
open_database(sqlite_url(Path(sys.argv[1]))).close()
"""


def test_four_first_commands_at_once_all_open_it(tmp_path: Path) -> None:
    """Scripts start several commands in a new domain: none may die because another was faster."""
    command = [sys.executable, "-c", OPEN, str(tmp_path / "lorewright.db")]
    openers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)
    ]
    for opener in openers:
        assert opener.stdin is not None
        opener.stdin.write("go\n")
        opener.stdin.flush()

    assert [opener.communicate()[1] for opener in openers] == [""] * 4
