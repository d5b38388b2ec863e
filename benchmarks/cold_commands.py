"""What `search`, `ask` and `add --sync` cost: as processes of their own, and beside one that stays.

    python -m benchmarks.cold_commands --runs 7

Makes a domain with twenty pages and runs each command in turn. Prints medians of the CPU seconds of
the command, and of what the process that stays used for it (0 where there is none).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.cpu_time import cpu_seconds
from benchmarks.start_up import timed
from lorewright.cli.resident import SOCKET
from lorewright.workspace import init_domain

COMMANDS = {
    "search": ["search", "Which machine needs oil?"],
    "search by words": ["search", "Which machine needs oil?", "--mode", "text"],
    "ask (quote)": ["ask", "Which machine needs oil?", "--arm", "quote"],
    "add (unchanged)": ["add", "--sync"],
    "ask (rag)": ["ask", "Which machine needs oil?", "--arm", "rag"],
}


def main() -> None:
    """Run every command without and with a process that stays."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as place:
        folder = init_domain(Path(place) / "desk")
        for number in range(20):
            page = f"# Machine {number}\n\nMachine {number} needs oil every {number + 2} days.\n"
            (folder / "documents" / f"{number}.md").write_text(page)
        run(folder, ["add", "--sync"])
        report("alone", folder, runs, 0)
        with staying(folder) as pid:
            report("beside a process that stays", folder, runs, pid)


def report(how: str, folder: Path, runs: int, pid: int) -> None:
    """Print the medians of every command; its first run warms up."""
    print(f"{how}:")
    for name, words in COMMANDS.items():
        own, other = [], []
        for _ in range(runs + 1):
            before = cpu_seconds(pid) if pid else 0.0
            own.append(run(folder, words))
            other.append((cpu_seconds(pid) if pid else 0.0) - before)
        print(f"  {name:<16} {median(own[1:]):.2f} + {median(other[1:]):.2f} CPU-s (n={runs})", flush=True)


def run(folder: Path, words: list[str]) -> float:
    """Return the CPU seconds of a command."""
    command = [sys.executable, "-m", "lorewright.cli", words[0], "--domain", str(folder), *words[1:]]
    return timed(command)[1] / 1000


@contextmanager
def staying(folder: Path) -> Iterator[int]:
    """Leave a process behind, as a first command at a terminal does."""
    process = subprocess.Popen([sys.executable, "-m", "lorewright.cli.staying", str(folder)])
    while not (folder / ".lorewright" / SOCKET).exists():
        time.sleep(0.05)
    time.sleep(2)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
