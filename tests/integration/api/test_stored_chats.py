"""Chat completions that were stored, through OpenAI's own client."""

from typing import Any

import openai
import pytest
from openai.types.chat import ChatCompletion
from tests.fixtures.served import Served


def stored(client: openai.OpenAI, text: str, **rest: Any) -> ChatCompletion:
    made: ChatCompletion = client.chat.completions.create(
        model="parrot", messages=[{"role": "user", "content": text}], store=True, **rest
    )
    return made


def test_what_is_to_be_stored_is_found_again(client: openai.OpenAI) -> None:
    made = stored(client, "Hello", temperature=0.5, metadata={"topic": "greeting"})
    found = client.chat.completions.retrieve(made.id)
    assert found.choices[0].message.content == "You said: Hello"
    assert found.usage == made.usage
    assert (found.to_dict()["metadata"], found.to_dict()["temperature"]) == ({"topic": "greeting"}, 0.5)


def test_what_was_not_to_be_stored_is_not(client: openai.OpenAI) -> None:
    made = client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "a"}])
    assert list(client.chat.completions.list()) == []
    with pytest.raises(openai.NotFoundError, match="No chat completion found with id"):
        client.chat.completions.retrieve(made.id)


def test_a_stream_is_stored_whole(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "one two three"}]
    chunks = list(client.chat.completions.create(model="parrot", messages=asked, store=True, stream=True))
    found = client.chat.completions.retrieve(chunks[0].id)
    assert found.choices[0].message.content == "You said: one two three"


def test_pages_follow_one_another(client: openai.OpenAI) -> None:
    ids = [stored(client, str(number)).id for number in range(5)]
    first = client.chat.completions.list(limit=2)
    assert [one.id for one in first.data] == ids[:2]
    assert [one.id for one in first] == ids
    assert [one.id for one in client.chat.completions.list(order="desc", limit=2)] == ids[::-1]


def test_a_list_is_narrowed_by_model_and_metadata(client: openai.OpenAI) -> None:
    made = stored(client, "a", metadata={"topic": "leave", "team": "north"})
    stored(client, "b", metadata={"topic": "travel"})
    lists = client.chat.completions.list
    assert [one.id for one in lists(metadata={"topic": "leave", "team": "north"})] == [made.id]
    assert list(lists(metadata={"topic": "leave", "team": "south"})) == []
    assert len(list(lists(model="parrot"))) == 2
    assert list(lists(model="other")) == []


def test_metadata_is_changed_and_a_completion_deleted(client: openai.OpenAI) -> None:
    made = stored(client, "Hello", metadata={"a": "b"})
    client.chat.completions.update(made.id, metadata={"a": "c"})
    assert client.chat.completions.retrieve(made.id).to_dict()["metadata"] == {"a": "c"}
    assert client.chat.completions.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.delete(made.id)


def test_metadata_that_is_no_text_is_refused(client: openai.OpenAI) -> None:
    wrong: Any = {"a": 1}
    with pytest.raises(openai.BadRequestError) as told:
        stored(client, "Hello", metadata=wrong)
    assert told.value.param == "metadata.a"


def test_the_messages_that_were_asked_are_listed(client: openai.OpenAI) -> None:
    asked: Any = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo"}]},
    ]
    made = client.chat.completions.create(model="handbook/base", messages=asked, store=True)
    messages = list(client.chat.completions.messages.list(made.id, limit=1))
    assert [message.content for message in messages] == ["Be brief.", "Hello"]
    assert messages[1].content_parts is not None


def test_a_key_sees_its_own_and_an_administrator_all(served: Served, client: openai.OpenAI) -> None:
    """What is another's answers like what was never there."""
    made = stored(client, "Hello")
    _, secret = served.running.keys.make("guest")
    with served.client(secret) as guest:
        own = stored(guest, "Mine")
        assert [one.id for one in guest.chat.completions.list()] == [own.id]
        with pytest.raises(openai.NotFoundError) as hidden:
            guest.chat.completions.retrieve(made.id)
        with pytest.raises(openai.NotFoundError) as absent:
            guest.chat.completions.retrieve("chatcmpl-1")
        with pytest.raises(openai.BadRequestError) as after_hidden:
            guest.chat.completions.list(after=made.id)
        with pytest.raises(openai.BadRequestError) as after_absent:
            guest.chat.completions.list(after="chatcmpl-1")
    assert str(hidden.value).replace(made.id, "chatcmpl-1") == str(absent.value)
    assert str(after_hidden.value).replace(made.id, "chatcmpl-1") == str(after_absent.value)
    assert len(list(client.chat.completions.list())) == 2


def test_what_was_stored_is_measured(served: Served, client: openai.OpenAI) -> None:
    made = stored(client, "say hat", metadata={"topic": "words"})
    stored(client, "say cat")
    grader: Any = {
        "type": "string_check", "name": "holds", "operation": "like", "input": "{{ sample.output_text }}",
        "reference": "{{ item.input }}",
    }  # fmt: skip
    defined = client.evals.create(
        name="stored",
        data_source_config={
            "type": "custom",
            "item_schema": {"type": "object"},
            "include_sample_schema": True,
        },
        testing_criteria=[grader],
    )
    source: Any = {
        "type": "completions",
        "source": {"type": "stored_completions", "metadata": {"topic": "words"}, "model": "parrot"},
    }
    run = client.evals.runs.create(defined.id, data_source=source)
    served.running.workers.wait()
    items = list(client.evals.runs.output_items.list(run.id, eval_id=defined.id))
    assert [(item.status, item.datasource_item["completion_id"]) for item in items] == [("pass", made.id)]
