"""Every client against one server: what it can do, as values."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.environments import SHARED, Client, NotInstalled, cache_folder, command_of
from tests.clients.serving import Address

PATIENCE_SECONDS = 900


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check went: `ok`, `failed` or `not applicable`, with the reason."""

    outcome: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A client with what it can do, or why it could not be tried."""

    client: Client
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    skipped: str = ""


def try_all(clients: Iterable[Client], address: Address) -> Iterator[Tried]:
    """Yield each client as soon as it was tried, one after the other."""
    for client in clients:
        try:
            command = command_of(client, cache_folder())
        except NotInstalled as reason:
            yield Tried(client, skipped=str(reason))
        else:
            yield Tried(client, _outcomes(command, address))


def _outcomes(command: list[str], address: Address) -> dict[str, Outcome]:
    """Return what a check reported; what it left out when it broke is in the log beside it."""
    with tempfile.TemporaryDirectory() as folder:
        home = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
        environment = {**home, **address.environment(), "PYTHONPATH": str(SHARED), "HOME": folder}
        log = Path(folder) / "log"
        with log.open("w") as told:
            done = subprocess.run(
                command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=told, text=True,
                timeout=PATIENCE_SECONDS, check=False,
            )  # fmt: skip
        said = log.read_text()
    if os.environ.get("LOREWRIGHT_VERBOSE") or done.returncode:
        print(done.stdout[-4000:], said[-8000:])
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"capability"')]
    outcomes = {line["capability"]: Outcome(line["outcome"], line["detail"]) for line in lines}
    if done.returncode:
        last = said.strip().splitlines()[-1:] or ["the check ended without a word"]
        outcomes["start"] = Outcome("failed", last[0])
    return outcomes
