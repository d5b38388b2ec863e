"""Servers of models: tested before they are used, their keys kept safely and sent nowhere else."""

import json
import stat
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lorewright.access import LOCAL, Caller
from lorewright.errors import BadParameter, NotAllowed
from lorewright.workspace.domain.backup import LEFT_OUT
from lorewright.workspace.domain.model_key import NAME, keep_model_key, model_key
from lorewright.workspace.server.providers import ask_provider, connect_provider, why_unreachable
from lorewright.workspace.server.server import Server

KEY = "sk-secret"


class Provider(BaseHTTPRequestHandler):
    """Lists two models to who brings the key."""

    def do_GET(self) -> None:
        """Answer as OpenAI's API does."""
        is_known = self.headers.get("authorization") == f"Bearer {KEY}"
        is_there = self.path == "/v1/models"
        body = {"data": [{"id": "small"}, {"id": "large"}]} if is_known and is_there else {}
        self.send_response(200 if body else 401 if is_there else 404)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    listener = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=listener.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{listener.server_port}/v1"
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    server = Server(tmp_path)
    yield server
    server.close()


def test_a_provider_tells_its_models_to_who_brings_the_key(server: Server, address: str) -> None:
    assert ask_provider(server, LOCAL, f"{address}/", KEY).models == ("small", "large")
    assert "key" in ask_provider(server, LOCAL, address, "wrong").error


@pytest.mark.parametrize(
    ("wrong", "why"),
    [("/v2", "status 404"), ("", "Nothing answers")],
)
def test_what_does_not_answer_says_why(server: Server, address: str, wrong: str, why: str) -> None:
    """An address that is mistyped must not look like a model that is there."""
    asked = address.removesuffix("/v1") + wrong if wrong else "http://127.0.0.1:9/v1"

    assert why in ask_provider(server, LOCAL, asked, KEY).error


@pytest.mark.parametrize("given", ["localhost:11434", "file:///etc", "http://user:pass@127.0.0.1/v1", ""])
def test_what_is_no_address_is_refused(server: Server, given: str) -> None:
    with pytest.raises(BadParameter):
        ask_provider(server, LOCAL, given)


def test_a_connected_model_answers_for_the_domain_and_its_key_is_kept_from_others(
    server: Server, address: str
) -> None:
    """The key is in no settings file, no backup and readable by nobody else of the machine."""
    connect_provider(server, LOCAL, address, "large", KEY)

    workspace = server.workspace
    assert workspace.settings.models.chat == f"openai:large@{address}"
    assert KEY not in (workspace.folder / "lorewright.toml").read_text()
    assert stat.S_IMODE((workspace.state_folder / NAME).stat().st_mode) == 0o600
    assert NAME in LEFT_OUT
    assert why_unreachable(workspace, LOCAL, workspace.settings.models.chat) == ""
    assert "no model 'other'" in why_unreachable(workspace, LOCAL, f"openai:other@{address}")


def test_only_administrators_connect(server: Server, address: str) -> None:
    reader = Caller(id="key_reader", name="reader", verbs=("chat", "read"), models=("*",), stores=())

    with pytest.raises(NotAllowed):
        connect_provider(server, reader, address, "large", KEY)


def test_a_key_is_sent_to_its_own_address_alone(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever names another server as the model must not be sent the key of this one."""
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings, folder = server.workspace.settings, server.workspace.state_folder
    keep_model_key(folder, "http://one.invalid/v1", KEY)

    assert model_key(settings, folder, "openai:a@http://one.invalid/v1") == KEY
    assert model_key(settings, folder, "openai:a@http://two.invalid/v1") == ""
    keep_model_key(folder, "http://one.invalid/v1", "")
    assert model_key(settings, folder, "openai:a@http://one.invalid/v1") == ""
