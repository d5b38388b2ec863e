"""How a server begins and ends, whom it lets in without a key, and which pages may call it."""

import contextlib
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient
from tests.fixtures.served import SETTINGS, Served, lay_out, parrot

from lorewright.api.app import build_app
from lorewright.cli.main import main
from lorewright.messages import Message
from lorewright.models import Engine, EngineKey, Piece, Sampling, Stopped, never
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.server.server import Server

THIS_MACHINE, ANOTHER = ("127.0.0.1", 50_000), ("192.0.2.7", 50_000)


def visit(folder: Path, *, client: tuple[str, int] = THIS_MACHINE, is_open: bool = True) -> TestClient:
    running = Server(folder, open_one=lambda key: ScriptedEngine(parrot, name=key.uri))
    return TestClient(build_app(running, is_open=is_open), base_url="http://127.0.0.1:8321", client=client)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "handbook")


def test_without_keys_this_machine_is_an_administrator(folder: Path) -> None:
    with visit(folder) as here:
        said = here.get("/lorewright/v1/me", headers={"Authorization": "Bearer whatever the SDK sends"})
        assert said.json()["is_admin"]
        made = here.post("/v1/vector_stores", json={"name": "s"}).json()
        assert here.get(f"/v1/vector_stores/{made['id']}").status_code == 200


def test_without_keys_others_are_refused(folder: Path) -> None:
    with visit(folder, client=ANOTHER) as there:
        assert there.get("/v1/models").status_code == 403
        assert there.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"X-Forwarded-For": "192.0.2.7"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://127.0.0.1:3000"},
    ],
)
def test_without_keys_a_page_in_a_browser_changes_nothing(folder: Path, headers: dict[str, str]) -> None:
    with visit(folder) as here:
        assert here.post("/v1/vector_stores", json={"name": "s"}, headers=headers).status_code == 403


def test_with_keys_nobody_is_let_in_without_one(folder: Path) -> None:
    with visit(folder, is_open=False) as here:
        assert here.get("/v1/models").status_code == 401


@pytest.mark.parametrize(
    ("options", "settings"),
    [
        (["--host", "0.0.0.0"], ""),
        (["--host", "192.0.2.1"], ""),
        ([], 'host = "::"'),
        ([], 'cors_origins = ["*"]'),
    ],
)
def test_a_server_without_keys_that_others_can_reach_does_not_start(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], settings: str
) -> None:
    (folder / "lorewright.toml").write_text(f"{SETTINGS}[serve]\n{settings}\n")
    assert main(["serve", "--domain", str(folder), "--no-auth", "--port", "0", *options]) == 2
    assert "Omit --no-auth" in capsys.readouterr().err


def test_the_pages_that_the_settings_name_may_call(folder: Path) -> None:
    (folder / "lorewright.toml").write_text(f'{SETTINGS}[serve]\ncors_origins = ["https://app.example"]\n')
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    with visit(folder, is_open=False) as here:
        allowed = here.options("/v1/models", headers={"Origin": "https://app.example", **asks})
        assert allowed.headers["access-control-allow-origin"] == "https://app.example"
        assert "access-control-allow-credentials" not in allowed.headers
        refused = here.options("/v1/models", headers={"Origin": "https://evil.example", **asks})
        assert "access-control-allow-origin" not in refused.headers
        said = here.get("/healthz", headers={"Origin": "https://app.example"})
        assert "x-request-id" in said.headers["access-control-expose-headers"]


class Waiting(ScriptedEngine):
    """Says its first word, and the others once it may go on."""

    def __init__(self) -> None:
        super().__init__(lambda _: "one two three four")
        self.may_go_on = threading.Event()

    def stream(
        self, messages: Sequence[Message], *, sampling: Sampling, stopped: Stopped = never
    ) -> Iterator[Piece]:
        for place, piece in enumerate(super().stream(messages, sampling=sampling, stopped=stopped)):
            if place == 1:
                self.may_go_on.wait(30)
            yield piece


class Slow(Served):
    """A server whose model takes its time."""

    def _open(self, key: EngineKey) -> Engine:
        self.opened.append(key)
        self.engine = Waiting()
        return self.engine


def test_a_stream_under_way_ends_whole_when_the_server_is_stopped(folder: Path) -> None:
    server = Slow(folder)
    with (
        server.client() as client,
        client.chat.completions.create(
            model="parrot", messages=[{"role": "user", "content": "Hi"}], stream=True
        ) as stream,
    ):
        said = [next(stream)]
        stopping = threading.Thread(target=server.close)
        stopping.start()
        while is_listening(server):
            pass
        server.engine.may_go_on.set()
        said += list(stream)
    stopping.join()
    text = "".join(chunk.choices[0].delta.content or "" for chunk in said)
    assert text == "one two three four"
    assert said[-1].choices[0].finish_reason == "stop"


def is_listening(server: Served) -> bool:
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(f"{server.url}/healthz").is_success
    return False
