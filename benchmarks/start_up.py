"""How long `lorewright --help` takes over a Python that does nothing.

    python benchmarks/start_up.py

Prints medians of wall and CPU milliseconds over alternating runs, and the difference.
"""

import argparse
import resource
import subprocess
import sys
import time
from statistics import median

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import lorewright": [sys.executable, "-c", "import lorewright"],
    "lorewright --help": [sys.executable, "-m", "lorewright.cli", "--help"],
}


def main() -> None:
    """Run every command in turn, so that a slow moment of the machine hits all of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=20)
    runs = parser.parse_args().runs
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(runs + 1):
        for name, command in COMMANDS.items():
            measured[name].append(timed(command))
    bare = median(wall for wall, _ in measured["python -c pass"][1:])
    for name, pairs in measured.items():
        wall, cpu = median(wall for wall, _ in pairs[1:]), median(cpu for _, cpu in pairs[1:])
        print(
            f"{name:<20} wall {wall:6.0f} ms  cpu {cpu:6.0f} ms  over bare {wall - bare:6.0f} ms  (n={runs})"
        )


def timed(command: list[str]) -> tuple[float, float]:
    """Return wall and CPU milliseconds of one run."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, cpu * 1000


if __name__ == "__main__":
    main()
