"""Embeddings as OpenAI's client gets them."""

from typing import Any

import openai
import pytest

LONG = "word " * 600  # the embedder of the tests reads 510 at once


def test_the_embedding_model_is_listed_with_its_limit(client: openai.OpenAI) -> None:
    """Programs choose from the list, and cut their texts by the limit."""
    listed: dict[str, Any] = next(
        one.model_dump() for one in client.models.list() if one.model_dump()["kind"] == "embedding"
    )

    assert listed["max_input_tokens"] == 510
    assert listed["dimensions"] == 256
    assert client.models.retrieve("text-embedding-3-small").id == listed["id"]


def test_openais_names_mean_the_domains_model(client: openai.OpenAI) -> None:
    ours = client.embeddings.create(model="default", input="a b")
    theirs = client.embeddings.create(model="text-embedding-3-small", input="a b")

    assert ours.data[0].embedding == theirs.data[0].embedding


def test_a_text_longer_than_the_model_is_read_to_its_end(client: openai.OpenAI) -> None:
    """Usage told of 812 tokens, and 256 were read."""
    made = client.embeddings.create(model="default", input=[LONG + "salt " * 300, LONG + "ferry " * 300])

    first, second = (one.embedding for one in made.data)
    assert sum(a * b for a, b in zip(first, second, strict=True)) < 0.95
    assert made.usage.prompt_tokens == 1800


def test_token_ids_are_taken(client: openai.OpenAI) -> None:
    made = client.embeddings.create(model="default", input=[[1, 2, 3], [4, 5]])

    assert len(made.data) == 2
    assert made.usage.prompt_tokens == 5


def test_token_ids_longer_than_the_model_are_read_to_their_end(client: openai.OpenAI) -> None:
    """LangChain sends ids, and cuts by OpenAI's limit of 8,191: more than most models read at once."""
    same = list(range(1, 601))

    made = client.embeddings.create(model="default", input=[same + [7] * 300, same + [9] * 300])

    first, second = (one.embedding for one in made.data)
    assert sum(a * b for a, b in zip(first, second, strict=True)) < 0.95
    assert made.usage.prompt_tokens == 1800


def test_a_long_text_has_one_vector_alone_and_among_others(client: openai.OpenAI) -> None:
    text = LONG + "salt " * 300

    alone = client.embeddings.create(model="default", input=text)
    among = client.embeddings.create(model="text-embedding-ada-002", input=["short", text])

    assert among.data[1].embedding == pytest.approx(alone.data[0].embedding, abs=1e-6)


def test_a_model_that_is_not_there_is_told_in_openais_words(client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as told:
        client.embeddings.create(model="nobody", input="a")

    assert told.value.code == "model_not_found"
