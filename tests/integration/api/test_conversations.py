"""Conversations through OpenAI's own client."""

from typing import Any

import openai
import pytest
from tests.fixtures.served import Served
from tests.fixtures.upstream import Remote, Upstream


def said(*texts: str) -> list[Any]:
    """Return what a user says as items."""
    return [{"type": "message", "role": "user", "content": text} for text in texts]


def texts(client: openai.OpenAI, conversation_id: str) -> list[str]:
    """Return what was said in a conversation, the oldest first."""
    items: Any = client.conversations.items.list(conversation_id, order="asc")
    return [item.content[0].text for item in items]


def test_a_conversation_keeps_its_items_and_metadata(client: openai.OpenAI) -> None:
    made = client.conversations.create(items=said("one"), metadata={"a": "b"})
    client.conversations.items.create(made.id, items=said("two", "three"))
    assert client.conversations.retrieve(made.id).metadata == {"a": "b"}
    assert client.conversations.update(made.id, metadata={"a": "c"}).metadata == {"a": "c"}
    assert texts(client, made.id) == ["one", "two", "three"]


def test_items_come_page_by_page(client: openai.OpenAI) -> None:
    made = client.conversations.create(items=said("one", "two", "three"))
    page: Any = client.conversations.items.list(made.id, limit=2)
    assert [item.content[0].text for item in page.data] == ["three", "two"]
    rest: Any = client.conversations.items.list(made.id, after=page.data[-1].id)
    assert ([item.content[0].text for item in rest.data], rest.has_more) == (["one"], False)


def test_an_item_is_found_and_taken_out(client: openai.OpenAI) -> None:
    made = client.conversations.create(items=said("one", "two"))
    first: Any = client.conversations.items.list(made.id, order="asc").data[0]
    found: Any = client.conversations.items.retrieve(first.id, conversation_id=made.id)
    assert found.content[0].text == "one"
    client.conversations.items.delete(first.id, conversation_id=made.id)
    assert texts(client, made.id) == ["two"]
    with pytest.raises(openai.NotFoundError):
        client.conversations.items.retrieve(first.id, conversation_id=made.id)


def test_a_response_adds_what_was_asked_and_said(client: openai.OpenAI) -> None:
    made = client.conversations.create()
    response = client.responses.create(model="parrot", input="Hello", conversation=made.id)
    assert response.conversation is not None
    assert response.conversation.id == made.id
    assert texts(client, made.id) == ["Hello", "You said: Hello"]


def test_a_stream_adds_them_before_it_ends(client: openai.OpenAI) -> None:
    made = client.conversations.create()
    for event in client.responses.create(model="parrot", input="Hello", conversation=made.id, stream=True):
        if event.type == "response.completed":
            assert texts(client, made.id) == ["Hello", "You said: Hello"]


def test_the_model_reads_what_was_said_before(tmp_path: Any) -> None:
    upstream = Upstream()
    server = Remote(tmp_path, upstream)
    upstream.says("Blue.")
    upstream.says("Still blue.")
    with server.client() as client:
        made = client.conversations.create(items=said("I like blue."))
        for text in ("My colour?", "And now?"):
            client.responses.create(model="parrot", input=text, conversation={"id": made.id})
    server.close()
    upstream.close()
    asked = [turn["content"] for turn in upstream.requests[-1]["messages"]]
    assert asked == ["I like blue.", "My colour?", "Blue.", "And now?"]


def test_a_conversation_that_is_deleted_is_gone_with_its_items(client: openai.OpenAI, served: Served) -> None:
    made = client.conversations.create(items=said("one"))
    assert client.conversations.delete(made.id).deleted
    with pytest.raises(openai.NotFoundError):
        client.conversations.retrieve(made.id)
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="parrot", input="Hello", conversation=made.id)
    assert served.running.records("conversation_item").all(parent=made.id) == []


def test_a_key_sees_its_own_conversations(served: Served, client: openai.OpenAI) -> None:
    _, secret = served.running.keys.make("guest", verbs=("chat",))
    made = client.conversations.create(items=said("secret"))
    with served.client(secret) as guest:
        with pytest.raises(openai.NotFoundError) as hidden:
            guest.conversations.items.list(made.id)
        with pytest.raises(openai.NotFoundError) as absent:
            guest.conversations.items.list("conv_0")
        with pytest.raises(openai.NotFoundError):
            guest.responses.create(model="parrot", input="Hello", conversation=made.id)
    assert str(hidden.value).replace(made.id, "conv_0") == str(absent.value)


def test_an_item_that_is_said_twice_has_two_ids(client: openai.OpenAI) -> None:
    made = client.conversations.create()
    item: Any = {"id": "msg_1", **said("again")[0]}
    added = client.conversations.items.create(made.id, items=[item, item])
    assert added.data[0].id == "msg_1"
    assert added.data[1].id != "msg_1"


def test_too_many_items_at_once_are_refused(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        client.conversations.create(items=said(*("text" for _ in range(21))))
    assert told.value.param == "items"


@pytest.mark.parametrize("conversation", ["auto", {}])
def test_a_response_begins_a_conversation_of_its_own(client: openai.OpenAI, conversation: Any) -> None:
    """One request less, and no conversation is left over where the first response is refused."""
    first = client.responses.create(model="parrot", input="One", conversation=conversation)
    assert first.conversation is not None
    second = client.responses.create(model="parrot", input="Two", conversation=first.conversation.id)

    assert second.conversation == first.conversation
    said: Any = list(client.conversations.items.list(first.conversation.id, order="asc"))
    assert [item.role for item in said] == ["user", "assistant"] * 2


def test_counting_tokens_begins_no_conversation(client: openai.OpenAI, served: Served) -> None:
    """Whoever only counts must leave nothing behind."""
    client.responses.input_tokens.count(model="parrot", input="One", conversation="auto")
    assert served.running.records("conversation").count() == 0
