"""Log-probabilities in the two shapes of OpenAI's API."""

from typing import Any

from lorewright.models.completion_logprobs import side_by_side, tokens_of

TOKENS: list[dict[str, Any]] = [
    {"token": "Graz", "logprob": None, "top_logprobs": []},
    {"token": " is", "logprob": -0.5, "top_logprobs": [{"token": " was", "logprob": -0.1}]},
]


def test_tokens_stand_side_by_side_with_their_places() -> None:
    told = side_by_side(TOKENS, n_top=1, offset=10)

    assert told == {
        "tokens": ["Graz", " is"],
        "token_logprobs": [None, -0.5],
        "top_logprobs": [None, {" was": -0.1, " is": -0.5}],
        "text_offset": [10, 14],
    }


def test_what_another_server_tells_is_read() -> None:
    told = tokens_of(side_by_side(TOKENS, n_top=1))

    assert told is not None
    assert [token["logprob"] for token in told["content"]] == [None, -0.5]
    assert tokens_of(None) is None
