"""Responses as streams of typed events, through OpenAI's own client."""

from collections.abc import Iterator
from typing import Any

import openai
import pytest
from tests.fixtures.function_tools import WEATHER
from tests.fixtures.served import Served
from tests.fixtures.upstream import DIES, Remote, Upstream

SEARCH: Any = {"type": "file_search", "vector_store_ids": ["vs_domain"]}


@pytest.fixture(scope="module")
def remote_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    upstream = Upstream()
    server = Remote(tmp_path_factory.mktemp("remote"), upstream)
    yield server
    server.close()
    upstream.close()


@pytest.fixture
def remote(remote_server: Remote) -> Remote:
    remote_server.upstream.forget()
    return remote_server


def stream(client: openai.OpenAI, text: str = "Hello there", **more: Any) -> list[Any]:
    """Return the events of the base model's response; their numbers must rise by one."""
    events = list(client.responses.create(**{"model": "parrot", "input": text, "stream": True, **more}))
    assert [event.sequence_number for event in events] == list(range(len(events)))
    return events


def kinds(events: list[Any]) -> list[str]:
    """Return what the events are, each kind once in a row, without their common beginning."""
    told = [event.type.removeprefix("response.") for event in events]
    return [kind for place, kind in enumerate(told) if place == 0 or told[place - 1] != kind]


def test_a_text_is_told_piece_by_piece(client: openai.OpenAI) -> None:
    events = stream(client)
    assert kinds(events) == [
        "created", "in_progress", "output_item.added", "content_part.added", "output_text.delta",
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
    assert len(deltas) > 2
    assert "".join(deltas) == events[-1].response.output_text == "You said: Hello there"
    assert (events[0].response.status, events[0].response.output) == ("in_progress", [])


def test_the_response_is_kept_when_its_last_event_comes(client: openai.OpenAI) -> None:
    for event in client.responses.create(model="parrot", input="Hello", stream=True):
        if event.type == "response.completed":
            kept = client.responses.retrieve(event.response.id)
            assert kept.to_dict() == event.response.to_dict()


def test_the_call_of_a_function_is_told_piece_by_piece(remote: Remote) -> None:
    remote.upstream.calls("weather", '{"city": ', '"Ulm"}')
    with remote.client() as client:
        events = stream(client, "Weather?", tools=[WEATHER])
    assert kinds(events) == [
        "created", "in_progress", "output_item.added", "function_call_arguments.delta",
        "function_call_arguments.done", "output_item.done", "completed",
    ]  # fmt: skip
    assert events[-3].arguments == '{"city": "Ulm"}'
    assert events[2].item.name == "weather"


def test_a_text_and_a_call_are_two_items(remote: Remote) -> None:
    remote.upstream.calls("weather", "{}")
    remote.upstream.answers[-1] = [{"content": "Let me look."}, *remote.upstream.answers[-1]]
    with remote.client() as client:
        events = stream(client, "Weather?", tools=[WEATHER])
    assert [item.type for item in events[-1].response.output] == ["message", "function_call"]
    assert [event.output_index for event in events if event.type == "response.output_item.done"] == [0, 1]


def test_a_search_is_told_before_what_it_found_is_answered(client: openai.OpenAI) -> None:
    events = stream(client, "How many days of leave?", tools=[SEARCH])
    assert kinds(events) == [
        "created", "in_progress", "output_item.added", "file_search_call.in_progress",
        "file_search_call.searching", "file_search_call.completed", "output_item.done",
        "output_item.added", "content_part.added", "output_text.delta", "output_text.annotation.added",
        "output_text.done", "content_part.done", "output_item.done", "completed",
    ]  # fmt: skip
    added = next(event for event in events if event.type == "response.output_text.annotation.added")
    assert (added.annotation.filename, added.annotation_index) == ("leave.md", 0)


def test_the_sdks_own_stream_ends_with_the_whole(client: openai.OpenAI) -> None:
    with client.responses.stream(model="parrot", input="Hello there") as events:
        for _ in events:
            pass
        assert events.get_final_response().output_text == "You said: Hello there"


def test_an_upstream_that_dies_ends_the_stream(remote: Remote) -> None:
    remote.upstream.answers.append([{"content": "Half of "}, {"content": "it"}, DIES])
    with remote.client() as client:
        events = stream(client)
        last = events[-1]
        assert last.type == "response.failed"
        assert (last.response.status, last.response.error.code) == ("failed", "server_error")
        assert last.response.output_text == "Half of it"
        assert client.responses.retrieve(last.response.id).status == "failed"


def test_an_upstream_that_just_ends_is_no_answer(remote: Remote) -> None:
    remote.upstream.says("Half")
    remote.upstream.ends_by = ""
    with remote.client() as client:
        events = stream(client)
    assert events[-1].type == "response.failed"


def test_a_text_that_is_too_long_is_incomplete(client: openai.OpenAI) -> None:
    last = stream(client, "one " * 40, max_output_tokens=16)[-1]
    assert last.type == "response.incomplete"
    assert last.response.incomplete_details.reason == "max_output_tokens"
    assert last.response.output[0].status == "incomplete"
    assert last.response.output_text == "You said:" + " one" * 14


def test_what_is_wrong_is_a_status_before_the_stream_begins(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        stream(client, model="none")
    with pytest.raises(openai.NotFoundError, match="vs_none"):
        stream(client, tools=[{"type": "file_search", "vector_store_ids": ["vs_none"]}])


def test_a_stream_in_the_background_can_be_taken_up_again(client: openai.OpenAI, served: Served) -> None:
    events = stream(client, background=True)
    response_id = events[0].response.id
    assert events[-1].type == "response.completed"
    while served.running.resumable_work.is_at(response_id):
        pass
    again = list(client.responses.retrieve(response_id, stream=True, starting_after=3))
    assert [event.to_dict() for event in again] == [event.to_dict() for event in events[4:]]


def test_only_a_stream_can_be_taken_up_again(client: openai.OpenAI) -> None:
    made = client.responses.create(model="parrot", input="Hello")
    with pytest.raises(openai.BadRequestError) as told:
        client.responses.retrieve(made.id, stream=True)
    assert told.value.param == "stream"
