"""Items against the JSON schema that an evaluation gives for them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import ValidationError
from jsonschema.exceptions import best_match
from referencing.exceptions import Unresolvable

from lorewright.errors import InvalidFlow, UserError
from lorewright.flows.nodes.json_schema import need_schema, validator_of

_TYPES = ("object", "array", "string", "boolean", "null", "number", "integer")


class UnfitItem(UserError):
    """An item that does not fit its schema."""


def check_item(item: Any, schema: Mapping[str, Any]) -> None:
    """Raise `UnfitItem` where an item does not fit a JSON schema."""
    try:
        error = best_match(validator_of(schema).iter_errors(item))
    except (InvalidFlow, RecursionError, Unresolvable) as broken:
        raise UnfitItem(f"item cannot be checked: {broken}") from broken
    if error is not None:
        raise UnfitItem(_text(error))


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise `UnfitItem` for a schema that no item can be checked with."""
    unknown = [kind for kind in _types_in(schema) if kind not in _TYPES]
    if unknown:
        raise UnfitItem(f"The schema has the unknown type {unknown[0]!r}; the types are {', '.join(_TYPES)}.")
    try:
        need_schema(json.dumps(schema))
    except InvalidFlow as error:
        raise UnfitItem(str(error).replace("parameter 'schema'", "The schema")) from error


def _text(error: ValidationError) -> str:
    """Return what is wrong with an item, in the words of its author."""
    place = f"item{error.json_path.removeprefix('$')}"
    instance, wanted = error.instance, error.validator_value
    if error.validator == "type":
        return f"{place} is not of type {' or '.join(wanted if isinstance(wanted, list) else [wanted])}."
    if error.validator in ("enum", "const"):
        allowed = wanted if error.validator == "enum" else [wanted]
        return f"{place} is {instance!r}; it must be one of {', '.join(map(repr, allowed))}."
    if error.validator == "required":
        return f"{place} lacks {', '.join(name for name in wanted if name not in instance)}."
    if error.validator == "additionalProperties":
        unknown = next(iter(set(instance) - set(error.schema.get("properties", {}))))
        return f"{place} has {unknown!r}, which its schema does not allow."
    return f"{place} does not fit its schema: {error.message[:200]}."


def _types_in(schema: Any) -> Iterable[str]:
    """Yield every type that a schema and the schemas inside it name."""
    if isinstance(schema, list):
        for part in schema:
            yield from _types_in(part)
    if not isinstance(schema, dict):
        return
    named = schema.get("type", [])
    yield from (kind for kind in (named if isinstance(named, list) else [named]) if isinstance(kind, str))
    for key, part in schema.items():
        if key == "properties" and isinstance(part, dict):
            yield from _types_in(list(part.values()))
        elif key not in ("enum", "const", "default", "examples", "required"):
            yield from _types_in(part)
