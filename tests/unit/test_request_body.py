"""What clients send beside what they mean: nulls, halves of letters, and towers of brackets."""

from typing import Any

import pytest

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody, need_text


class Options(RequestBody):
    """Options within a request."""

    many: int = 10


class Asked(RequestBody):
    """A request."""

    model: str
    stream: bool = False
    n: int = 1
    title: str | None = "none"
    options: Options = Options()


def test_null_is_not_given() -> None:
    """LangChain sends `seed: null` and LiteLLM `max_num_results: null`; both were refused."""
    asked = Asked.model_validate({"model": "m", "stream": None, "n": None, "options": {"many": None}})

    assert (asked.stream, asked.n, asked.options.many) == (False, 1, 10)
    assert asked.model_fields_set == {"model", "options"}


def test_null_says_what_it_says_where_it_is_a_value() -> None:
    assert Asked.model_validate({"model": "m", "title": None}).title is None


def test_what_is_needed_is_missed_where_it_is_null() -> None:
    with pytest.raises(ValueError, match="model"):
        Asked.model_validate({"model": None})


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": [{"content": "half \ud83d"}]}, "messages.0.content"),
        ({"metadata": {"\udc00": "a"}}, "metadata"),
        ({"title": "\ud800"}, "title"),
    ],
)
def test_half_of_a_letter_is_refused_by_its_place(body: Any, param: str) -> None:
    """It was a 500 once it came to be stored."""
    with pytest.raises(BadParameter) as caught:
        need_text(body)

    assert caught.value.param == param


def test_what_is_nested_too_deep_is_told() -> None:
    body: Any = "end"
    for _ in range(200):
        body = {"schema": body}

    with pytest.raises(BadParameter, match="nested too deeply"):
        Asked.model_validate({"model": "m", "extra": body})
