"""Tuned adapters on a vLLM server; a small server with the same endpoints stands in for it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lorewright.errors import Permanent, Transient
from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, open_engine

CHUNK = {
    "id": "c", "object": "chat.completion.chunk", "created": 0, "model": "run-1",
    "choices": [{"index": 0, "delta": {"content": "GREEN"}, "finish_reason": "stop"}],
}  # fmt: skip


class StandIn(ThreadingHTTPServer):
    """Loads, unloads and answers; `loaded` maps names to folders."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.loaded: dict[str, str] = {}

    @property
    def url(self) -> str:
        """The base URL."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class Asked(BaseHTTPRequestHandler):
    """One request."""

    server: StandIn

    def do_POST(self) -> None:
        """Answer as vLLM does."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path == "/v1/load_lora_adapter":
            is_known = body["lora_name"] in self.server.loaded
            self.server.loaded[body["lora_name"]] = body["lora_path"]
            self._say(400 if is_known else 200, b"The adapter is already loaded." if is_known else b"Success")
        elif self.path == "/v1/unload_lora_adapter":
            self.server.loaded.pop(body["lora_name"])
            self._say(200, b"Success")
        elif body.get("model") in self.server.loaded:
            self._say(200, f"data: {json.dumps(CHUNK)}\n\ndata: [DONE]\n\n".encode(), "text/event-stream")
        else:
            self._say(404, b"{}")

    def _say(self, status: int, content: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library names it
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[StandIn]:
    with StandIn() as standing:
        thread = threading.Thread(target=standing.serve_forever, daemon=True)
        thread.start()
        yield standing
        standing.shutdown()
        thread.join()


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    """A run as tuning leaves it: the GGUF adapter, its safetensors beside it."""
    (tmp_path / "run-1" / "adapter").mkdir(parents=True)
    (tmp_path / "run-1" / "adapter" / "adapter_config.json").write_text("{}")
    return tmp_path / "run-1" / "adapter.gguf"


def test_an_adapter_is_loaded_asked_and_unloaded(server: StandIn, adapter: Path, tmp_path: Path) -> None:
    """A tuned model answers from a GPU elsewhere without anybody loading it by hand."""
    store = ModelStore(tmp_path)
    engine = open_engine("pypi:any==1", store=store, adapter=adapter, adapters_at=server.url)
    assert server.loaded == {"run-1": str(adapter.parent / "adapter")}

    said = "".join(piece.text for piece in engine.stream([Message("user", "Python?")], sampling=Sampling()))
    again = open_engine("pypi:any==1", store=store, adapter=adapter, adapters_at=server.url)
    again.close()
    engine.close()

    assert said == "GREEN"
    assert server.loaded == {}


def test_a_server_that_takes_no_adapters_is_told_of(adapter: Path, tmp_path: Path, server: StandIn) -> None:
    """Ollama has no such endpoint: the way out must be named."""
    with pytest.raises(Permanent, match="could not load") as told:
        open_engine(
            "pypi:any==1", store=ModelStore(tmp_path), adapter=adapter, adapters_at=server.url + "/elsewhere"
        )
    assert "Ollama" in told.value.hint or "vLLM" in told.value.hint


def test_a_server_that_is_away_is_worth_another_try(adapter: Path, tmp_path: Path) -> None:
    """A GPU that restarts must not fail a job for good."""
    with pytest.raises(Transient, match="cannot be reached"):
        open_engine(
            "pypi:any==1", store=ModelStore(tmp_path), adapter=adapter, adapters_at="http://127.0.0.1:1/v1"
        )
