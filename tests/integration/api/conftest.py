"""A served domain with a scripted model, and OpenAI's own client."""

import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import openai
import pytest
import uvicorn
from fastapi import FastAPI

from lorewright.api.app import build_app
from lorewright.jobs import Steps
from lorewright.messages import Message, last_user_turn
from lorewright.models import Engine, EngineKey
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.documents.add import add
from lorewright.workspace.server.server import Server

SETTINGS = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
PAGES = {
    "leave.md": "# Leave\n\nEvery employee has 28 days of leave a year.\n",
    "travel.md": "# Travel\n\nTravel by train. A hotel may cost 120 euros a night.\n",
}


def parrot(messages: Sequence[Message]) -> str:
    """Say what the first numbered text says, or else what the user said."""
    turn = last_user_turn(messages)
    if not turn.startswith("[1]"):
        return f"You said: {turn}"
    return turn.partition("\n\nQuestion:")[0].partition("\n\n[2]")[0].splitlines()[-1] + " [1]"


class Served:
    """A server on a port of this machine, and its administrator's key."""

    def __init__(self, folder: Path) -> None:
        self.running = Server(folder, open_one=self._open)
        self.opened: list[EngineKey] = []
        self.key = self.running.keys.make("test", is_admin=True)[1]
        self.app = build_app(self.running)
        self._server = uvicorn.Server(self.configured(self.app))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def configured(self, app: FastAPI) -> uvicorn.Config:
        """Return how the application is served."""
        return uvicorn.Config(app, port=0, log_level="error", ws="none")

    def client(self, key: str | None = None) -> openai.OpenAI:
        """Return OpenAI's client with the administrator's key, or another."""
        return openai.OpenAI(base_url=f"{self.url}/v1", api_key=key or self.key, max_retries=0)

    def close(self) -> None:
        """Stop the server and wait for its end."""
        self._server.should_exit = True
        self._thread.join()

    def _open(self, key: EngineKey) -> Engine:
        self.opened.append(key)
        said = Path(key.adapter).stem if key.adapter else "parrot"
        return ScriptedEngine(parrot, name=said, fingerprint=f"sha256:{said}")


def lay_out(folder: Path) -> Path:
    """Write a domain with two pages."""
    (folder / "documents").mkdir(parents=True)
    (folder / "lorewright.toml").write_text(SETTINGS)
    for name, text in PAGES.items():
        (folder / "documents" / name).write_text(text)
    return folder


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(lay_out(tmp_path / "handbook"))
    workspace = server.running.workspace
    job = workspace.queue.submit("add", {"paths": [], "is_sync": True})
    add(workspace, {"paths": [], "is_sync": True}, Steps(workspace.queue, job.id, 1))
    yield server
    server.close()


@pytest.fixture
def client(served: Served) -> Iterator[openai.OpenAI]:
    with served.client() as client:
        yield client
