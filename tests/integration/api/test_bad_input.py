"""Requests that no client should send: each ends in an error that says what is wrong, and in nothing else."""

import json
import socket
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
import uvicorn
from tests.fixtures.served import SETTINGS, Served, lay_out
from tests.fixtures.upstream import DIES, Remote, Upstream

from lorewright.api.http.bodies import impatient
from lorewright.models import EnginePool

HELLO = {"model": "parrot", "messages": [{"role": "user", "content": "Hello"}]}
PART = {"role": "user", "content": [{"type": "text", "text": 5}]}
SAID = {"role": "assistant", "content": [{"type": "output_text", "text": "a", "annotations": 5}]}
PATIENCE = 0.3
"""Seconds; more than enough on this machine for a request that is sent at once."""


class Impatient(Served):
    """A server that waits for nobody, in the way that `lorewright serve` does not wait for long."""

    def configured(self, app: Any) -> uvicorn.Config:
        return uvicorn.Config(app, port=0, log_level="error", ws="none", http=impatient(PATIENCE))


@pytest.fixture
def impatient_server(tmp_path: Path) -> Iterator[Served]:
    folder = lay_out(tmp_path / "handbook")
    (folder / "lorewright.toml").write_text(f"{SETTINGS}[serve]\npatience_seconds = {PATIENCE}\n")
    server = Impatient(folder)
    yield server
    server.close()


def post(served: Served, path: str, content: bytes, kind: str = "application/json") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {served.key}", "Content-Type": kind}
    return httpx2.post(f"{served.url}{path}", content=content, headers=headers, timeout=60)


@pytest.mark.parametrize(
    "content",
    [b"{", b"", b"[]", b'"text"', b"\xff\xfe", b'{"model": NaN', b"[" * 20_000],
)
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/responses", "/v1/vector_stores"])
def test_what_is_no_json_object_is_a_bad_request(served: Served, path: str, content: bytes) -> None:
    said = post(served, path, content)
    assert said.status_code == 400
    assert said.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/v1/chat/completions", {"model": 1, "messages": []}, "model"),
        ("/v1/chat/completions", {"model": "parrot", "messages": "hello"}, "messages"),
        ("/v1/chat/completions", {"model": "parrot", "messages": [7]}, "messages"),
        ("/v1/embeddings", {"model": "hashing", "input": {"a": 1}}, "input"),
        ("/v1/vector_stores", {"file_ids": "file-1"}, "file_ids"),
        ("/v1/fine_tuning/jobs", {"model": "parrot", "training_file": ["file-1"]}, "training_file"),
        ("/v1/responses", {"model": "parrot", "input": 7}, "input"),
        ("/v1/responses", {"model": "parrot", "input": [SAID]}, "input[0].content[0].annotations"),
        ("/v1/chat/completions", HELLO | {"response_format": {"type": "yaml"}}, "response_format.type"),
        ("/v1/chat/completions", HELLO | {"top_logprobs": 2}, "top_logprobs"),
        ("/v1/chat/completions", HELLO | {"tools": [{"type": "custom"}]}, "tools[0].type"),
        ("/v1/chat/completions", HELLO | {"messages": [{"role": "foo", "content": "a"}]}, "messages.0.role"),
        ("/v1/chat/completions", HELLO | {"messages": [{"role": "user"}]}, "messages.0.content"),
        ("/v1/chat/completions", HELLO | {"messages": [PART]}, "messages.0.content.0.text"),
        (
            "/v1/chat/completions",
            HELLO | {"messages": [{"role": "user", "content": ["a"]}]},
            "messages.0.content.0",
        ),
        (
            "/v1/chat/completions",
            HELLO | {"messages": [{"role": "user", "content": [{"type": ["text"]}]}]},
            "messages.0.content.0",
        ),
        (
            "/v1/chat/completions",
            HELLO | {"messages": [PART], "model": "handbook/rag"},
            "messages.0.content.0.text",
        ),
    ],
)
def test_a_wrong_type_is_named(served: Served, path: str, body: Any, param: str) -> None:
    said = post(served, path, json.dumps(body).encode())
    assert said.status_code == 400
    assert said.json()["error"]["param"].startswith(param)


def test_a_body_that_is_nested_too_deep_says_so(served: Served) -> None:
    for depth in (200, 20_000):
        content = b'{"model": "parrot", "messages": ' + b"[" * depth + b"]" * depth + b"}"
        said = post(served, "/v1/chat/completions", content)
        assert (said.status_code, "too deep" in said.json()["error"]["message"]) == (400, True)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"store": True, "messages": [{"role": "user", "content": "?"}]}),
        ("/v1/responses", {"input": "?"}),
        ("/v1/conversations", {"items": [{"type": "message", "role": "user", "content": "?"}]}),
        ("/v1/messages", {"max_tokens": 5, "messages": [{"role": "user", "content": "?"}]}),
        ("/v1/vector_stores", {"name": "?"}),
        ("/lorewright/v1/feedback", {"answer": "?", "thumb": "up"}),
    ],
)
def test_half_of_a_letter_is_a_bad_request_everywhere(served: Served, path: str, body: Any) -> None:
    content = json.dumps({"model": "parrot"} | body).replace("?", "\\ud83d")
    said = post(served, path, content.encode())
    assert said.status_code == 400
    assert "surrogate" in said.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/chat/completions", {"messages": [{"role": "user", "content": "a"}], "stream": None, "n": None}),
        (
            "/v1/completions",
            {"prompt": "a", "seed": None, "temperature": None, "max_tokens": None, "echo": None},
        ),
        ("/v1/responses", {"input": "a", "tools": None, "tool_choice": None}),
        ("/v1/messages", {"max_tokens": 5, "messages": [{"role": "user", "content": "a"}], "tools": None}),
    ],
)
def test_null_is_not_given(served: Served, path: str, body: Any) -> None:
    """Many SDKs send every field that they know."""
    assert post(served, path, json.dumps({"model": "parrot", **body}).encode()).status_code == 200


@pytest.mark.parametrize(
    ("path", "instead"),
    [
        ("/v1/assistants", "Use /v1/responses"),
        ("/chat/completions", "Did you mean /v1/chat/completions?"),
        ("/v1/v1/models", "Did you mean /v1/models?"),
        ("/v1/audio/speech", "Audio is not supported"),
        ("/v1/nowhere", "/openapi.json"),
    ],
)
def test_a_url_that_is_not_served_says_what_to_use_instead(served: Served, path: str, instead: str) -> None:
    said = post(served, path, b"{}")
    assert said.status_code == 404
    assert path in said.json()["error"]["message"]
    assert instead in said.json()["error"]["message"]


def test_more_than_a_page_holds_is_a_page(served: Served) -> None:
    """OpenAI's API caps `limit`; a client that asks for a thousand is not wrong."""
    headers = {"Authorization": f"Bearer {served.key}"}
    said = httpx2.get(f"{served.url}/v1/vector_stores?limit=1000", headers=headers)
    assert said.status_code == 200
    assert httpx2.get(f"{served.url}/v1/vector_stores?limit=0", headers=headers).status_code == 400


def test_a_form_that_is_none_is_a_bad_request(served: Served) -> None:
    said = post(served, "/v1/files", b"no boundary here", "multipart/form-data")
    assert said.status_code == 400
    assert said.json()["error"]["type"] == "invalid_request_error"


def test_an_upload_that_breaks_off_leaves_nothing(served: Served) -> None:
    """Half a file is no file: neither in the list nor on the disk."""
    host, port = address(served)
    head = (
        f"POST /v1/files HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {served.key}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\nContent-Length: 100000\r\n\r\n"
    )
    part = '--cut\r\nContent-Disposition: form-data; name="file"; filename="half.txt"\r\n\r\nthe first half'
    with socket.create_connection((host, port)) as connection:
        connection.sendall((head + part).encode())
        # Closed by a reset, as by a cable that is pulled out.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with served.client() as client:
        assert client.files.list().data == []
    blobs = served.running.workspace.state_folder / "blobs"
    assert [path for path in blobs.rglob("*") if path.is_file()] == []


def test_who_does_not_send_the_head_of_a_request_is_not_waited_for(impatient_server: Served) -> None:
    with socket.create_connection(address(impatient_server), timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        assert connection.recv(1) == b""


def test_who_does_not_send_the_body_of_a_request_is_told(impatient_server: Served) -> None:
    host, port = address(impatient_server)
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {impatient_server.key}\r\n"
        "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    )
    with socket.create_connection((host, port), timeout=30) as connection:
        connection.sendall(head.encode() + b'{"model": ')
        said = b"".join(iter(lambda: connection.recv(1000), b""))
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b"request_timeout" in said


def test_other_clients_are_answered_while_slow_ones_are_waited_for(impatient_server: Served) -> None:
    slow = [socket.create_connection(address(impatient_server), timeout=30) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"POST /v1/files HTTP/1.1\r\n")
    assert httpx2.get(f"{impatient_server.url}/readyz").status_code == 200
    for connection in slow:
        connection.close()


def test_a_connection_serves_many_requests_of_one_who_is_in_time(impatient_server: Served) -> None:
    with httpx2.Client(base_url=impatient_server.url) as client:
        assert [client.get("/healthz").status_code for _ in range(5)] == [200] * 5


def address(served: Served) -> tuple[str, int]:
    url = httpx2.URL(served.url)
    assert url.port is not None
    return url.host, url.port


class Small(Served):
    """A server whose memory holds no model."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.running.pool = EnginePool(self._open, lambda _: 2_000_000_000, memory_bytes=1_000_000_000)


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_model_that_does_not_fit_in_memory_is_refused(tmp_path: Path, is_streamed: bool) -> None:
    server = Small(lay_out(tmp_path / "handbook"))
    with server.client() as client, pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(
            model="parrot", messages=[{"role": "user", "content": "Hi"}], stream=is_streamed
        )
    server.close()
    assert "needs about 2.0 GB; the memory limit for models is 1.0 GB" in refused.value.message
    assert "Raise serve.memory_gb" in refused.value.message
    assert server.opened == []


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    upstream = Upstream()
    server = Remote(tmp_path, upstream)
    yield server
    server.close()
    upstream.close()


def test_an_upstream_that_dies_ends_a_chat_with_an_error(remote: Remote) -> None:
    remote.upstream.answers.append([{"content": "Half of "}, {"content": "it"}, DIES])
    said = []
    with remote.client() as client, pytest.raises(openai.APIError) as told:
        said += [
            chunk.choices[0].delta.content
            for chunk in client.chat.completions.create(
                model="parrot", messages=[{"role": "user", "content": "Hi"}], stream=True
            )
        ]
    assert told.value.body
    assert "server_error" in str(told.value.body)


def test_an_upstream_that_dies_ends_a_whole_chat_with_a_status(remote: Remote) -> None:
    remote.upstream.answers.append([{"content": "Half of "}, DIES])
    with remote.client() as client, pytest.raises(openai.InternalServerError) as told:
        client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "Hi"}])
    assert told.value.status_code in (502, 503)
