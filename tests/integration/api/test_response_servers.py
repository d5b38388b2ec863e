"""The `mcp` tool of responses: servers that an administrator allows, called with their caller's consent."""

from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any, ClassVar

import openai
import pytest
from openai.types.responses import Response
from tests.conformance.strict import mismatches
from tests.fixtures.tool_desk import KEY
from tests.fixtures.upstream import Remote, Upstream

SETTINGS = """
[tools.desk]
url = "{desk}"
key_env = "DESK_KEY"
allowed = ["find", "weather", "failing"]
responses = true

[tools.open]
url = "{desk}?open"
responses = true

[tools.inner]
url = "{desk}?inner"
key_env = "DESK_KEY"

[tools.moved]
url = "{moved}"
responses = true
"""


class Redirects(BaseHTTPRequestHandler):
    """Sends every caller to an address that no setting names."""

    asked: ClassVar[list[str]] = []
    target = ""

    def do_POST(self) -> None:
        self.asked.append(self.headers["Host"])
        self.send_response(307)
        self.send_header("Location", self.target)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep the terminal clean."""


@pytest.fixture(scope="module")
def moved() -> Iterator[str]:
    listener = HTTPServer(("127.0.0.1", 0), Redirects)
    Redirects.target = f"http://localhost:{listener.server_port}/inside"
    thread = Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{listener.server_port}/mcp"
    listener.shutdown()
    thread.join()
    listener.server_close()


@pytest.fixture(scope="module")
def remote_server(tmp_path_factory: pytest.TempPathFactory, desk_url: str, moved: str) -> Iterator[Remote]:
    upstream = Upstream()
    settings = SETTINGS.format(desk=desk_url, moved=moved)
    server = Remote(tmp_path_factory.mktemp("remote"), upstream, settings=settings)
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    yield server
    server.close()
    upstream.close()


@pytest.fixture
def remote(remote_server: Remote, desk: str) -> Remote:
    assert desk == remote_server.running.workspace.settings.tools["desk"].url
    remote_server.upstream.forget()
    return remote_server


@pytest.fixture
def client(remote: Remote) -> Iterator[openai.OpenAI]:
    with remote.client() as client:
        yield client


def tool(**more: Any) -> dict[str, Any]:
    return {"type": "mcp", "server_label": "desk", "require_approval": "never", **more}


def ask(client: openai.OpenAI, *tools: Mapping[str, Any], **more: Any) -> Response:
    wanted: dict[str, Any] = {"model": "parrot", "input": "Rain in Ulm?", "tools": tools or [tool()]}
    made: Response = client.responses.create(**wanted | more)
    return made


def kinds(made: Response) -> list[str]:
    return [item.type for item in made.output]


def call_of(made: Response) -> Any:
    return next(item for item in made.output if item.type == "mcp_call")


def test_a_model_calls_a_server_and_answers_from_what_it_said(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": ', '"Ulm"}')
    remote.upstream.says("It rains.")

    made = ask(client)

    assert kinds(made) == ["mcp_list_tools", "mcp_call", "message"]
    assert (call_of(made).output, call_of(made).status) == ("Rain in Ulm.", "completed")
    assert made.output_text == "It rains."
    assert made.usage is not None
    assert made.usage.total_tokens == 24  # of both turns
    first, second = remote.upstream.requests
    assert [one["function"]["name"] for one in first["tools"]] == ["find", "weather", "failing"]
    assert second["messages"][-1] == {
        "role": "tool", "tool_call_id": call_of(made).id, "content": "Rain in Ulm.",
    }  # fmt: skip
    assert mismatches(Response, made.to_dict()) == []


def test_the_call_is_streamed_as_it_is_made(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    remote.upstream.says("It rains.")

    streamed: Any = ask(client, stream=True)
    events = list(streamed)

    told = [event.type.removeprefix("response.") for event in events]
    assert told == [
        "created", "in_progress",
        "output_item.added", "mcp_list_tools.in_progress", "mcp_list_tools.completed", "output_item.done",
        "output_item.added", "mcp_call.in_progress", "mcp_call_arguments.delta", "mcp_call_arguments.done",
        "mcp_call.completed", "output_item.done",
        "output_item.added", "content_part.added", "output_text.delta", "output_text.done",
        "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert events[-1].response.output[1].output == "Rain in Ulm."


def test_without_consent_nothing_is_called(client: openai.OpenAI, remote: Remote) -> None:
    """Consent is asked for unless the caller says which tools need none."""
    remote.upstream.calls("weather", '{"place": "Ulm"}')

    made = ask(client, {"type": "mcp", "server_label": "desk"})

    assert kinds(made) == ["mcp_list_tools", "mcp_approval_request"]
    request = made.output[-1]
    assert request.type == "mcp_approval_request"
    assert (request.name, request.arguments) == ("weather", '{"place": "Ulm"}')
    assert mismatches(Response, made.to_dict()) == []


def test_a_call_that_is_approved_is_made_once(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    asked = ask(client, tool(require_approval="always"))
    said = {"type": "mcp_approval_response", "approval_request_id": asked.output[-1].id, "approve": True}
    remote.upstream.says("It rains.")

    made = ask(client, tool(), input=[said], previous_response_id=asked.id)

    assert kinds(made) == ["mcp_call", "message"]  # the list is known
    assert (call_of(made).output, call_of(made).approval_request_id) == ("Rain in Ulm.", asked.output[-1].id)
    remote.upstream.says("Yes.")
    again = ask(
        client, tool(), input=[said, {"role": "user", "content": "Sure?"}], previous_response_id=made.id
    )
    assert kinds(again) == ["message"]


def test_a_call_that_is_declined_is_not_made(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    asked = ask(client, tool(require_approval="always"))
    said = {"type": "mcp_approval_response", "approval_request_id": asked.output[-1].id, "approve": False}
    remote.upstream.says("Then I cannot tell.")

    made = ask(client, tool(), input=[said], previous_response_id=asked.id)

    assert kinds(made) == ["message"]
    assert remote.upstream.requests[-1]["messages"][-1]["content"] == "The user declined this call."


@pytest.mark.parametrize(
    ("approval", "needs"),
    [
        ({"never": {"tool_names": ["weather"]}}, False),
        ({"never": {"tool_names": ["find"]}}, True),
        ({"always": {"tool_names": ["find"]}}, True),
        ({"always": {"tool_names": ["weather"]}, "never": {"tool_names": ["weather"]}}, True),
    ],
)
def test_consent_is_per_tool(client: openai.OpenAI, remote: Remote, approval: Any, needs: bool) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    remote.upstream.says("It rains.")

    made = ask(client, tool(require_approval=approval))

    assert ("mcp_approval_request" in kinds(made)) is needs
    assert ("mcp_call" in kinds(made)) is not needs


def test_only_the_tools_that_settings_and_caller_allow_are_shown(
    client: openai.OpenAI, remote: Remote
) -> None:
    remote.upstream.says("Hm.")
    made = ask(client, tool(allowed_tools=["weather", "slow"]))
    assert [one["function"]["name"] for one in remote.upstream.requests[-1]["tools"]] == ["weather"]
    assert [one.name for one in made.output[0].tools] == ["weather"]  # type: ignore[union-attr]


def test_a_model_cannot_call_what_it_was_not_shown(client: openai.OpenAI, remote: Remote) -> None:
    """A name that a model makes up is a call for its caller, never one of the server."""
    remote.upstream.calls("slow", "{}")
    assert kinds(ask(client)) == ["mcp_list_tools", "function_call"]


def test_what_a_tool_refuses_is_told_to_the_model(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("failing", "{}")
    remote.upstream.says("It failed.")

    made = ask(client)

    assert (call_of(made).status, call_of(made).output) == ("failed", None)
    assert "The moon is full." in str(call_of(made).error)
    assert "The moon is full." in remote.upstream.requests[-1]["messages"][-1]["content"]
    assert mismatches(Response, made.to_dict()) == []


def test_calls_end_at_the_callers_limit(client: openai.OpenAI, remote: Remote) -> None:
    for _ in range(2):
        remote.upstream.calls("weather", '{"place": "Ulm"}')
    remote.upstream.says("It rains.")

    made = ask(client, max_tool_calls=2)

    assert kinds(made) == ["mcp_list_tools", "mcp_call", "mcp_call", "message"]
    assert remote.upstream.requests[-1]["tool_choice"] == "none"


def test_a_chosen_tool_is_forced_once(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    remote.upstream.says("It rains.")

    ask(client, tool_choice={"type": "mcp", "server_label": "desk", "name": "weather"})

    first, second = remote.upstream.requests
    assert ([one["function"]["name"] for one in first["tools"]], first["tool_choice"]) == (
        ["weather"], "required",
    )  # fmt: skip
    assert second["tool_choice"] == "auto"


@pytest.mark.parametrize(
    ("changes", "param", "words"),
    [
        ({"server_url": "http://169.254.169.254/latest"}, "server_url", "calls no server at this server_url"),
        ({"server_label": "inner"}, "server_label", "Available by server_label: desk, open, moved"),
        ({"server_label": "none"}, "server_label", r"\[tools.NAME\]"),
        ({"connector_id": "connector_gmail"}, "connector_id", "Connectors"),
        ({"headers": {"X-Key": "a"}}, "headers", "authorization"),
        ({"allowed_tools": ["slow"]}, "allowed_tools", "Allowed: find, weather, failing"),
        ({"allowed_tools": {"read_only": True}}, "allowed_tools", "tools"),
        ({"require_approval": "sometimes"}, "require_approval", "tools"),
    ],
)
def test_what_may_not_be_called_is_refused_by_name(
    client: openai.OpenAI, changes: Mapping[str, Any], param: str, words: str
) -> None:
    with pytest.raises(openai.BadRequestError, match=words) as told:
        ask(client, tool(**changes))
    assert str(told.value.param).startswith(f"tools[0].{param}")


def test_a_server_may_be_named_by_its_address(client: openai.OpenAI, remote: Remote, desk: str) -> None:
    remote.upstream.says("Hm.")
    made = ask(client, tool(server_label="rules", server_url=desk))
    assert made.output[0].server_label == "rules"  # type: ignore[union-attr]


def test_a_token_of_the_callers_own_reaches_the_server_and_nobody_else(
    client: openai.OpenAI, remote: Remote
) -> None:
    remote.upstream.says("Hm.")
    made = ask(client, tool(server_label="open", authorization=KEY))
    assert kinds(made) == ["mcp_list_tools", "message"]
    assert KEY not in str(made.to_dict())
    assert KEY not in str(client.responses.retrieve(made.id).to_dict())
    with pytest.raises(openai.BadRequestError, match="background"):
        ask(client, tool(server_label="open", authorization=KEY), background=True)


def test_a_server_that_refuses_is_told_as_its_failure(client: openai.OpenAI) -> None:
    with pytest.raises(openai.InternalServerError, match="'open' rejected the key"):
        ask(client, tool(server_label="open"))


def test_a_server_cannot_send_this_one_elsewhere(client: openai.OpenAI) -> None:
    """Redirects would let a server reach addresses inside the network."""
    with pytest.raises(openai.InternalServerError, match="not followed"):
        ask(client, tool(server_label="moved"))
    assert {host.partition(":")[0] for host in Redirects.asked} == {"127.0.0.1"}


def test_a_decision_about_nothing_is_refused(client: openai.OpenAI) -> None:
    said = {"type": "mcp_approval_response", "approval_request_id": "mcpr_none", "approve": True}
    with pytest.raises(openai.BadRequestError, match="No approval request") as told:
        ask(client, input=[said])
    assert told.value.param == "input[0].approval_request_id"


def test_an_arm_calls_servers_too(client: openai.OpenAI, remote: Remote) -> None:
    remote.upstream.calls("weather", '{"place": "Ulm"}')
    remote.upstream.says("Rain in Ulm.")

    made = ask(client, model="handbook/rag")

    assert kinds(made) == ["mcp_list_tools", "mcp_call", "message"]
    assert made.output_text == "Rain in Ulm."
