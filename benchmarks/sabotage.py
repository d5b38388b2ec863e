"""Kill, race and starve what indexes a domain, and count what is lost, doubled or fails whole.

    python -m benchmarks.sabotage [--n 10] [--pages 80] [--seed 7]

Three attempts, `--n` times each: `add --sync` is killed (`kill -9`, command and worker) at a moment drawn
at random, then run again; two run at once; and one runs while files come and go, beside a pipe, a
link to nothing and a name that is not UTF-8. After each, every file that is there must be one
document, found once by its words. The tests ask the same of single runs; this gives the figures.
"""

import argparse
import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.fixtures.command_line import Domain

from lorewright.workspace import Workspace

SETTINGS = '[models]\nembedding = "hashing"\n'


def main() -> None:
    """Print what came of each attempt."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=10, help="how often each is tried")
    parser.add_argument("--pages", type=int, default=80, help="documents in every domain")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--only", default="", help="killed, twice or coming_and_going")
    given = parser.parse_args()
    draw = random.Random(given.seed)
    attempts: tuple[Callable[[Domain, int, random.Random], str], ...] = (_killed, _twice, _coming_and_going)
    for attempt in (one for one in attempts if given.only in one.__name__):
        counts: Counter[str] = Counter()
        for _ in range(given.n):
            with tempfile.TemporaryDirectory() as folder:
                domain = Domain(Path(folder) / "domain", Path(folder) / "cache")
                domain.write("lorewright.toml", SETTINGS)
                for number in range(given.pages):
                    domain.write(f"documents/locker{number}.md", _page(number))
                when = attempt(domain, given.pages, draw)
                lost, doubled, wrong = _state(domain)
                counts.update(
                    lost=lost, doubled=doubled, wrong=wrong, good=int(not (lost or doubled or wrong))
                )
                counts[when] += 1
        told = ", ".join(f"{name} {n}" for name, n in sorted(counts.items()) if name not in ("good",))
        print(f"{attempt.__name__.strip('_')}: {counts['good']} of {given.n} whole; {told}", flush=True)


def _page(number: int) -> str:
    return (
        f"# Locker {number}\n\nThe locker xq{number}x of the boat house has a key. "
        + "It is kept dry. " * 400
    )


def _killed(domain: Domain, n_pages: int, draw: random.Random) -> str:
    """Kill the command and its worker at some moment, and run it again."""
    process = domain.start("add", "--sync")
    database = domain.folder / ".lorewright" / "lorewright.db"
    n_wanted = draw.randrange(n_pages)
    deadline = time.monotonic() + 120
    while process.poll() is None and _n_documents(database) < n_wanted and time.monotonic() < deadline:
        time.sleep(0.01)
    children: list[int] = []
    with suppress(OSError):
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        children = [int(child) for child in listed.split()]
    was_over = process.poll() is not None
    for pid in (process.pid, *children):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.communicate()
    domain.run("add", "--sync")
    return "killed after its end" if was_over else "killed at work"


def _n_documents(database: Path) -> int:
    """Return how many documents are down already, read beside the worker."""
    import sqlite3  # another process's database: nothing of the workspace is opened

    try:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
            return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])
    except sqlite3.Error:
        return -1


def _twice(domain: Domain, _n_pages: int, _draw: random.Random) -> str:
    """Run two at once."""
    processes = [domain.start("add", "--sync") for _ in range(2)]
    codes = [(process.communicate(), process.returncode)[1] for process in processes]
    return "both ended well" if codes == [0, 0] else f"ended with {codes}"


def _coming_and_going(domain: Domain, n_pages: int, draw: random.Random) -> str:
    """Take files away and bring others while they are read, beside what is no file; then run again."""
    folder = domain.folder / "documents"
    os.mkfifo(folder / "pipe.md")
    (folder / "nowhere.md").symlink_to("gone.md")
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.md")).write_text("# Not UTF-8")
    is_over = threading.Event()

    def disturb() -> None:
        for number in range(n_pages):
            if is_over.wait(0.02):
                return
            with suppress(FileNotFoundError):
                (folder / f"locker{draw.randrange(n_pages)}.md").unlink()
            domain.write(f"documents/locker{n_pages + number}.md", _page(n_pages + number))

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    process = domain.start("add", "--sync")
    process.communicate()
    is_over.set()
    disturbing.join()
    code = process.returncode
    domain.run("add", "--sync")
    return "went on" if code == 0 else f"ended with {code}"


def _state(domain: Domain) -> tuple[int, int, int]:
    """Return how many documents are lost, how many chunks doubled, and how many are there without a file."""
    names = {path.name for path in (domain.folder / "documents").iterdir() if path.name.startswith("locker")}
    lost = doubled = 0
    with Workspace(domain.folder) as workspace:
        known = set(workspace.documents.states())
        for name in sorted(names):
            number = name.removeprefix("locker").removesuffix(".md")
            hits = [
                (hit.chunk.document_id, hit.chunk.start)
                for hit in workspace.collection.search(f"xq{number}x", n=20)
                if hit.chunk.document_id == name and f"xq{number}x" in hit.chunk.text
            ]
            lost += not hits
            doubled += len(hits) - len(set(hits))
    return lost + len(names - known), doubled, len({name for name in known if name not in names})


if __name__ == "__main__":
    main()
