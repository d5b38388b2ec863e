"""JSON Schemas as grammars that hold, and end."""

from typing import Any

import pytest
from llguidance import LLMatcher, LLTokenizer

from lorewright.errors import BadParameter
from lorewright.models.json_grammar import HEADER, misfit, rule_of

BYTES = LLTokenizer("byte")


def holds(schema: Any, text: str, *, max_characters: int = 100) -> bool:
    """Return whether a model could write the text, and end there."""
    rule = rule_of(schema, param="schema", max_characters=max_characters)
    matcher = LLMatcher(BYTES, f"{HEADER}start: {rule}")
    n_taken = matcher.try_consume_tokens(BYTES.tokenize_str(text))
    return bool(n_taken == len(text.encode()) and matcher.is_accepting())


@pytest.mark.parametrize(
    ("pattern", "right", "wrong"),
    [
        (r"^\d{4}-\d{2}$", "2026-11", "blue"),
        (r"^\d+$", "12", "١٢"),
        (r"^\w+$", "a_1", "é"),
        (r"^a\sb$", "a b", "ab"),
        (r"^[A-Z]{2}[0-9]{3}$", "AB123", "AB12"),
        (r"^(red|green)$", "red", "blue"),
    ],
)
def test_a_pattern_holds_with_its_classes(pattern: str, right: str, wrong: str) -> None:
    """A date that is "blue" breaks the program that reads it."""
    schema = {"type": "string", "pattern": pattern}

    assert holds(schema, f'"{right}"')
    assert not holds(schema, f'"{wrong}"')


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"type": "array", "items": {"type": "string"}, "uniqueItems": True}, ".uniqueItems"),
        ({"not": {"type": "string"}}, ".not"),
        ({"properties": {"a": {"type": "string", "pattern": "(?=x)y"}}}, ".properties.a.pattern"),
        ({"properties": {"a": {"type": "string", "pattern": "(a)\\1"}}}, ".properties.a.pattern"),
        ({"anyOf": [{"type": "string", "format": "zip-code"}]}, ".anyOf.0.format"),
        ({"if": {"type": "string"}, "then": {"minLength": 3}, "type": "string"}, ".if"),
        ({"$ref": "http://example.org/schema"}, ".$ref"),
        ({"type": "nope"}, ".type"),
    ],
)
def test_a_keyword_that_cannot_be_held_is_refused_by_its_place(schema: Any, place: str) -> None:
    """A keyword that is dropped in silence is found out in production."""
    with pytest.raises(BadParameter) as caught:
        rule_of(schema, param="schema", max_characters=100)

    assert caught.value.param == f"schema{place}"


def test_the_schema_of_a_function_that_is_not_strict_holds_but_for_such_keywords() -> None:
    """OpenAI's API promises nothing more, and frameworks make such schemas by themselves."""
    schema = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}

    assert rule_of(schema, param="tools", max_characters=100, is_strict=False)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "object"}, "{\n\n}"),
        ({"type": "object", "properties": {"a": {"type": "integer"}}}, '{"a": 1, "b": 2}'),
        ({"type": "string"}, f'"{"x" * 101}"'),
        ({"type": "integer"}, "9" * 30),
        ({"type": "array", "items": {"type": "integer"}}, f"[{', '.join(['1'] * 65)}]"),
        ({}, "[[[[[1]]]]]"),
    ],
    ids=["white space", "property nobody named", "text", "digits", "items", "depth"],
)
def test_what_has_no_end_of_its_own_gets_one(schema: Any, text: str) -> None:
    """A small model that may go on does, up to the last token of its context."""
    assert not holds(schema, text)


def test_bounds_that_the_schema_gives_are_kept() -> None:
    assert holds({"type": "string", "maxLength": 300}, f'"{"x" * 300}"')
    assert holds({"type": "object", "additionalProperties": {"type": "integer"}}, '{"a": 1, "b": 2}')
    assert holds({"type": "integer", "minimum": 2**60}, str(2**60))


def test_parts_of_an_object_may_come_from_several_schemas() -> None:
    parts = [{"properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"type": "integer"}}}]

    assert holds({"allOf": parts, "required": ["a", "b"]}, '{"a": 1, "b": 2}')


def test_a_format_of_a_number_is_but_a_note() -> None:
    """Schemas made from OpenAPI documents are full of int32."""
    assert holds({"type": "integer", "format": "int32"}, "7")


def test_a_schema_may_refer_to_itself() -> None:
    schema = {
        "$defs": {
            "node": {
                "type": "object",
                "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
            }
        },
        "$ref": "#/$defs/node",
    }

    assert holds(schema, '{"next": {"next": null}}')


def test_a_text_that_does_not_fit_is_told_from_one_that_does() -> None:
    schema = {"oneOf": [{"type": "integer"}, {"type": "number"}]}

    assert "$" in misfit(schema, "3")  # both: a grammar can only hold one or the other
    assert not misfit(schema, "3.5")
    assert "not valid JSON" in misfit(schema, '{"a": ')
