"""Several servers and workers on one database: how much faster or slower than SQLite, and what a kill costs.

    python -m benchmarks.hosts jobs --postgres postgresql+psycopg://me@127.0.0.1/empty
    python -m benchmarks.hosts requests --postgres postgresql+psycopg://me@127.0.0.1/empty
    python -m benchmarks.hosts chaos --postgres postgresql+psycopg://me@127.0.0.1/empty --minutes 4

`jobs`: four processes take, claim, step and finish jobs that do nothing: jobs a second, both databases
in turn, three rounds. `requests`: a served domain answers cheap requests of eight clients: requests a
second, and processor seconds a thousand. `chaos`: two servers and two workers under load, one of them
killed with -9 every few seconds and started again; then every acknowledged write must be there, and
every job over, each step once. The database must be empty; it is left full.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import httpx2

from benchmarks.cpu_time import cpu_seconds
from lorewright.jobs import STARTED, Queue
from lorewright.storage import Records, open_database, sqlite_url

N_WORKERS, N_CLIENTS, N_ROUNDS = 4, 8, 3
QUIET_SECONDS = 90.0
"""After how long without any job that ends the rest counts as stuck."""
ENDPOINTS = ("/readyz", "/v1/files", "/v1/vector_stores", "/lorewright/v1/jobs")
WORK = """
import os, sys
from contextlib import closing
from lorewright.jobs import Queue
from lorewright.storage import open_database
with closing(open_database(sys.argv[1])) as database:
    queue = Queue(database)
    print("ready", flush=True)
    sys.stdin.readline()
    while (job := queue.take([sys.argv[2]])) is not None:
        claimed = queue.claim(job.id, os.getpid())
        queue.save_step(job.id, "step", "1", attempt=claimed.attempt, seconds=0.0)
        queue.finish(job.id, None, attempt=claimed.attempt)
"""


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("jobs", "requests", "chaos"))
    parser.add_argument("--postgres", required=True, metavar="URL", help="an empty database")
    parser.add_argument("--n", type=int, default=400, help="jobs of a round")
    parser.add_argument("--seconds", type=float, default=20.0, help="of requests to each server")
    parser.add_argument("--minutes", type=float, default=4.0, help="of chaos")
    parser.add_argument("--every", type=float, default=20.0, help="seconds between two kills")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lorewright-hosts-") as folder:
        {"jobs": jobs, "requests": requests, "chaos": chaos}[arguments.what](arguments, Path(folder))


def jobs(arguments: argparse.Namespace, folder: Path) -> None:
    """Print how many empty jobs a second four workers do on each database."""
    urls = {"sqlite": sqlite_url(folder / "lorewright.db"), "postgres": arguments.postgres}
    rates: dict[str, list[float]] = {name: [] for name in urls}
    for turn in range(N_ROUNDS):
        for name, url in urls.items():
            rates[name].append(_jobs_a_second(url, f"round {turn} {uuid4().hex[:6]}", arguments.n))
    for name, found in rates.items():
        shown = ", ".join(f"{rate:.0f}" for rate in found)
        print(f"{name:<9} {median(found):6.0f} jobs a second ({shown}; n = {arguments.n} each)")
    print(f"ratio {median(rates['postgres']) / median(rates['sqlite']):.2f}")


def _jobs_a_second(url: str, kind: str, n: int) -> float:
    with closing(open_database(url)) as database:
        queue = Queue(database)
        for turn in range(n):
            job = queue.submit(kind, {"turn": turn})
            Records(database, STARTED).add(f"start_{job.id}", {}, label=job.id)
        workers = [
            subprocess.Popen(
                [sys.executable, "-c", WORK, url, kind], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            for _ in range(N_WORKERS)
        ]
        for worker in workers:
            assert worker.stdout is not None
            worker.stdout.readline()
        begun = time.perf_counter()
        for worker in workers:
            worker.communicate(b"go\n")
        seconds = time.perf_counter() - begun
        states = Counter((job.state, job.attempt) for job in queue.all(kind=kind))
        assert states == {("finished", 1): n}, states
    return n / seconds


class Served:
    """A server or a worker of a domain, as a process of its own."""

    def __init__(self, domain: Path, *words: str) -> None:
        self.domain, self.words = domain, words
        self.url, self.key = "", ""
        self.start()

    def start(self) -> None:
        """Start it, and wait until it says that it is there."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lorewright.cli", *self.words, "--json"],
            cwd=self.domain, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert self.process.stdout is not None
        told = ""
        while line := self.process.stdout.readline():
            told += line
            with contextlib.suppress(json.JSONDecodeError):
                body = json.loads(told)
                if "error" in body:
                    break
                self.url = str(body.get("base_url", "")).removesuffix("/v1")
                self.key = str(body.get("key") or "")
                return
        raise RuntimeError(f"{self.words} did not start: {told}")

    def kill(self, *, with_children: bool) -> None:
        """Kill it with -9, with everything it started or alone."""
        pids = [self.process.pid, *(_descendants(self.process.pid) if with_children else [])]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.communicate()

    def stop(self) -> None:
        """Stop it in order."""
        self.process.terminate()
        self.process.communicate()


def lay_out(folder: Path, url: str) -> Path:
    """Write a domain that embeds with hashes and answers with nothing; return its folder."""
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "leave.md").write_text("# Leave\n\n28 days a year.\n")
    storage = f'[storage]\nurl = "{url}"\n' if url else ""
    models = '[models]\nembedding = "hashing"\nchat = "file:/no/model.gguf"\n'
    settings = f"{models}{storage}[serve]\naccess_log = false\n"
    (folder / "lorewright.toml").write_text(settings)
    return folder


def requests(arguments: argparse.Namespace, folder: Path) -> None:
    """Print how many cheap requests a second a server answers on each database."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name, url in {"sqlite": "", "postgres": arguments.postgres}.items():
        no_jobs = ("--can", "none") if url else ()  # with SQLite the server does them, and there are none
        server = Served(lay_out(folder / name, url), "serve", "--no-studio", "--port", "0", *no_jobs)
        try:
            _warm_up(server)
            for path in ENDPOINTS:
                found.setdefault(path, []).append(_requests_a_second(server, path, arguments.seconds))
        finally:
            server.stop()
    for path, ((sqlite, sqlite_cpu), (postgres, postgres_cpu)) in found.items():
        print(
            f"{path:<22} sqlite {sqlite:6.0f}/s {sqlite_cpu:5.2f} CPU-s a thousand; "
            f"postgres {postgres:6.0f}/s {postgres_cpu:5.2f}; ratio {postgres / sqlite:.2f}"
        )


def _warm_up(server: Served) -> None:
    """Return when it has loaded what it listens before: a request waits for that."""
    with httpx2.Client(
        base_url=server.url, headers={"Authorization": f"Bearer {server.key}"}, timeout=300
    ) as client:
        for path in ENDPOINTS:
            while client.get(path).status_code != 200:
                time.sleep(0.5)


def _requests_a_second(server: Served, path: str, seconds: float) -> tuple[float, float]:
    over, counts = threading.Event(), [0] * N_CLIENTS
    headers = {"Authorization": f"Bearer {server.key}"}

    def ask(place: int) -> None:
        with httpx2.Client(base_url=server.url, headers=headers, timeout=60) as client:
            while not over.is_set():
                assert client.get(path).status_code == 200
                counts[place] += 1

    threads = [threading.Thread(target=ask, args=(place,)) for place in range(N_CLIENTS)]
    used = cpu_seconds(server.process.pid)
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()
    cpu = cpu_seconds(server.process.pid) - used
    return sum(counts) / seconds, cpu / sum(counts) * 1000


class Load:
    """Clients that write through whichever server answers, and what was acknowledged to them."""

    def __init__(self, servers: list[Served], key: str) -> None:
        self._servers, self._headers = servers, {"Authorization": f"Bearer {key}"}
        self.over = threading.Event()
        self.kept: dict[str, list[tuple[str, str]]] = {"conversation": [], "file": [], "indexed": []}
        self.n_refused = 0
        self.threads = [threading.Thread(target=self._write, args=(n,)) for n in range(N_CLIENTS // 2)]

    def _write(self, number: int) -> None:
        turn = 0
        while not self.over.is_set():
            turn += 1
            server = random.choice(self._servers)
            try:
                with httpx2.Client(base_url=server.url, headers=self._headers, timeout=60) as client:
                    self._write_all(client, f"{number}-{turn}")
            except (httpx2.HTTPError, KeyError):
                self.n_refused += 1
            time.sleep(0.2)

    def _write_all(self, client: httpx2.Client, name: str) -> None:
        made = client.post("/v1/conversations", json={"metadata": {"name": name}}).json()
        self.kept["conversation"].append((made["id"], name))
        content = f"# Note {name}\n\nThe number of note {name} is {uuid4().hex}.\n"
        sent = client.post(
            "/v1/files", files={"file": (f"{name}.md", content.encode())}, data={"purpose": "assistants"}
        ).json()
        self.kept["file"].append((sent["id"], content))
        if not name.endswith("0"):  # a job takes longer than a write
            return
        store = client.post("/v1/vector_stores", json={"name": name, "file_ids": [sent["id"]]}).json()
        self.kept["indexed"].append((store["id"], sent["id"]))


def chaos(arguments: argparse.Namespace, folder: Path) -> None:
    """Kill servers and workers at random under load, then count what was lost and what is stuck."""
    rng = random.Random(arguments.seed)
    domain = lay_out(folder / "desk", arguments.postgres)
    first = Served(domain, "serve", "--no-studio", "--port", "0", "--can", "none")
    servers = [first, Served(domain, "serve", "--no-studio", "--port", "0", "--can", "none")]
    workers = [Served(domain, "worker") for _ in range(2)]
    load = Load(servers, first.key)
    key = first.key
    for thread in load.threads:
        thread.start()
    n_kills, end = 0, time.monotonic() + arguments.minutes * 60
    while time.monotonic() < end:
        time.sleep(arguments.every)
        victim = rng.choice([*servers, *workers])
        victim.kill(with_children=rng.random() < 0.5)
        n_kills += 1
        victim.start()
        print(f"killed {victim.words[0]}, {_summary(load)}", flush=True)
    load.over.set()
    for thread in load.threads:
        thread.join()
    with _asking(servers[0], key) as ask, closing(open_database(arguments.postgres)) as database:
        queue = Queue(database)
        n_left, seen_at = -1, time.monotonic()
        while (left := Records(database, STARTED).count()) and time.monotonic() - seen_at < QUIET_SECONDS:
            if left != n_left:
                n_left, seen_at = left, time.monotonic()
            time.sleep(1.0)
        stuck = [job for job in queue.all() if not job.is_over]
        lost = list(_lost(load, ask))
        states = Counter(job.state for job in queue.all())
        again = sum(job.attempt > 1 for job in queue.all())
    print(f"{n_kills} kills in {arguments.minutes:g} minutes; {_summary(load)}")
    print(f"acknowledged writes lost: {len(lost)} {lost[:3]}")
    print(f"jobs stuck: {len(stuck)}; jobs: {dict(states)}; {again} went on after their worker was lost")
    for process in (*servers, *workers):
        process.stop()
    sys.exit(bool(lost or stuck))


def _summary(load: Load) -> str:
    counts = ", ".join(f"{len(found)} {kind}s" for kind, found in load.kept.items())
    return f"acknowledged: {counts}; refused: {load.n_refused}"


def _lost(load: Load, ask: Callable[[str], Any]) -> Iterator[str]:
    """Yield every acknowledged write that is not there, or not as it was sent."""
    for made, name in load.kept["conversation"]:
        if ask(f"/v1/conversations/{made}").get("metadata") != {"name": name}:
            yield f"conversation {made}"
    for made, content in load.kept["file"]:
        if ask(f"/v1/files/{made}/content") != content:
            yield f"file {made}"
    for store, file in load.kept["indexed"]:
        status = ask(f"/v1/vector_stores/{store}/files/{file}").get("status")
        if status != "completed":
            yield f"{file} in {store}: {status}"


@contextmanager
def _asking(server: Served, key: str) -> Iterator[Callable[[str], Any]]:
    with httpx2.Client(base_url=server.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:

        def ask(path: str) -> Any:
            answer = client.get(path)
            is_json = answer.headers.get("content-type", "").startswith("application/json")
            return answer.json() if is_json else answer.text

        yield ask


def _descendants(pid: int) -> list[int]:
    found = list[int]()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found


if __name__ == "__main__":
    main()
