"""What clients ask of arms: the winner of a comparison must take what a model takes, and stream."""

import json
import time
from collections.abc import Iterator
from typing import Any

import anthropic
import openai
import pytest
from tests.fixtures.upstream import Remote, Upstream

from lorewright.jobs import Steps
from lorewright.workspace.documents.add import add

MODEL = "handbook/rag"
ASK: list[Any] = [{"role": "user", "content": "How many days of leave does every employee have?"}]
RIGHT = "Every employee has 28 days of leave a year."
CITY = {"type": "object", "properties": {"city": {"type": "string"}}}
WEATHER: Any = {"type": "function", "function": {"name": "weather", "parameters": CITY}}
DAYS = {"type": "object", "properties": {"days": {"type": "integer"}}}
FORM: Any = {"type": "json_schema", "json_schema": {"name": "days", "schema": DAYS}}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    upstream = Upstream()
    server = Remote(tmp_path_factory.mktemp("remote"), upstream)
    workspace, order = server.running.workspace, {"paths": [], "is_sync": True}
    job = workspace.queue.submit("add", order)
    add(workspace, order, Steps(workspace.queue, job.id, 1))
    yield server
    server.close()
    upstream.close()


@pytest.fixture
def upstream(served: Remote) -> Upstream:
    served.upstream.forget()
    return served.upstream


@pytest.fixture
def client(served: Remote) -> Iterator[openai.OpenAI]:
    with served.client() as made:
        yield made


@pytest.fixture
def claude(served: Remote) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=served.url, api_key=served.key, max_retries=0) as made:
        yield made


@pytest.mark.parametrize(
    ("asked", "sent"),
    [
        ({"max_tokens": 5}, {"max_tokens": 5}),
        ({"max_completion_tokens": 700}, {"max_tokens": 700}),
        ({"temperature": 0.7, "seed": 3}, {"temperature": 0.7, "seed": 3}),
        ({"stop": ["\n"], "top_p": 0.5}, {"stop": ["\n"], "top_p": 0.5}),
        ({"extra_body": {"top_k": 4, "min_p": 0.1}}, {"top_k": 4, "min_p": 0.1}),
        ({"response_format": FORM}, {"response_format": FORM}),
        ({"tools": [WEATHER], "tool_choice": "required"}, {"tools": [WEATHER], "tool_choice": "required"}),
    ],
)
def test_an_arms_model_is_asked_as_its_caller_says(
    client: openai.OpenAI, upstream: Upstream, asked: dict[str, Any], sent: dict[str, Any]
) -> None:
    upstream.says(RIGHT)

    client.chat.completions.create(model=MODEL, messages=ASK, **asked)

    assert sent.items() <= upstream.requests[-1].items()


def test_an_answer_that_the_model_cut_says_so_in_every_api(
    claude: anthropic.Anthropic, client: openai.OpenAI, upstream: Upstream
) -> None:
    """It was told as "stop": a client kept half a sentence for the whole."""
    upstream.ends_by = "length"
    for _ in range(4):
        upstream.says("Every employee has 28 days of")

    chat = client.chat.completions.create(model=MODEL, messages=ASK)
    streamed = list(client.chat.completions.create(model=MODEL, messages=ASK, stream=True))
    response = client.responses.create(model=MODEL, input=ASK[0]["content"])
    message = claude.messages.create(model=MODEL, max_tokens=9, messages=ASK)

    assert chat.choices[0].finish_reason == streamed[-1].choices[0].finish_reason == "length"
    assert response.incomplete_details is not None
    assert response.incomplete_details.reason == "max_output_tokens"
    assert message.stop_reason == "max_tokens"


def test_an_arm_gives_json_with_its_citations(client: openai.OpenAI, upstream: Upstream) -> None:
    upstream.says('{"days": ', "28}")
    upstream.says('{"days": 28}')

    chat = client.chat.completions.create(model=MODEL, messages=ASK, response_format=FORM)
    form: Any = {"type": "json_schema", "name": "days", "schema": DAYS}
    response = client.responses.create(model=MODEL, input=ASK[0]["content"], text={"format": form})

    assert json.loads(chat.choices[0].message.content or "") == {"days": 28}
    assert chat.choices[0].message.annotations
    assert json.loads(response.output_text) == {"days": 28}


def test_json_that_is_withheld_is_a_refusal(client: openai.OpenAI, upstream: Upstream) -> None:
    """`parse()` of the SDK knows refusals; a sentence in place of JSON breaks it."""
    upstream.says('{"days": 999}')

    made = client.chat.completions.create(model=MODEL, messages=ASK, response_format=FORM)
    message = made.choices[0].message

    assert message.content is None
    assert message.refusal


def test_an_arm_calls_the_callers_functions(
    claude: anthropic.Anthropic, client: openai.OpenAI, upstream: Upstream
) -> None:
    for _ in range(3):
        upstream.calls("weather", '{"city": ', '"Graz"}')
    tool: Any = {"name": "weather", "input_schema": CITY}

    choice = client.chat.completions.create(model=MODEL, messages=ASK, tools=[WEATHER]).choices[0]
    function: Any = {"type": "function", **WEATHER["function"]}
    response = client.responses.create(model=MODEL, input="How many days?", tools=[function])
    message = claude.messages.create(model=MODEL, max_tokens=9, messages=ASK, tools=[tool])

    assert choice.finish_reason == "tool_calls"
    assert choice.message.tool_calls is not None
    called: Any = choice.message.tool_calls[0]
    assert (called.function.name, called.function.arguments) == ("weather", '{"city": "Graz"}')
    assert [item.type for item in response.output] == ["function_call"]
    assert message.stop_reason == "tool_use"
    assert message.content[0].type == "tool_use"


def test_an_arm_answers_from_what_a_function_gave_back(client: openai.OpenAI, upstream: Upstream) -> None:
    upstream.says("It is sunny in Graz, 21 degrees.")
    call = {"id": "1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    turns = [
        *ASK,
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "sunny, 21 degrees"},
    ]

    answer = client.chat.completions.create(model=MODEL, messages=turns, tools=[WEATHER])

    assert answer.choices[0].message.content == "It is sunny in Graz, 21 degrees."
    assert [turn["role"] for turn in upstream.requests[-1]["messages"][-2:]] == ["assistant", "tool"]


@pytest.mark.parametrize(
    ("param", "more"),
    [
        ("logprobs", {"logprobs": True}),
        ("messages", {"messages": [{"role": "system", "content": "Be brief."}]}),
        ("messages.0.role", {"messages": [{"role": "foo", "content": "a"}]}),
        ("response_format.type", {"response_format": {"type": "yaml"}}),
    ],
)
def test_what_an_arm_cannot_keep_to_is_refused_by_name(
    client: openai.OpenAI, param: str, more: dict[str, Any]
) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        client.chat.completions.create(**{"model": MODEL, "messages": ASK, **more})

    assert told.value.param == param


def test_an_arm_streams_while_its_model_writes(client: openai.OpenAI, upstream: Upstream) -> None:
    """The first byte came when the whole answer was there, half a minute later."""
    upstream.go_on.clear()
    upstream.says(f"{RIGHT} Travel by", " train.")

    stream = client.chat.completions.create(model=MODEL, messages=ASK, stream=True)
    first, second = next(stream), next(stream)
    upstream.go_on.set()
    rest = [chunk.choices[0] for chunk in stream]

    assert first.choices[0].delta.role == "assistant"
    assert second.choices[0].delta.content == RIGHT
    assert "".join(choice.delta.content or "" for choice in rest) == " Travel by train."
    assert rest[-1].finish_reason == "stop"


def test_what_was_told_and_is_withheld_at_the_end_is_withdrawn(
    client: openai.OpenAI, upstream: Upstream
) -> None:
    for _ in range(2):
        upstream.says(f"{RIGHT} A hotel", " may cost 999 euros.")

    choices = [
        chunk.choices[0] for chunk in client.chat.completions.create(model=MODEL, messages=ASK, stream=True)
    ]
    with client.responses.stream(model=MODEL, input=ASK[0]["content"]) as events:
        response = events.get_final_response()

    assert [choice.delta.content for choice in choices if choice.delta.content] == [RIGHT]
    assert any(choice.delta.refusal for choice in choices)
    assert choices[-1].finish_reason == "content_filter"
    assert response.output_text == ""
    message: Any = response.output[0]
    assert message.content[-1].type == "refusal"


def test_messages_and_responses_stream_too(
    claude: anthropic.Anthropic, client: openai.OpenAI, upstream: Upstream
) -> None:
    for _ in range(2):
        upstream.says(f"{RIGHT} Travel by", " train.")

    with client.responses.stream(model=MODEL, input=ASK[0]["content"]) as events:
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    with claude.messages.stream(model=MODEL, max_tokens=99, messages=ASK) as stream:
        pieces = list(stream.text_stream)
        message = stream.get_final_message()

    assert deltas[0] == pieces[0] == RIGHT
    assert "".join(pieces) == f"{RIGHT} Travel by train."
    assert message.content[0].type == "text"
    assert message.content[0].citations


def test_who_leaves_a_stream_stops_the_model(
    client: openai.OpenAI, served: Remote, upstream: Upstream
) -> None:
    upstream.go_on.clear()
    upstream.says(f"{RIGHT} Travel by", " train.")
    stream = client.chat.completions.create(model=MODEL, messages=ASK, stream=True)
    while not next(stream).choices[0].delta.content:
        pass  # the role comes before the model was asked
    stream.close()
    upstream.go_on.set()

    end = time.monotonic() + 10
    while served.running.pool.n_waiting() and time.monotonic() < end:
        time.sleep(0.01)
    upstream.says(RIGHT)
    assert client.chat.completions.create(model=MODEL, messages=ASK).choices[0].message.content == RIGHT
