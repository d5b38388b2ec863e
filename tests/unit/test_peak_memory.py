"""What a process took, and not the one that started it."""

import subprocess
import sys

from lorewright.peak_memory import peak_bytes


def test_a_worker_does_not_count_the_memory_of_the_server_that_started_it() -> None:
    """Estimates learn from earlier runs: those ordered by a large server all looked as large as it."""
    held = bytearray(200_000_000)
    code = "from lorewright.peak_memory import peak_bytes; print(peak_bytes())"
    child = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert int(child.stdout) < len(held) < peak_bytes()
