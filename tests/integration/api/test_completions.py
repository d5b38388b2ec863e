"""Completions of the older kind, as OpenAI's client gets them."""

from typing import Any

import openai
import pytest


def test_every_prompt_has_as_many_completions_as_asked_for(client: openai.OpenAI) -> None:
    made = client.completions.create(model="parrot", prompt=["one", "two"], n=2, echo=True)

    assert [choice.index for choice in made.choices] == [0, 1, 2, 3]
    assert [choice.text.split("You")[0] for choice in made.choices] == ["one", "one", "two", "two"]
    assert made.usage is not None
    assert made.usage.completion_tokens == 12


def test_a_harness_reads_the_likelihood_of_an_ending(client: openai.OpenAI) -> None:
    """lm-evaluation-harness asks so: the prompt with its ending, told again with log-probabilities."""
    made = client.completions.create(
        model="parrot", prompt=[[ord(letter) for letter in "a bb ccc"]], max_tokens=0, echo=True, logprobs=1
    )

    logprobs = made.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.tokens == ["a", " bb", " ccc"]
    assert logprobs.token_logprobs == [-1.0, -3.0, -4.0]
    assert logprobs.text_offset == [0, 1, 4]


def test_a_stream_ends_with_the_usage_where_it_is_asked_for(client: openai.OpenAI) -> None:
    *pieces, last = client.completions.create(
        model="parrot", prompt="Hi", stream=True, stream_options={"include_usage": True}
    )

    assert "".join(piece.choices[0].text for piece in pieces) == "You said: Hi"
    assert last.usage is not None


def test_an_arm_completes_a_question(client: openai.OpenAI) -> None:
    made = client.completions.create(model="handbook/base", prompt="Hello", max_tokens=2)

    assert (made.choices[0].text, made.choices[0].finish_reason) == ("You said:", "length")


@pytest.mark.parametrize(
    ("param", "more"),
    [
        ("suffix", {"suffix": "the end"}),
        ("best_of", {"best_of": 3}),
        ("logprobs", {"logprobs": 9}),
        ("logprobs", {"logprobs": 1, "model": "handbook/base"}),
        ("n", {"n": 0}),
    ],
)
def test_what_is_not_done_is_refused_by_name(client: openai.OpenAI, param: str, more: Any) -> None:
    """Each of these was ignored in silence."""
    with pytest.raises(openai.BadRequestError) as told:
        client.completions.create(**{"model": "parrot", "prompt": "Hi", **more})

    assert told.value.param == param
