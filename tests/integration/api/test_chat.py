"""Models and completions, through OpenAI's own client."""

import openai
import pytest
from tests.fixtures.served import Served


def test_models_are_the_base_and_the_arms_that_can_answer(client: openai.OpenAI) -> None:
    names = [model.id for model in client.models.list() if model.model_dump()["kind"] != "embedding"]
    assert names == [
        "parrot",
        "handbook/base",
        "handbook/quote",
        "handbook/few-shot",
        "handbook/rag",
        "handbook/rag-few-shot",
    ]
    assert client.models.retrieve("handbook/rag").owned_by == "handbook"


def test_a_base_model_answers(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(
        model="parrot", messages=[{"role": "user", "content": "Hello there"}]
    )
    assert done.choices[0].message.content == "You said: Hello there"
    assert done.choices[0].finish_reason == "stop"
    assert done.usage is not None
    assert done.usage.total_tokens == 6


def test_a_stream_ends_with_its_usage(client: openai.OpenAI) -> None:
    chunks = list(
        client.chat.completions.create(
            model="parrot",
            messages=[{"role": "user", "content": "one two three"}],
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "You said: one two three"
    assert len(chunks) > 5
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 5


def test_an_arm_is_just_a_model_with_citations(client: openai.OpenAI) -> None:
    """A deployed hybrid is just a model name to the client."""
    done = client.chat.completions.create(
        model="handbook/rag", messages=[{"role": "user", "content": "How many days of leave?"}]
    )
    message = done.choices[0].message
    assert message.content == "Every employee has 28 days of leave a year."
    assert message.annotations is not None
    assert message.annotations[0].url_citation.title == "leave.md"


def test_an_arm_streams(client: openai.OpenAI) -> None:
    chunks = client.chat.completions.create(
        model="rag", messages=[{"role": "user", "content": "How many days of leave?"}], stream=True
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "Every employee has 28 days of leave a year."


def test_several_choices_have_their_index(client: openai.OpenAI) -> None:
    done = client.chat.completions.create(model="parrot", messages=[{"role": "user", "content": "a"}], n=3)
    assert [choice.index for choice in done.choices] == [0, 1, 2]


def test_what_is_not_there_says_so(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="'gpt-9' does not exist or you do not have access"):
        client.chat.completions.create(model="gpt-9", messages=[{"role": "user", "content": "a"}])
    with pytest.raises(openai.NotFoundError, match="lorewright tune"):
        client.chat.completions.create(model="hybrid", messages=[{"role": "user", "content": "a"}])


def test_a_wrong_value_is_named(client: openai.OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as told:
        client.chat.completions.create(
            model="parrot", messages=[{"role": "user", "content": "a"}], temperature=9
        )
    assert told.value.param == "temperature"


def test_a_wrong_key_is_refused(served: Served) -> None:
    with served.client("lw-wrong") as stranger, pytest.raises(openai.AuthenticationError):
        stranger.models.list()


def test_a_key_uses_what_it_may_and_nothing_else_exists_for_it(served: Served) -> None:
    _, secret = served.running.keys.make("guest", verbs=("chat",), models=("parrot",))
    with served.client(secret) as guest:
        assert [model.id for model in guest.models.list()] == ["parrot"]
        with pytest.raises(openai.NotFoundError) as hidden:
            guest.models.retrieve("handbook/rag")
        with pytest.raises(openai.NotFoundError) as absent:
            guest.models.retrieve("handbook/nothing")
        with pytest.raises(openai.PermissionDeniedError):
            guest.embeddings.create(model="default", input="a")
    assert str(hidden.value).replace("rag", "nothing") == str(absent.value)


def test_a_revoked_key_is_over_at_once(served: Served) -> None:
    key, secret = served.running.keys.make("leaver")
    with served.client(secret) as leaver:
        leaver.models.list()
        served.running.keys.revoke(key.id)
        with pytest.raises(openai.AuthenticationError):
            leaver.models.list()


def test_embeddings_come_as_numbers_or_packed(client: openai.OpenAI) -> None:
    plain = client.embeddings.create(model="default", input=["a b", "c"], encoding_format="float")
    packed = client.embeddings.create(model="default", input=["a b", "c"])
    assert len(plain.data) == 2
    assert packed.data[0].embedding == pytest.approx(plain.data[0].embedding)
    with pytest.raises(openai.BadRequestError, match="must be a non-empty string"):
        client.embeddings.create(model="default", input=[""])


def test_the_older_completions_complete_several_prompts(client: openai.OpenAI) -> None:
    done = client.completions.create(model="parrot", prompt=["one", "two"])
    assert [choice.text for choice in done.choices] == ["You said: one", "You said: two"]


def test_a_body_that_is_too_long_is_refused_before_it_is_read(client: openai.OpenAI) -> None:
    with pytest.raises(openai.APIStatusError) as told:
        client.embeddings.create(model="default", input="a" * 9_000_000)
    assert told.value.status_code == 413
