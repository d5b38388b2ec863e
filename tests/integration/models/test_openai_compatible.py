"""Remote models, over real HTTP to a tiny server on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from lorewright.errors import Permanent, RequestRefused, Transient
from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, complete, open_engine
from lorewright.models.engines.openai import OpenAICompatible

ASKED = (Message("system", "Be brief."), Message("user", "How long is leave?"))
KEY = "sk-very-secret"


@dataclass
class RemoteServer:
    """What the server was asked, and how it answers: a status, and an error's words."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    failures: list[tuple[int, str]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[RemoteServer]:
    remote = RemoteServer()

    class Speaker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            remote.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            remote.keys.append(self.headers["Authorization"])
            status, said = remote.failures.pop(0) if remote.failures else (200, "")
            self.send_response(status)
            self.send_header("Content-Type", "application/json" if said else "text/event-stream")
            self.send_header("retry-after-ms", "1")
            self.end_headers()
            self.wfile.write(json.dumps({"error": {"message": said}}).encode() if said else _stream())

        def log_message(self, *_: object) -> None:
            """Keep the terminal clean."""

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Speaker)
    remote.url = f"http://127.0.0.1:{listener.server_port}/v1"
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    yield remote
    listener.shutdown()
    thread.join()
    listener.server_close()


def _stream() -> bytes:
    """Return a completion as OpenAI streams it."""
    deltas = [{"role": "assistant", "content": ""}, {"content": "30 "}, {"content": "days."}]
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": 14, "completion_tokens": 3, "total_tokens": 17}
    chunks.append({"choices": [], "usage": usage | {"prompt_tokens_details": {"cached_tokens": 8}}})
    frame = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    lines = [f"data: {json.dumps(frame | chunk)}\n\n" for chunk in chunks]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


@pytest.fixture
def engine(server: RemoteServer) -> Iterator[OpenAICompatible]:
    engine = OpenAICompatible("large", base_url=server.url, api_key=KEY)
    yield engine
    engine.close()


def test_a_completion_is_streamed_with_its_usage(engine: OpenAICompatible, server: RemoteServer) -> None:
    pieces = list(engine.stream(ASKED, sampling=Sampling(max_tokens=9, seed=3, stop=("\n",))))

    assert [piece.text for piece in pieces] == ["30 ", "days.", ""]
    assert pieces[-1].finish_reason == "stop"
    assert pieces[-1].usage is not None
    assert (pieces[-1].usage.prompt_tokens, pieces[-1].usage.cached_tokens) == (14, 8)
    asked = server.requests[0]
    assert asked["messages"][1] == {"role": "user", "content": "How long is leave?"}
    assert (asked["model"], asked["max_tokens"], asked["seed"], asked["stop"]) == ("large", 9, 3, ["\n"])
    assert server.keys == [f"Bearer {KEY}"]


def test_a_stream_ends_when_it_is_stopped(engine: OpenAICompatible) -> None:
    asked = iter([False, False, True])

    pieces = engine.stream(ASKED, sampling=Sampling(), stopped=lambda: next(asked))

    assert [piece.text for piece in pieces] == ["30 "]


def test_a_busy_server_is_asked_again(engine: OpenAICompatible, server: RemoteServer) -> None:
    server.failures = [(429, "Slow down."), (503, "Loading.")]

    assert complete(engine, ASKED).text == "30 days."
    assert len(server.requests) == 3


def test_a_server_that_stays_busy_is_worth_another_try_later(
    engine: OpenAICompatible, server: RemoteServer
) -> None:
    server.failures = [(503, "Loading.")] * 9

    with pytest.raises(Transient, match="overloaded or failing: Loading"):
        complete(engine, ASKED)


def test_a_refused_key_is_not_repeated(engine: OpenAICompatible, server: RemoteServer) -> None:
    server.failures = [(401, "Incorrect API key provided.")]

    with pytest.raises(Permanent, match="rejected the API key") as caught:
        complete(engine, ASKED)

    assert "models.api_key_env" in caught.value.hint
    assert KEY not in f"{caught.value} {caught.value.hint}"


def test_an_unknown_model_is_named(engine: OpenAICompatible, server: RemoteServer) -> None:
    server.failures = [(404, "The model `large` does not exist.")]

    with pytest.raises(Permanent, match=r"large at http://127.*does not exist"):
        complete(engine, ASKED)


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    nowhere = OpenAICompatible("large", base_url="http://127.0.0.1:1/v1", n_retries=0)
    with pytest.raises(Transient, match="cannot be reached"):
        complete(nowhere, ASKED)
    nowhere.close()


def test_a_remote_model_is_opened_by_its_uri(server: RemoteServer, tmp_path: Any) -> None:
    engine = open_engine(f"openai:large@{server.url}", store=ModelStore(tmp_path))

    assert complete(engine, ASKED).text == "30 days."
    assert engine.fingerprint == f"{server.url}#large"
    assert 5 <= engine.count_tokens(ASKED) <= 30
    engine.close()


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_the_server_does_not_take_is_the_clients(
    engine: OpenAICompatible, server: RemoteServer, status: int
) -> None:
    """A 5xx would be tried again twice by every SDK."""
    server.failures = [(status, "Invalid value for 'top_p'.")]

    with pytest.raises(RequestRefused, match="top_p"):
        list(engine.chat({"messages": [{"role": "user", "content": "Hello"}], "top_p": 9}))
