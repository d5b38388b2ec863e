"""Responses through OpenAI's own client: whole, kept, with functions, and over files."""

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai.types import VectorStore
from openai.types.responses import Response
from pydantic import BaseModel
from tests.fixtures.calls import caller_to
from tests.fixtures.function_tools import WEATHER
from tests.fixtures.served import Served, lay_out
from tests.fixtures.upstream import Remote, Upstream

SEARCH: Any = {"type": "file_search", "vector_store_ids": ["vs_domain"]}
PAGES = {
    "pool.md": b"# Pool\n\nThe pool opens at nine and closes at eight.\n",
    "sauna.md": b"# Sauna\n\nThe sauna opens at noon. Towels cost three euros.\n",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    server = Served(lay_out(tmp_path_factory.mktemp("domain") / "handbook"))
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    yield server
    server.close()


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[openai.OpenAI]:
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def remote_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    upstream = Upstream()
    server = Remote(tmp_path_factory.mktemp("remote"), upstream)
    server.running.start("add", {"paths": [], "is_sync": True})
    server.running.workers.wait()
    yield server
    server.close()
    upstream.close()


@pytest.fixture
def remote(remote_server: Remote) -> Remote:
    remote_server.upstream.forget()
    return remote_server


@pytest.fixture(scope="module")
def spa(client: openai.OpenAI) -> VectorStore:
    """A store with two pages, indexed."""
    store = client.vector_stores.create(name="Spa")
    files = [
        {
            "file_id": client.files.create(file=(name, text), purpose="assistants").id,
            "attributes": {"place": name.removesuffix(".md")},
        }
        for name, text in PAGES.items()
    ]
    batch = client.vector_stores.file_batches.create(store.id, files=files)  # type: ignore[arg-type]
    client.vector_stores.file_batches.poll(batch.id, vector_store_id=store.id, poll_interval_ms=50)
    return store


def ask(client: openai.OpenAI, said: Any = "Hello there", **more: Any) -> Response:
    """Return the response of the base model."""
    made: Response = client.responses.create(**{"model": "parrot", "input": said, **more})
    return made


def search(
    client: openai.OpenAI, store: str, text: str = "When does the sauna open?", **tool: Any
) -> Response:
    """Return the response that searches a store."""
    wanted: Any = {"type": "file_search", "vector_store_ids": [store], **tool}
    return ask(client, text, tools=[wanted], include=["file_search_call.results"])


def citations(made: Response) -> list[Any]:
    """Return the annotations of what a response says."""
    return [
        annotation
        for item in made.output
        if item.type == "message"
        for part in item.content
        if part.type == "output_text"
        for annotation in part.annotations
    ]


def test_a_model_responds(client: openai.OpenAI) -> None:
    made = ask(client, metadata={"a": "b"})
    assert (made.output_text, made.status, made.error) == ("You said: Hello there", "completed", None)
    assert made.usage is not None
    assert (made.usage.input_tokens, made.usage.output_tokens, made.usage.total_tokens) == (2, 4, 6)
    assert (made.metadata, made.model) == ({"a": "b"}, "parrot")


def test_what_is_said_in_parts_and_turns_reaches_the_model(remote: Remote) -> None:
    remote.upstream.says("Fine.")
    turns = [
        {"role": "developer", "content": "Be kind."},
        {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
        {"role": "assistant", "content": "Hello."},
        {"role": "user", "content": "How are you?"},
    ]
    with remote.client() as client:
        made = ask(client, turns, instructions="Be brief.", temperature=0.5, max_output_tokens=19)
    assert made.output_text == "Fine."
    asked = remote.upstream.requests[-1]
    assert [(turn["role"], turn["content"]) for turn in asked["messages"]] == [
        ("system", "Be brief.\n\nBe kind."),
        ("user", "Hi"),
        ("assistant", "Hello."),
        ("user", "How are you?"),
    ]
    assert (asked["temperature"], asked["max_completion_tokens"]) == (0.5, 19)


def test_a_response_goes_on_from_another_without_its_instructions(remote: Remote) -> None:
    remote.upstream.says("Blue.")
    remote.upstream.says("Still blue.")
    with remote.client() as client:
        first = ask(client, "My colour?", instructions="Be brief.")
        second = ask(client, "And now?", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    said = [turn["content"] for turn in remote.upstream.requests[-1]["messages"]]
    assert said == ["My colour?", "Blue.", "And now?"]


def test_a_function_is_called_and_its_output_goes_back(remote: Remote) -> None:
    remote.upstream.calls("weather", '{"city": ', '"Ulm"}')
    remote.upstream.says("It rains.")
    with remote.client() as client:
        first = ask(
            client, "Weather in Ulm?", tools=[WEATHER], tool_choice={"type": "function", "name": "weather"}
        )
        call = first.output[0]
        assert call.type == "function_call"
        assert (call.name, call.arguments, call.status) == ("weather", '{"city": "Ulm"}', "completed")
        output = {"type": "function_call_output", "call_id": call.call_id, "output": "rain"}
        second = ask(client, [output], previous_response_id=first.id, tools=[WEATHER])
    assert second.output_text == "It rains."
    first_asked, second_asked = remote.upstream.requests[-2:]
    assert first_asked["tool_choice"] == {"type": "function", "function": {"name": "weather"}}
    assert first_asked["tools"][0]["function"]["parameters"]["required"] == ["city"]
    turns = second_asked["messages"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "tool"]
    assert turns[1]["tool_calls"][0]["id"] == turns[2]["tool_call_id"] == call.call_id


def test_a_schema_is_parsed_by_the_sdk(remote: Remote) -> None:
    class Leave(BaseModel):
        days: int

    remote.upstream.says('{"days"', ": 28}")
    with remote.client() as client:
        made = client.responses.parse(model="parrot", input="Leave?", text_format=Leave)
    assert made.output_parsed == Leave(days=28)
    form = remote.upstream.requests[-1]["response_format"]
    assert (form["type"], form["json_schema"]["name"]) == ("json_schema", "Leave")


def test_log_probabilities_come_where_they_are_asked_for(remote: Remote) -> None:
    remote.upstream.says("Yes.")
    with remote.client() as client:
        ask(client, "Well?", include=["message.output_text.logprobs"], top_logprobs=2)
    assert remote.upstream.requests[-1]["logprobs"] is True
    assert remote.upstream.requests[-1]["top_logprobs"] == 2


def test_files_are_searched_and_cited(client: openai.OpenAI, spa: VectorStore) -> None:
    made = search(client, spa.id)
    call, message = made.output
    assert call.type == "file_search_call"
    assert (call.status, call.queries) == ("completed", ["When does the sauna open?"])
    assert call.results is not None
    assert call.results[0].filename == "sauna.md"
    assert made.output_text == "The sauna opens at noon. Towels cost three euros."
    assert message.type == "message"
    assert {citation.type for citation in citations(made)} == {"file_citation"}
    assert {citation.filename for citation in citations(made)} == {"sauna.md"}
    assert {citation.file_id for citation in citations(made)} == {call.results[0].file_id}


def test_only_files_that_a_filter_lets_through_are_read(client: openai.OpenAI, spa: VectorStore) -> None:
    chosen = {"type": "eq", "key": "place", "value": "pool"}
    made = search(client, spa.id, filters=chosen, max_num_results=1)
    call = made.output[0]
    assert call.type == "file_search_call"
    assert [result.filename for result in call.results or ()] == ["pool.md"]


def test_what_no_file_holds_is_refused(client: openai.OpenAI, spa: VectorStore) -> None:
    made = search(client, spa.id, "Who won the football match?")
    assert citations(made) == []
    told: Any = made.to_dict()["lorewright"]
    assert told["refused"] is True
    assert all(passage["quote"] and passage["url"].startswith("/lorewright/") for passage in told["nearest"])


def test_files_are_searched_though_functions_could_be_called(remote: Remote) -> None:
    """The model decides: what it says of files is cited, what a function told is not refused."""
    tools: Any = [WEATHER, {"type": "file_search", "vector_store_ids": ["vs_domain"]}]
    remote.upstream.says("Every employee has 28 days ", "of leave a year. [1]")
    remote.upstream.calls("weather", '{"city": "Ulm"}')
    remote.upstream.says("It rains in Ulm.")
    with remote.client() as client:
        cited = ask(client, "How many days of leave?", tools=tools)
        first = ask(client, "Weather in Ulm?", tools=tools)
        assert [item.type for item in first.output] == ["file_search_call", "function_call"]
        output = {"type": "function_call_output", "call_id": "call_1", "output": "rain"}
        second = ask(client, [output], tools=tools, previous_response_id=first.id)
    assert cited.output_text == "Every employee has 28 days of leave a year."
    assert citations(cited)[0].filename == "leave.md"
    assert second.output_text == "It rains in Ulm."
    asked = remote.upstream.requests[-1]
    assert [turn["role"] for turn in asked["messages"]] == ["system", "user", "assistant", "tool"]
    assert asked["messages"][1]["content"].endswith("Question: Weather in Ulm?")


def test_results_are_left_out_unless_they_are_wanted(client: openai.OpenAI, spa: VectorStore) -> None:
    tool: Any = {"type": "file_search", "vector_store_ids": [spa.id]}
    call = ask(client, "When does the sauna open?", tools=[tool]).output[0]
    assert call.type == "file_search_call"
    assert call.results is None


def test_the_documents_of_the_domain_are_a_store(client: openai.OpenAI) -> None:
    made = search(client, "vs_domain", "How many days of leave?")
    assert made.output_text == "Every employee has 28 days of leave a year."
    assert citations(made)[0].filename == "leave.md"


def test_a_flow_searches_other_files_with_its_own_prompt(client: openai.OpenAI, spa: VectorStore) -> None:
    tool: Any = {"type": "file_search", "vector_store_ids": [spa.id]}
    made = ask(client, "When does the sauna open?", model="handbook/rag", tools=[tool])
    assert citations(made)[0].filename == "sauna.md"


def test_a_hidden_store_looks_like_one_that_is_not_there(server: Served, spa: VectorStore) -> None:
    _, secret = server.running.keys.make("guest", verbs=("chat", "stores"), stores=())
    with server.client(secret) as guest:
        with pytest.raises(openai.NotFoundError) as hidden:
            search(guest, spa.id)
        with pytest.raises(openai.NotFoundError) as absent:
            search(guest, "vs_nothing")
    assert str(hidden.value).replace(spa.id, "vs_nothing") == str(absent.value)


def test_a_flow_cites_the_documents(client: openai.OpenAI) -> None:
    made = ask(client, "How many days of leave?", model="handbook/rag")
    assert made.output_text == "Every employee has 28 days of leave a year."
    assert (citations(made)[0].type, citations(made)[0].file_id) == ("file_citation", "leave.md")


def test_a_response_is_kept_until_it_is_deleted(client: openai.OpenAI) -> None:
    made = ask(client)
    assert client.responses.retrieve(made.id).to_dict() == made.to_dict()
    client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError, match="No response found with id"):
        client.responses.retrieve(made.id)
    with pytest.raises(openai.BadRequestError) as told:
        ask(client, previous_response_id=made.id)
    assert (told.value.param, told.value.code) == ("previous_response_id", "previous_response_not_found")


def test_a_response_that_is_not_to_be_stored_is_not(client: openai.OpenAI) -> None:
    made = ask(client, store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_what_was_asked_is_listed_page_by_page(client: openai.OpenAI) -> None:
    made = ask(client, [{"role": "user", "content": text} for text in ("one", "two", "three")])
    page = client.responses.input_items.list(made.id, limit=2, order="asc")
    assert page.has_more
    texts = [item.content[0].text for item in page if item.type == "message"]  # type: ignore[union-attr]
    assert texts == ["one", "two", "three"]
    assert client.responses.input_items.list(made.id).data[-1].id == page.data[0].id


def test_a_key_sees_its_own_responses_and_an_administrator_all(server: Served, client: openai.OpenAI) -> None:
    _, secret = server.running.keys.make("one", verbs=("chat",))
    _, other = server.running.keys.make("two", verbs=("chat",))
    with server.client(secret) as owner, server.client(other) as stranger:
        made = ask(owner)
        with pytest.raises(openai.NotFoundError) as hidden:
            stranger.responses.retrieve(made.id)
        with pytest.raises(openai.NotFoundError) as absent:
            stranger.responses.retrieve("resp_0")
        with pytest.raises(openai.BadRequestError):
            ask(stranger, previous_response_id=made.id)
    assert client.responses.retrieve(made.id).id == made.id
    assert str(hidden.value).replace(made.id, "resp_0") == str(absent.value)


def test_a_response_in_the_background_is_fetched_later(remote: Remote) -> None:
    remote.upstream.says("Done ", "now.")
    remote.upstream.go_on.clear()
    with remote.client() as client:
        begun = ask(client, background=True)
        assert (begun.status, begun.output) == ("queued", [])
        assert client.responses.retrieve(begun.id).status in ("queued", "in_progress")
        remote.upstream.go_on.set()
        while (made := client.responses.retrieve(begun.id)).status in ("queued", "in_progress"):
            pass
    assert (made.status, made.output_text) == ("completed", "Done now.")


def test_a_response_in_the_background_can_be_cancelled(remote: Remote) -> None:
    remote.upstream.says("Never ", "said.")
    remote.upstream.go_on.clear()
    with remote.client() as client:
        begun = ask(client, background=True)
        assert client.responses.cancel(begun.id).status == "cancelled"
        remote.upstream.go_on.set()
        while remote.running.resumable_work.is_at(begun.id):
            pass
        made = client.responses.retrieve(begun.id)
    assert (made.status, made.output) == ("cancelled", [])


def test_only_what_is_in_the_background_can_be_cancelled(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="background=true"):
        client.responses.cancel(ask(client).id)


def test_a_response_whose_server_was_killed_is_begun_anew(server: Served, client: openai.OpenAI) -> None:
    """It is kept as it was when the server died: nobody is at it."""
    made = ask(client)
    records = server.running.records("response")
    request = {"model": "parrot", "input": "Hello again", "background": True}
    begun = records.get(made.id).body["response"] | {
        "id": "resp_killed",
        "status": "in_progress",
        "output": [],
    }
    body = {"response": {**begun, "background": True}, "input": [], "request": request}
    records.add("resp_killed", body, owner=records.get(made.id).owner)
    while (found := client.responses.retrieve("resp_killed")).status == "in_progress":
        pass
    assert (found.status, found.output_text) == ("completed", "You said: Hello again")


def test_what_goes_wrong_in_the_background_is_told_later(remote: Remote) -> None:
    remote.upstream.answers.append([])
    remote.upstream.ends_by = ""
    with remote.client() as client:
        begun = ask(client, background=True)
        while (made := client.responses.retrieve(begun.id)).status in ("queued", "in_progress"):
            pass
    assert made.status == "failed"
    assert made.error is not None
    assert "stopped before its answer was complete" in made.error.message


def test_inputs_are_counted(client: openai.OpenAI) -> None:
    alone = client.responses.input_tokens.count(model="parrot", input="one two three")
    instructed = client.responses.input_tokens.count(
        model="parrot", input="one two three", instructions="Be brief."
    )
    assert (alone.input_tokens, instructed.input_tokens) == (3, 5)


def test_a_conversation_goes_on_from_its_summary(remote: Remote) -> None:
    remote.upstream.says("The user likes tea.")
    remote.upstream.says("Tea.")
    with remote.client() as client:
        turns = [("user", "I like tea."), ("assistant", "Noted."), ("user", "And scones.")]
        said: Any = [{"role": role, "content": text} for role, text in turns]
        short = client.responses.compact(model="parrot", input=said)
        items: Any = [item.to_dict(warnings=False) for item in short.output]
        made = ask(client, [*items, {"role": "user", "content": "What do I like?"}])
    assert made.output_text == "Tea."
    assert [item["type"] for item in items] == ["message", "message", "compaction"]
    first, *others = remote.upstream.requests[-1]["messages"]
    assert (first["role"], "The user likes tea." in first["content"]) == ("system", True)
    assert [turn["content"] for turn in others] == ["I like tea.", "And scones.", "What do I like?"]


def test_what_is_too_long_loses_its_beginning_where_that_is_wanted(remote: Remote) -> None:
    remote.upstream.says("Yes.")
    turns = [{"role": "user", "content": "old " * 5000}, {"role": "user", "content": "new"}]
    with remote.client() as client:
        ask(client, turns, truncation="auto", instructions="Be brief.")
    said = [turn["content"] for turn in remote.upstream.requests[-1]["messages"]]
    assert said == ["Be brief.", "new"]


def test_a_response_can_be_judged(server: Served, client: openai.OpenAI) -> None:
    made = ask(client)
    status, answer = caller_to(server)("GET", f"/answers/{made.id}")
    assert (status, answer["text"]) == (200, "You said: Hello there")


def test_responses_are_made_in_batches(server: Served, client: openai.OpenAI) -> None:
    body = {"model": "parrot", "input": "x"}
    line = {"custom_id": "a", "method": "POST", "url": "/v1/responses", "body": body}
    file = client.files.create(file=("asks.jsonl", json.dumps(line).encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint="/v1/responses", completion_window="24h")
    server.running.workers.wait()
    done = client.batches.retrieve(batch.id)
    assert done.output_file_id is not None
    assert "You said: x" in client.files.content(done.output_file_id).text


def test_stored_responses_are_measured(server: Served, client: openai.OpenAI) -> None:
    for text in ("red", "blue"):
        ask(client, text, metadata={"topic": "colours"})
    said: Any = {
        "type": "string_check", "name": "says it", "operation": "like",
        "input": "{{ sample.output_text }}", "reference": "{{ item.input }}",
    }  # fmt: skip
    schema = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
    config: Any = {"type": "custom", "item_schema": schema, "include_sample_schema": True}
    made = client.evals.create(name="said", data_source_config=config, testing_criteria=[said])
    source: Any = {"type": "responses", "source": {"type": "responses", "metadata": {"topic": "colours"}}}
    run = client.evals.runs.create(made.id, data_source=source)
    server.running.workers.wait()
    counts = client.evals.runs.retrieve(run.id, eval_id=made.id).result_counts
    assert (counts.passed, counts.total) == (2, 2)


@pytest.mark.parametrize(
    ("param", "more"),
    [
        ("tools[0].type", {"tools": [{"type": "web_search"}]}),
        ("tools[0].type", {"tools": [{"type": "code_interpreter", "container": {"type": "auto"}}]}),
        ("tools[0]", {"tools": ["nothing"]}),
        ("text.format", {"text": {"format": {"type": "json_schema"}}}),
        ("prompt.id", {"prompt": {"id": "pmpt_1"}}),
        ("conversation", {"conversation": "conv_1", "previous_response_id": "resp_1"}),
        ("background", {"background": True, "store": False}),
        ("temperature", {"temperature": 9}),
        ("input", {"input": []}),
        ("input", {"input": {"role": "user"}}),
        ("input[0]", {"input": ["Hello"]}),
        ("input[0].type", {"input": [{"type": "computer_call"}]}),
        ("input[0].content[0]", {"input": [{"role": "user", "content": [{"type": "input_file"}]}]}),
        ("input[0]", {"input": [{"type": "item_reference", "id": "msg_1"}]}),
        ("tool_choice", {"tools": [WEATHER], "tool_choice": {"type": "mcp"}}),
    ],
)
def test_what_cannot_be_done_is_named(client: openai.OpenAI, param: str, more: dict[str, Any]) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        ask(client, **more)
    assert told.value.param == param


def test_a_response_tells_how_its_text_was_drawn(client: openai.OpenAI) -> None:
    """OpenResponses' suite failed on nulls; a log of answers needs what held, not what was said."""
    base = client.responses.create(model="parrot", input="Hi").model_dump()
    more = {"presence_penalty": 0.5}
    arm = client.responses.create(model="handbook/base", input="Hi", extra_body=more).model_dump()

    assert (base["temperature"], base["top_p"]) == (0.8, 0.95)
    assert (arm["temperature"], arm["top_p"]) == (0.0, 1.0)
    assert (arm["presence_penalty"], arm["frequency_penalty"]) == (0.5, 0.0)


def test_less_room_than_openai_gives_is_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        client.responses.create(model="parrot", input="Hi", max_output_tokens=15)

    assert told.value.param == "max_output_tokens"
