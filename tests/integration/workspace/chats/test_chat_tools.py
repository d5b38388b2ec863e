"""Tools that are switched on in a chat: the model calls them, and the trace tells of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.fixtures.processes import desk as desk
from tests.fixtures.processes import desk_url as desk_url
from tests.fixtures.tool_desk import KEY

from lorewright.access import Caller
from lorewright.errors import NotAllowed
from lorewright.messages import last_user_turn
from lorewright.models import Stopped, never
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.chats.answer import ModelPrompt, chat_turn
from lorewright.workspace.server.server import Server

ADA = Caller(id="key_ada", name="Ada", is_admin=True)
READER = Caller(id="key_reader", name="reader", verbs=("chat", "read"), models=("*",), stores=("*",))
CALL = {
    "index": 0, "id": "call_1", "type": "function",
    "function": {"name": "desk__weather", "arguments": '{"place": "Bergen"}'},
}  # fmt: skip
pytestmark = pytest.mark.thorough  # the tool server is a process of its own


class Asking(ScriptedEngine):
    """Calls the tool that it is offered once, then says what that gave back."""

    def chat(
        self,
        request: Mapping[str, Any],
        *,
        stopped: Stopped = never,  # noqa: ARG002
    ) -> Iterator[dict[str, Any]]:
        told = [turn["content"] for turn in request["messages"] if turn["role"] == "tool"]
        offered = [tool["function"]["name"] for tool in request.get("tools") or ()]
        delta = {"content": f"It says: {told[0]}"} if told else {"tool_calls": [CALL]}
        assert "desk__weather" in offered
        yield {"choices": [{"index": 0, "delta": delta, "finish_reason": "stop" if told else "tool_calls"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}}


@pytest.fixture
def server(tmp_path: Path, desk_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("DESK_KEY", KEY)
    tool = f'[tools.desk]\nurl = "{desk_url}"\nkey_env = "DESK_KEY"\n'
    models = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'
    (tmp_path / "lorewright.toml").write_text(models + tool)
    server = Server(tmp_path, open_one=lambda _: Asking(last_user_turn, name="parrot"))
    yield server
    server.close()


@pytest.mark.parametrize("model", ["parrot", "base"])
def test_a_model_answers_from_what_a_tool_gave_back(server: Server, model: str) -> None:
    """By itself and within an arm: one answer is kept, and the trace says what was called with what."""
    name = model if model == "parrot" else f"{server.name}/{model}"
    asked = [{"role": "user", "content": "What is the weather in Bergen?"}]

    reply = chat_turn(server, ADA, ModelPrompt(model=name, messages=asked, tools=("desk",)))

    assert reply.answer["text"] == "It says: Rain in Bergen."
    (called,) = reply.evidence["calls"]
    assert (called["server"], called["tool"], called["arguments"]) == ("desk", "weather", {"place": "Bergen"})
    assert called["text"] == "Rain in Bergen."
    assert [record.body["text"] for record in server.records("answer").all()] == [reply.answer["text"]]


def test_who_may_not_build_flows_calls_no_tools(server: Server) -> None:
    """A tool server may hold more than the documents: a reader of a shared chat model does not reach it."""
    prompt = ModelPrompt(model="parrot", messages=[{"role": "user", "content": "Hi"}], tools=("desk",))

    with pytest.raises(NotAllowed, match="deploy"):
        chat_turn(server, READER, prompt)
