"""Documents into an index over two Ray nodes of this machine, one of which is killed at half.

    python -m benchmarks.ray_ingestion --documents 2000
    python -m benchmarks.ray_ingestion --documents 500 --embedding hashing

The same pages are added three times: without Ray, over two nodes, and over two nodes of which one loses all
of its processes when half of the pages are in. Prints for each the pages in the index, lost and twice, and
the CPU seconds of everything: command, job, head, nodes, and what they started. On one machine this tells
what Ray costs, not what a second machine brings. Needs the extra `ray`.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage

from tests.fixtures.ray_nodes import RayNodes

from benchmarks.cpu_time import Meter
from lorewright.workspace import Workspace, init_domain

_VOCABULARY = (
    "account answer branch budget buyer cause change claim client contract cost country court date day door "
    "engine family field figure form garden group hand home hour house island job key law letter level line "
    "list market meeting member month night note office order owner paper part plan plant price question "
    "rate report road room rule sale school season section ship shop side staff state store street table "
    "teacher term test time town trade train visit voice wall water week winter word work year"
)
_PARAGRAPHS, _WORDS = 8, 45


def main() -> None:
    """Print the three runs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--embedding", default="minilm", help="the embedding model (default: minilm)")
    parser.add_argument("--runs", default="alone,spread,killed", help="which of the three, with commas")
    given = parser.parse_args()
    base = 0.0
    for name in given.runs.split(","):
        with tempfile.TemporaryDirectory() as place:
            folder = lay_out(Path(place) / "domain", given.documents, given.embedding)
            line, cpu = measured(folder, given.documents, name)
        base = base or (cpu if name == "alone" else 0.0)
        ratio = f", {cpu / base:.2f} of alone" if base and name != "alone" else ""
        print(f"{name:7} {line}; CPU {cpu:.0f} s{ratio}", flush=True)


def lay_out(folder: Path, n: int, embedding: str) -> Path:
    """Write a domain with pages of words at random, about 2,500 characters each."""
    init_domain(folder)
    (folder / "lorewright.toml").write_text(f'[models]\nembedding = "{embedding}"\n')
    drawn = random.Random(20)
    words = _VOCABULARY.split()
    for number in range(n):
        paragraphs = (
            f"The {' '.join(drawn.choices(words, k=_WORDS))} is rule {number}.{part}."
            for part in range(_PARAGRAPHS)
        )
        text = "\n\n".join(paragraphs)
        (folder / "documents" / f"page-{number:06}.md").write_text(f"# Page {number}\n\n{text}\n")
    return folder


def measured(folder: Path, n: int, name: str) -> tuple[str, float]:
    """Return what a run came to, and its CPU seconds."""
    if name == "alone":
        return _added(folder, n, None, is_killed=False)
    with RayNodes() as nodes:
        nodes.add()
        return _added(folder, n, nodes, is_killed=name == "killed")


def _added(folder: Path, n: int, nodes: RayNodes | None, *, is_killed: bool) -> tuple[str, float]:
    begun, at_start = time.perf_counter(), _children_seconds()
    pids = nodes.pids if nodes else []
    meter = Meter(pids)  # Ray does not wait for its workers: their seconds are in none of its processes
    meter.start()  # what starting the cluster took is not the documents'
    where = ["--on", nodes.address] if nodes else []
    job = subprocess.Popen(
        [sys.executable, "-m", "lorewright.cli", "add", "--sync", *where],
        cwd=folder, env=nodes.environment if nodes else None, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    n_at_kill, killing = 0, 0.0
    if is_killed and nodes is not None:
        while job.poll() is None and n_at_kill * 2 < n:
            time.sleep(0.2)
            n_at_kill = sum(_indexed(folder).values())
        before = _children_seconds()
        nodes.kill(pids[-1])
        killing = _children_seconds() - before
    job.wait()
    cluster = meter.seconds()
    seconds = time.perf_counter() - begun
    cpu = _children_seconds() - at_start - killing + cluster
    indexed = _indexed(folder)
    with Workspace(folder) as workspace:
        n_chunks = workspace.collection.n_chunks
        ids = {chunk.id for name in indexed for chunk in workspace.collection.chunks_of(name)}
    line = f"{sum(indexed.values())} of {n} in the index, {n - sum(indexed.values())} lost, "
    line += f"{n_chunks - len(ids)} chunks twice; {len(ids)} chunks, {seconds:.0f} s"
    return line + (f", killed at {n_at_kill}" if is_killed else ""), cpu


def _indexed(folder: Path) -> dict[str, bool]:
    """Return of every document whether the index holds its text."""
    with Workspace(folder) as workspace:
        states = workspace.documents.states()
    return {name: state.indexed_hash == state.text_hash for name, state in states.items()}


def _children_seconds() -> float:
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
