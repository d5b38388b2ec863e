"""Rows of an evaluation against the schema that its author gave for them."""

from typing import Any

import pytest

from lorewright.evaluation.openai_evals.item_schema import UnfitItem, check_item, check_schema

SCHEMA = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "rank": {"type": ["integer", "null"]},
        "level": {"enum": ["easy", "hard"]},
        "turns": {"type": "array", "items": {"type": "object", "required": ["role", "content"]}},
        "code": {"type": "string", "pattern": "^[A-Z]{2}$"},
    },
    "required": ["question"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("item", [{"question": "Who?"}, {"question": "", "rank": None, "code": "AB"}])
def test_an_item_that_fits_is_taken(item: dict[str, Any]) -> None:
    check_schema(SCHEMA)
    check_item(item, SCHEMA)


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("Who?", "item is not of type object."),
        ({"question": 3}, "item.question is not of type string."),
        ({"question": "Who?", "rank": "first"}, "item.rank is not of type integer or null."),
        ({"question": "Who?", "level": "odd"}, "item.level is 'odd'; it must be one of 'easy', 'hard'."),
        ({"level": "easy"}, "item lacks question."),
        ({"question": "Who?", "turns": [{}]}, "item.turns[0] lacks role, content."),
        ({"question": "Who?", "why": 1}, "item has 'why', which its schema does not allow."),
        ({"question": "Who?", "code": "abc"}, "item.code does not fit its schema: 'abc' does not match"),
    ],
)
def test_what_does_not_fit_is_told_with_its_place(item: Any, problem: str) -> None:
    """An author with ten thousand rows needs to know which field of the row, and what is wanted."""
    with pytest.raises(UnfitItem) as told:
        check_item(item, SCHEMA)
    assert str(told.value).startswith(problem)


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"type": "text"}, "The schema has the unknown type 'text'; the types are object, array, string"),
        ({"properties": {"a": {"type": "str"}}}, "The schema has the unknown type 'str'"),
        ({"required": "a"}, "The schema is not a valid JSON Schema: 'a' is not of type 'array'"),
        ({"pattern": "("}, "The schema"),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: dict[str, Any], problem: str) -> None:
    with pytest.raises(UnfitItem) as told:
        check_schema(schema)
    assert problem in str(told.value)


def test_a_property_may_be_called_type() -> None:
    """What a property is called says nothing about the schema."""
    check_schema({"properties": {"type": {"type": "string"}}, "enum": [{"type": "odd"}]})


def test_a_schema_elsewhere_is_never_fetched() -> None:
    with pytest.raises(UnfitItem, match="item cannot be checked"):
        check_item({}, {"$ref": "http://127.0.0.1:9/schema.json"})
