"""Several servers of one model, over real HTTP to scripted servers on this machine."""

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.speaker import Speaker

from lorewright.errors import Permanent, RequestRefused, Transient, UnknownModel
from lorewright.messages import Message
from lorewright.models import ModelStore, Sampling, complete, open_engine, parse_source
from lorewright.models.engines.replicas import Replicas

ASKED = (Message("user", "How long is leave?"),)
DIES_FIRST, DIES_MIDWAY = "dies first", "dies midway"

_ROLE = {"role": "assistant", "content": ""}
SHAPES: Mapping[str, list[Mapping[str, Any]]] = {
    "vllm": [_ROLE, {"content": "30 "}, {"content": "days."}],
    "sglang": [_ROLE | {"reasoning_content": None}, {"content": "30 "}, {"content": "days."}],
    "tgi": [{"role": "assistant", "content": "30 "}, {"role": "assistant", "content": "days."}],
    "llama-server": [{"role": "assistant", "content": None}, {"content": "30 "}, {"content": "days."}],
    "ollama": [{"role": "assistant", "content": "30 "}, {"role": "assistant", "content": "days."}],
}
"""The deltas that each server sends for one answer."""


@dataclass
class Scripted:
    """A server of a model: what it does with the next requests, and how many it was asked."""

    url: str = ""
    does: list[int | str] = field(default_factory=list)
    shape: str = "vllm"
    n_asked: int = 0
    is_well: bool = True
    go_on: threading.Event = field(default_factory=threading.Event)
    """Unset, an answer waits before its first token."""
    looked_at: threading.Event = field(default_factory=threading.Event)


def _speaker(script: Scripted) -> type[Speaker]:
    class ScriptedSpeaker(Speaker, BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.whole(200 if script.is_well else 503, {"object": "list", "data": []})
            script.looked_at.set()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            script.n_asked += 1
            does = script.does.pop(0) if script.does else 200
            if isinstance(does, int) and does != 200:
                self.whole(does, {"error": {"message": f"Status {does}."}})
                return
            self.begin()
            script.go_on.wait(10)
            deltas = SHAPES[script.shape]
            n_said = {DIES_FIRST: 1, DIES_MIDWAY: 2}.get(str(does), len(deltas))
            for delta in deltas[:n_said]:
                self.say(delta)
            if n_said < len(deltas):
                self.die()
                return
            self.say({}, ends_by="stop")
            self.end({"prompt_tokens": 14, "completion_tokens": 3, "total_tokens": 17})

    return ScriptedSpeaker


@pytest.fixture
def servers() -> Iterator[list[Scripted]]:
    scripts = [Scripted(), Scripted()]
    running = []
    for script in scripts:
        script.go_on.set()
        listener = ThreadingHTTPServer(("127.0.0.1", 0), _speaker(script))
        script.url = f"http://127.0.0.1:{listener.server_port}/v1"
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        running.append((listener, thread))
    yield scripts
    for script, (listener, thread) in zip(scripts, running, strict=True):
        script.go_on.set()
        listener.shutdown()
        thread.join()
        listener.server_close()


class Clock:
    """A clock that stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def model(servers: list[Scripted], clock: Clock) -> Iterator[Replicas]:
    replicas = Replicas("large", base_urls=[server.url for server in servers], pauses=(0.0, 0.0), clock=clock)
    yield replicas
    replicas.close()


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_every_kind_of_server_is_understood(model: Replicas, servers: list[Scripted], shape: str) -> None:
    """Replicas of one model may run on whatever each machine has."""
    for server in servers:
        server.shape = shape

    completion = complete(model, ASKED)

    assert (completion.text, completion.usage.prompt_tokens) == ("30 days.", 14)
    request = {"messages": [{"role": "user", "content": "How long?"}]}
    contents = [
        choice["delta"].get("content") or "" for chunk in model.chat(request) for choice in chunk["choices"]
    ]
    assert "".join(contents) == "30 days."


def test_requests_are_spread_over_the_replicas(model: Replicas, servers: list[Scripted]) -> None:
    for _ in range(6):
        complete(model, ASKED)

    assert [server.n_asked for server in servers] == [3, 3]


def test_a_slow_replica_gets_no_more_while_it_answers(model: Replicas, servers: list[Scripted]) -> None:
    """One machine that swaps must not slow every second question down."""
    slow, quick = servers
    slow.go_on.clear()
    waiting = threading.Thread(target=complete, args=(model, ASKED))
    waiting.start()
    while not slow.n_asked:
        pass

    for _ in range(5):
        complete(model, ASKED)
    slow.go_on.set()
    waiting.join()

    assert (slow.n_asked, quick.n_asked) == (1, 5)


@pytest.mark.parametrize("failure", [429, 500, 503, 404, 401, DIES_FIRST])
def test_a_replica_that_fails_before_its_first_token_is_replaced_unnoticed(
    model: Replicas, servers: list[Scripted], failure: int | str
) -> None:
    """Whoever asked gets an answer, from another machine."""
    servers[0].does = [failure]

    assert complete(model, ASKED).text == "30 days."
    assert [server.n_asked for server in servers] == [1, 1]


def test_a_chat_that_broke_after_its_role_is_begun_elsewhere(
    model: Replicas, servers: list[Scripted]
) -> None:
    """The role is sent before the model computed anything: it is no token."""
    servers[0].does = [DIES_FIRST]

    chunks = list(model.chat({"messages": [{"role": "user", "content": "How long?"}]}))

    roles = [
        choice["delta"].get("role")
        for chunk in chunks
        for choice in chunk["choices"]
        if choice["delta"].get("role")
    ]
    assert roles == ["assistant"]


def test_an_answer_that_has_begun_is_not_begun_again(model: Replicas, servers: list[Scripted]) -> None:
    """Two halves of different answers would be worse than an error."""
    servers[0].does = [DIES_MIDWAY]
    pieces = model.stream(ASKED, sampling=Sampling())

    assert next(pieces).text == "30 "
    with pytest.raises(Transient):
        next(pieces)
    assert servers[1].n_asked == 0


def test_a_replica_that_failed_is_left_alone(model: Replicas, servers: list[Scripted]) -> None:
    """A dead machine must not cost every second question a try."""
    servers[0].does = [500] * 9

    for _ in range(4):
        complete(model, ASKED)

    assert [server.n_asked for server in servers] == [1, 4]


def test_a_replica_comes_back_once_it_lists_its_models(
    model: Replicas, servers: list[Scripted], clock: Clock
) -> None:
    servers[0].does = [500]
    complete(model, ASKED)
    clock.now += 2.0

    complete(model, ASKED)
    assert servers[0].looked_at.wait(10)
    before = servers[0].n_asked
    for _ in range(200):
        complete(model, ASKED)
        if servers[0].n_asked > before:
            break

    assert before == 1
    assert servers[0].n_asked == 2


def test_a_request_that_no_server_would_take_is_asked_once(model: Replicas, servers: list[Scripted]) -> None:
    servers[0].does = [400]

    with pytest.raises(RequestRefused):
        complete(model, ASKED)

    assert servers[1].n_asked == 0


def test_all_replicas_down_is_told_with_each_reason(model: Replicas, servers: list[Scripted]) -> None:
    servers[0].does, servers[1].does = [503] * 9, [429] * 9

    with pytest.raises(Transient, match="None of the 2 replicas of large answers") as caught:
        complete(model, ASKED)

    assert all(server.url in str(caught.value) for server in servers)
    assert [server.n_asked for server in servers] == [2, 2]


def test_a_key_that_every_replica_refuses_is_not_tried_again(
    model: Replicas, servers: list[Scripted]
) -> None:
    servers[0].does, servers[1].does = [401] * 9, [401] * 9

    with pytest.raises(Permanent, match="rejected the API key") as caught:
        complete(model, ASKED)

    assert "models.api_key_env" in caught.value.hint
    assert [server.n_asked for server in servers] == [1, 1]


def test_a_model_on_several_servers_is_opened_by_one_uri(servers: list[Scripted], tmp_path: Path) -> None:
    """One more replica is no other model: what was measured with one holds for two."""
    uri = f"openai:large@{servers[0].url}/,{servers[1].url}"
    engine = open_engine(uri, store=ModelStore(tmp_path))

    assert complete(engine, ASKED).text == "30 days."
    assert engine.fingerprint == f"{servers[0].url}#large"
    assert parse_source(uri).uri == f"openai:large@{servers[0].url},{servers[1].url}"
    engine.close()


@pytest.mark.parametrize(
    "uri",
    [
        "openai:large@http://a:8000/v1,b:8000/v1",
        "openai:large@http://a:8000/v1,",
        "openai:large@http://a:8000/v1,http://user:secret@b:8000/v1",
        "openai:large@http://a:8000/v1,user:secret@b:8000/v1",
    ],
)
def test_an_address_that_is_none_is_refused_without_its_password(uri: str) -> None:
    with pytest.raises(UnknownModel) as caught:
        parse_source(uri)

    assert "secret" not in f"{caught.value} {caught.value.hint}"
