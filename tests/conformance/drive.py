"""Every scenario against a server with a scripted model."""

from pathlib import Path

from tests.conformance import answering, keeping, tuning
from tests.conformance.inventory import shape
from tests.conformance.probe import Probe, Stopped
from tests.fixtures.served import Served, lay_out
from tests.fixtures.tiny_base import write_tiny_gguf

from lorewright.workspace.server.server import Server

SCENARIOS = (*answering.SCENARIOS, *keeping.SCENARIOS, *tuning.SCENARIOS)
PREFIX = "/v1"


def drive(folder: Path) -> tuple[Probe, list[str]]:
    """Return what was found, and the endpoints the server has, as shapes like `GET /files/{}`."""
    server = Served(_lay_out(folder))
    probe = Probe(f"{server.url}{PREFIX}", server.key)
    try:
        _add_documents(server.running)
        for scenario in SCENARIOS:
            try:
                scenario(probe)
            except Stopped:
                continue  # what could not be done is among the checks
        return probe, _served(server)
    finally:
        probe.client.close()
        server.close()


def _lay_out(folder: Path) -> Path:
    """Return a domain whose chat model has weights to learn with, though its answers are scripted."""
    domain, base = lay_out(folder / "handbook"), write_tiny_gguf(folder / "parrot.gguf")
    settings = domain / "lorewright.toml"
    settings.write_text(settings.read_text().replace("/models/parrot.gguf", str(base)))
    return domain


def _served(server: Served) -> list[str]:
    return [
        shape(f"{verb.upper()} {path.removeprefix(PREFIX)}")
        for path, verbs in server.app.openapi()["paths"].items()
        for verb in verbs
    ]


def _add_documents(running: Server) -> None:
    running.start("add", {"paths": [], "is_sync": True})
    running.workers.wait()
