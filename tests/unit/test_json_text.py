"""JSON as people and programs send it."""

import json

import pytest

from lorewright.json_text import read_json


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 5_000 + "1" + "}" * 5_000, "{", ""])
def test_what_cannot_be_read_is_one_error(text: str) -> None:
    """A tower of brackets in one row ended a whole import: nobody who reads JSON catches a RecursionError."""
    with pytest.raises(json.JSONDecodeError):
        read_json(text)


def test_what_is_nested_too_deeply_is_told_so() -> None:
    with pytest.raises(json.JSONDecodeError, match="nested too deeply"):
        read_json("[" * 100_000)


def test_a_value_is_read() -> None:
    assert read_json('{"a": [1, "ü"]}') == {"a": [1, "ü"]}
