"""Anthropic's Messages API, through Anthropic's own client."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import TypeAdapter
from tests.fixtures.served import Served, lay_out
from tests.fixtures.upstream import DIES, Remote, Upstream

anthropic = pytest.importorskip("anthropic", reason="needs Anthropic's SDK: pip install anthropic")

LEAVE = "How many days of leave?"
SAID = "Every employee has 28 days of leave a year."
WEATHER: Any = {
    "name": "weather",
    "description": "Tell the weather.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def speak(server: Served, key: str | None = None) -> Any:
    """Return Anthropic's client."""
    return anthropic.Anthropic(base_url=server.url, api_key=key or server.key, max_retries=0)


def ask(client: Any, content: Any, *, model: str = "parrot", max_tokens: int = 99, **rest: Any) -> Any:
    return client.messages.create(model=model, max_tokens=max_tokens, messages=[user(content)], **rest)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(lay_out(tmp_path_factory.mktemp("domain") / "handbook"))
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    yield server
    server.close()


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[Any]:
    with speak(server) as client:
        yield client


@pytest.fixture
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    upstream = Upstream()
    server = Remote(tmp_path_factory.mktemp("remote"), upstream)
    yield server
    server.close()
    upstream.close()


def test_a_model_answers(client: Any) -> None:
    said = ask(client, "Hello there")
    strict = TypeAdapter(anthropic.types.Message).validate_json(said.to_json(), strict=True)
    assert [block.text for block in strict.content] == ["You said: Hello there"]
    assert (said.role, said.stop_reason, said.stop_sequence, said.model) == (
        "assistant", "end_turn", None, "parrot",
    )  # fmt: skip
    assert said.id.startswith("msg_")
    assert (said.usage.input_tokens, said.usage.output_tokens) == (2, 4)
    assert said._request_id


def test_a_stream_makes_the_same_message(client: Any) -> None:
    with client.messages.stream(model="parrot", max_tokens=99, messages=[user("one two")]) as stream:
        kinds = [event.type for event in stream]
        made = stream.get_final_message()
    assert made.content[0].text == "You said: one two"
    assert (made.stop_reason, made.usage.input_tokens, made.usage.output_tokens) == ("end_turn", 2, 4)
    assert kinds[0] == "message_start"
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]


def test_the_events_of_a_stream_are_anthropics(client: Any) -> None:
    events = list(ask(client, "one", stream=True))
    types = [event.type for event in events]
    assert types[:2] == ["message_start", "content_block_start"]  # the SDK keeps pings to itself
    assert types[2:-3] == ["content_block_delta"] * 3
    for event in events:
        TypeAdapter(anthropic.types.RawMessageStreamEvent).validate_json(event.to_json(), strict=True)


def test_a_flow_answers_with_citations(client: Any) -> None:
    block, *rest = ask(client, LEAVE, model="handbook/rag").content
    assert (block.text, rest) == (SAID, [])
    cited = block.citations[0]
    assert (cited.type, cited.document_title, cited.document_index) == ("char_location", "Leave", 0)
    assert cited.cited_text == SAID
    assert cited.end_char_index - cited.start_char_index == len(SAID)


def test_a_flow_streams_its_citations(client: Any) -> None:
    request = {"model": "handbook/rag", "max_tokens": 99, "messages": [user(LEAVE)]}
    with client.messages.stream(**request) as stream:
        kinds = [event.type for event in stream]
        made = stream.get_final_message()
    assert "citation" in kinds
    assert made.content[0].citations[0].cited_text == SAID
    assert made.content[0].text == ask(client, LEAVE, model="handbook/rag").content[0].text


def test_what_a_flow_said_can_be_sent_back(client: Any) -> None:
    first = ask(client, LEAVE, model="handbook/rag")
    turns = [user(LEAVE), {"role": "assistant", "content": first.content}, user("How many days of leave?")]
    again = client.messages.create(model="handbook/rag", max_tokens=9, messages=turns)
    assert again.content[0].text == SAID


def test_max_tokens_cut(client: Any) -> None:
    said = ask(client, "Hello", max_tokens=1)
    assert (said.content[0].text.strip(), said.stop_reason) == ("You", "max_tokens")


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_stop_sequence_ends_the_text_and_is_named(client: Any, is_streamed: bool) -> None:
    request: Any = {"model": "parrot", "max_tokens": 99, "messages": [user("red green blue")]}
    request |= {"stop_sequences": ["never", "d gr"]}
    if is_streamed:
        with client.messages.stream(**request) as stream:
            said = stream.get_final_message()
    else:
        said = client.messages.create(**request)
    assert said.content[0].text == "You said: re"
    assert (said.stop_reason, said.stop_sequence) == ("stop_sequence", "d gr")


def test_tokens_are_counted_as_they_are_taken(client: Any) -> None:
    request = {"model": "parrot", "system": "Be brief.", "messages": [user("one two three")]}
    counted = client.messages.count_tokens(**request)
    assert counted.input_tokens == 5
    assert client.messages.create(**request, max_tokens=9).usage.input_tokens == 5
    with_tools = client.messages.count_tokens(**request, tools=[WEATHER])
    assert with_tools.input_tokens > counted.input_tokens


def test_a_request_reaches_the_model_in_its_own_words(remote: Remote) -> None:
    remote.upstream.says("Fine.")
    turns: Any = [
        user("Hi"),
        user([{"type": "text", "text": "you"}]),
        {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "Hm.", "signature": "x"},
            {"type": "text", "text": "Let me see."},
            {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"city": "Graz"}},
        ]},
        user([
            {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "Sun"}]},
            {"type": "text", "text": "And now?"},
        ]),
    ]  # fmt: skip
    with speak(remote) as client:
        client.messages.create(
            model="parrot", max_tokens=9, messages=turns, system=[{"type": "text", "text": "Be brief."}],
            tools=[WEATHER], tool_choice={"type": "any", "disable_parallel_tool_use": True},
            extra_body={"temperature": 0.5, "top_p": 0.9, "top_k": 7},
        )  # fmt: skip
    asked = remote.upstream.requests[-1]
    call = {"name": "weather", "arguments": '{"city": "Graz"}'}
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hi\nyou"},
        {
            "role": "assistant", "content": "Let me see.",
            "tool_calls": [{"id": "toolu_1", "type": "function", "function": call}],
        },
        {"role": "tool", "tool_call_id": "toolu_1", "content": "Sun"},
        {"role": "user", "content": "And now?"},
    ]  # fmt: skip
    assert asked["tools"][0]["function"]["parameters"] == WEATHER["input_schema"]
    assert (asked["tool_choice"], asked["parallel_tool_calls"]) == ("required", False)
    assert [asked[name] for name in ("temperature", "top_p", "top_k", "max_tokens")] == [0.5, 0.9, 7, 9]


def test_documents_that_are_texts_are_read(remote: Remote) -> None:
    remote.upstream.says("Fine.")
    source = {"type": "text", "media_type": "text/plain", "data": "Open at nine."}
    with speak(remote) as client:
        ask(client, [
            {"type": "document", "title": "Pool", "source": source}, {"type": "text", "text": "When?"},
        ], model="parrot")  # fmt: skip
    assert remote.upstream.requests[-1]["messages"][0]["content"] == "# Pool\nOpen at nine.\nWhen?"


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_tool_is_called(remote: Remote, is_streamed: bool) -> None:
    remote.upstream.calls("weather", '{"city": ', '"Graz"}')
    request: Any = {"model": "parrot", "max_tokens": 99, "messages": [user("?")], "tools": [WEATHER]}
    with speak(remote) as client:
        if is_streamed:
            with client.messages.stream(**request) as stream:
                said = stream.get_final_message()
        else:
            said = client.messages.create(**request)
    block = said.content[-1]
    assert (block.type, block.name, block.input, block.id) == (
        "tool_use", "weather", {"city": "Graz"}, "call_1",
    )  # fmt: skip
    assert said.stop_reason == "tool_use"


def test_a_tool_loop_of_the_sdk_runs_to_its_end(remote: Remote) -> None:
    remote.upstream.calls("weather", '{"city": "Graz"}')
    remote.upstream.says("It is sunny in Graz.")

    @anthropic.beta_tool  # type: ignore[untyped-decorator]
    def weather(city: str) -> str:
        """Tell the weather of a city."""
        return f"Sun over {city}"

    with speak(remote) as client:
        last = client.beta.messages.tool_runner(
            model="parrot", max_tokens=99, messages=[user("How is Graz?")], tools=[weather]
        ).until_done()
    assert last.content[0].text == "It is sunny in Graz."
    assert remote.upstream.requests[-1]["messages"][-1]["content"] == "Sun over Graz"


def test_a_schema_shapes_the_text(remote: Remote) -> None:
    remote.upstream.says('{"days": 28}')
    schema = {"type": "object", "properties": {"days": {"type": "integer"}}}
    form = {"type": "json_schema", "schema": schema}
    with speak(remote) as client:
        ask(client, "?", model="parrot", output_config={"format": form})
    assert remote.upstream.requests[-1]["response_format"]["json_schema"]["schema"] == schema


def test_a_stream_that_breaks_ends_with_an_error(remote: Remote) -> None:
    remote.upstream.answers.append([{"content": "Half "}, DIES])
    with speak(remote) as client, pytest.raises(anthropic.APIStatusError) as told:
        list(ask(client, "?", model="parrot", stream=True))
    assert told.value.type == "api_error"


def test_errors_are_anthropics(server: Served, client: Any) -> None:
    with pytest.raises(anthropic.NotFoundError) as told:
        ask(client, "a", model="claude-9")
    body = told.value.body
    assert (body["type"], body["error"]["type"]) == ("error", "not_found_error")
    assert "'claude-9' does not exist or you do not have access" in body["error"]["message"]
    assert body["request_id"] == told.value.request_id
    with speak(server, "lw-wrong") as stranger, pytest.raises(anthropic.AuthenticationError) as refused:
        ask(stranger, "a")
    assert refused.value.type == "authentication_error"


def test_a_key_that_may_not_chat_is_refused(server: Served) -> None:
    _, secret = server.running.keys.make("reader", verbs=("read",))
    with speak(server, secret) as reader, pytest.raises(anthropic.PermissionDeniedError) as told:
        ask(reader, "a")
    assert told.value.type == "permission_error"


def test_limits_are_told_in_anthropics_headers(server: Served) -> None:
    from lorewright.access import Limits

    _, secret = server.running.keys.make("slow", limits=Limits(requests_per_minute=1))
    with speak(server, secret) as slow:
        said = slow.messages.with_raw_response.create(model="parrot", max_tokens=9, messages=[user("a")])
        assert said.headers["anthropic-ratelimit-requests-remaining"] == "0"
        with pytest.raises(anthropic.RateLimitError) as told:
            ask(slow, "b")
    assert told.value.type == "rate_limit_error"
    assert int(told.value.response.headers["retry-after"]) > 0


def test_what_is_too_long_is_refused(client: Any) -> None:
    with pytest.raises(anthropic.RequestTooLargeError) as told:
        ask(client, "a" * 9_000_000)
    assert told.value.type == "request_too_large"


PICTURE = {"type": "base64", "media_type": "image/png", "data": base64.b64encode(b"x").decode()}
CITED = {
    "type": "document", "citations": {"enabled": True},
    "source": {"type": "text", "media_type": "text/plain", "data": "a"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("named", "more"),
    [
        ("max_tokens", {"max_tokens": 0}),
        ("messages.0.content.0", {"messages": [user([{"type": "image", "source": PICTURE}])]}),
        ("messages.0.content.0.citations", {"messages": [user([CITED])]}),
        ("messages.0.content", {"messages": [user([])]}),
        ("messages.0.content.0", {"messages": [user([{"type": "text", "text": 5, "citations": "all"}])]}),
        ("messages.0.role", {"messages": [{"role": "tool", "content": "a"}]}),
        ("tools.0.type", {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}),
        ("tools.0", {"tools": [{"name": "a"}]}),
        (
            "'other' is not one of the tools",
            {"tools": [WEATHER], "tool_choice": {"type": "tool", "name": "other"}},
        ),
        (
            "Thinking is not supported",
            {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2048},
        ),
        ("temperature", {"extra_body": {"temperature": 2}}),
    ],
)
def test_what_cannot_be_done_is_named(client: Any, named: str, more: dict[str, Any]) -> None:
    request = {"model": "parrot", "max_tokens": 9, "messages": [user("a")], **more}
    with pytest.raises(anthropic.BadRequestError) as told:
        client.messages.create(**request)
    assert named in told.value.body["error"]["message"]
    assert told.value.type == "invalid_request_error"


def test_an_answer_can_be_judged_by_its_id(server: Served, client: Any) -> None:
    said = ask(client, LEAVE, model="handbook/rag")
    kept = server.running.records("answer").find(f"answer/{said.id}")
    assert kept is not None
    assert kept.body["text"] == SAID
