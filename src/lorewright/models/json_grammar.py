"""A JSON Schema as a grammar that a model on this machine cannot leave, and that ends."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import SchemaError
from jsonschema.validators import extend
from llguidance import LLMatcher, LLTokenizer
from referencing import Registry
from referencing.exceptions import Unresolvable

from lorewright.errors import BadParameter

HEADER = "%llguidance {}\n"
# One way to write white space: a model that may choose writes line after line of it.
_WRITTEN: Mapping[str, Any] = {
    "whitespace_flexible": False, "item_separator": ", ", "key_separator": ": ", "coerce_one_of": True,
}  # fmt: skip
_MOST_ITEMS, _MOST_PROPERTIES, _ANY_DEPTH = 64, 32, 3
_LARGEST_INTEGER = 2**53 - 1
_BYTES = LLTokenizer("byte")
_REASON = re.compile(r"failed to compile JSON schema: (.*?)\n +1 \| ", re.DOTALL)
_UNHELD = re.compile(r"Unimplemented keys: (\[.*?\])")
_BY_WORDS: tuple[tuple[str, str], ...] = (
    ("regex", "pattern"), ("look-around", "pattern"), ("lookaround", "pattern"), ("Unknown format", "format"),
    ("Properties", "minProperties"), ("Invalid type", "type"), ("Pointer", "$ref"), ("Resource", "$ref"),
)  # fmt: skip
_ONE = ("items", "additionalProperties")
_MANY = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs", "definitions")
_SAYING = frozenset({
    "type", "enum", "const", "$ref", "pattern", "format", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "required", "not", "if", "then", "else", "contains",
    "minContains", "maxContains", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties",
    "propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "unevaluatedProperties",
    "unevaluatedItems", "$dynamicRef", *_ONE, *_MANY, *_NAMED,
})  # fmt: skip


def rule_of(schema: Mapping[str, Any], *, param: str, max_characters: int, is_strict: bool = True) -> str:
    r"""Return the right side of a grammar's rule that writes JSON of a schema.

    Texts without `maxLength` get `max_characters`, lists without `maxItems` 64 items, and objects no
    property that is not named, so that what is written ends. `\d`, `\w` and `\s` are ASCII. Raises
    `BadParameter` that names a keyword that cannot be held; where not `is_strict`, it is left out.
    """
    bounded = _bounded(schema, max_characters, is_closed='"allOf"' not in json.dumps(schema))
    written = {"x-guidance": {**_WRITTEN, "lenient": not is_strict}, **_as_object(bounded)}
    rule = f"%json {json.dumps(written)}"
    is_wrong, warnings = LLMatcher.validate_grammar_with_warnings(f"{HEADER}start: {rule}", _BYTES)
    if is_wrong:
        raise _unheld(schema, "\n".join(warnings), param)
    return rule


def misfit(schema: Mapping[str, Any], text: str) -> str:
    """Return how a text differs from what a schema asks, or nothing; its patterns are left to the grammar."""
    try:
        _VALIDATOR(schema, registry=Registry()).validate(json.loads(text))
    except json.JSONDecodeError as error:
        return f"it is not valid JSON: {error}"
    except ValidationError as error:
        return f"at {error.json_path}: {error.message[:200]}"
    except (SchemaError, Unresolvable, RecursionError) as error:
        return str(error)[:200]
    return ""


_VALIDATOR: Any = extend(Draft202012Validator, {"pattern": None, "patternProperties": None})


def _bounded(schema: Any, room: int, *, is_closed: bool) -> Any:
    """Return a schema that allows no more than the given one, and nothing without an end."""
    if not isinstance(schema, Mapping) or not _SAYING & schema.keys():
        return False if schema is False else _anything(room, _ANY_DEPTH)
    inner = {
        **{name: _bounded(schema[name], room, is_closed=is_closed) for name in _ONE if name in schema},
        **{
            name: [_bounded(one, room, is_closed=is_closed) for one in schema[name]]
            for name in _MANY
            if isinstance(schema.get(name), list)
        },
        **{
            name: {key: _bounded(one, room, is_closed=is_closed) for key, one in schema[name].items()}
            for name in _NAMED
            if isinstance(schema.get(name), Mapping)
        },
    }
    kinds = schema.get("type")
    kinds = {kinds} if isinstance(kinds, str) else set(kinds or ())
    bounded = {**schema, **inner}
    if "string" not in kinds:  # of a number it is but a note: "int32", "double"
        bounded.pop("format", None)
    return bounded | _ends(bounded, kinds, room, is_closed=is_closed)


def _ends(schema: Mapping[str, Any], kinds: set[str], room: int, *, is_closed: bool) -> dict[str, Any]:
    """Return the keywords that end what else would have none."""
    ends: dict[str, Any] = {}
    if "enum" in schema or "const" in schema:
        return ends
    if "string" in kinds and "format" not in schema:
        ends["maxLength"] = schema.get("maxLength", max(room, schema.get("minLength", 0)))
    if "integer" in kinds:
        ends |= _ends_of_integer(schema)
    if "array" in kinds:
        ends["maxItems"] = schema.get("maxItems", max(_MOST_ITEMS, schema.get("minItems", 0)))
        if "items" not in schema and "prefixItems" not in schema:
            ends["items"] = _anything(room, _ANY_DEPTH)
    is_object = "object" in kinds or "properties" in schema
    if is_object and is_closed and "patternProperties" not in schema:
        if schema.get("properties"):
            ends["additionalProperties"] = schema.get("additionalProperties", False)
        else:
            ends["additionalProperties"] = schema.get("additionalProperties", _anything(room, _ANY_DEPTH))
            ends["maxProperties"] = schema.get(
                "maxProperties", max(_MOST_PROPERTIES, schema.get("minProperties", 0))
            )
            if schema.get("required"):
                del ends["maxProperties"]  # they cannot be counted then
    return ends


def _ends_of_integer(schema: Mapping[str, Any]) -> dict[str, Any]:
    ends: dict[str, Any] = {}
    if "maximum" not in schema and "exclusiveMaximum" not in schema:
        ends["maximum"] = max(_LARGEST_INTEGER, schema.get("minimum", 0))
    if "minimum" not in schema and "exclusiveMinimum" not in schema:
        ends["minimum"] = min(-_LARGEST_INTEGER, schema.get("maximum", 0))
    return ends


def _anything(room: int, depth: int) -> dict[str, Any]:
    """Return a schema of any value that is nested no deeper than `depth`."""
    kinds: list[dict[str, Any]] = [
        {"type": "string", "maxLength": room},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
    ]
    if depth:
        inner = _anything(room, depth - 1)
        kinds += [
            {"type": "array", "items": inner, "maxItems": _MOST_ITEMS},
            {"type": "object", "additionalProperties": inner, "maxProperties": _MOST_PROPERTIES},
        ]
    return {"anyOf": kinds}


def _as_object(schema: Any) -> Mapping[str, Any]:
    return schema if isinstance(schema, Mapping) else {"enum": []}


def _unheld(schema: Any, warning: str, param: str) -> BadParameter:
    """Return the refusal of a schema, with the place of the keyword that cannot be held."""
    match = _REASON.search(warning)
    reason = " ".join((match[1] if match else warning).split())
    listed = _UNHELD.search(reason)
    if listed:
        keyword = json.loads(listed[1])[0]
        reason = "a model on this machine cannot enforce it"
    else:
        keyword = next((name for words, name in _BY_WORDS if words in reason), "")
    place = next(_places(schema, keyword), "") if keyword else ""
    where = f"{param}{place}"
    return BadParameter(where, f"{where} is not supported: {reason[:300].rstrip('.')}.")


def _places(schema: Any, keyword: str) -> Iterator[str]:
    """Yield where a keyword stands, as the end of a path."""
    if isinstance(schema, Mapping):
        if keyword in schema:
            yield f".{keyword}"
        for name, value in schema.items():
            yield from (f".{name}{place}" for place in _places(value, keyword))
    elif isinstance(schema, list):
        for number, value in enumerate(schema):
            yield from (f".{number}{place}" for place in _places(value, keyword))
