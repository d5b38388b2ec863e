"""What clients send beside what they mean: nulls, halves of letters, and towers of brackets."""

from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError

from lorewright.errors import BadParameter
from lorewright.request_body import RequestBody, first_wrong, need_text


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
    stop: str | list[str] | list[list[int]] = ""
    effort: Literal["auto"] | int = "auto"
    parts: list[str | Options] = Field(default_factory=list)


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


@pytest.mark.parametrize(
    ("given", "place", "what"),
    [
        ({"stop": 5}, "stop", "Input should be a valid string or a valid list"),
        ({"stop": ["a", 5]}, "stop.1", "Input should be a valid string or a valid list"),
        ({"stop": [[1, "x"]]}, "stop.0.1", "Input should be a valid integer"),
        ({"effort": "much"}, "effort", "Input should be 'auto' or a valid integer"),
        ({"parts": ["a", {"many": "x"}]}, "parts.1.many", "Input should be a valid integer"),
        ({"parts": [5]}, "parts.0", "Input should be a valid string or a valid dictionary"),
        ({"options": {"many": "x"}}, "options.many", "Input should be a valid integer"),
    ],
)
def test_a_wrong_value_is_told_by_its_place_and_every_kind_it_may_be(
    given: Any, place: str, what: str
) -> None:
    """It was `stop.str` and "a valid string": a name that nobody sent, and half of the truth."""
    body = {"model": "m", **given}

    with pytest.raises(ValidationError) as caught:
        Asked.model_validate(body)

    told = first_wrong(caught.value.errors(), body)
    assert told[0] == place
    assert told[1].startswith(what)


def test_what_is_missing_is_told_by_its_name() -> None:
    with pytest.raises(ValidationError) as caught:
        Asked.model_validate({})

    assert first_wrong(caught.value.errors(), {}) == ("model", "Field required")
