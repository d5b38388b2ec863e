"""Items against the JSON schema that an evaluation gives for them."""

from collections.abc import Callable, Mapping
from typing import Any

from lorewright.errors import UserError

_TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        not isinstance(value, bool) and (isinstance(value, int) or _is_whole(value))
    ),
}  # fmt: skip


class UnfitItem(UserError):
    """An item that does not fit its schema."""


def check_item(item: Any, schema: Mapping[str, Any], *, place: str = "item") -> None:
    """Raise `UnfitItem` where an item does not fit a JSON schema.

    Looked at are `type`, `enum`, `const`, `required`, `properties`, `additionalProperties` and
    `items`; other keywords are taken as a description.
    """
    kinds = _kinds(schema)
    if kinds and not any(_TYPES[kind](item) for kind in kinds):
        raise UnfitItem(f"{place} is no {' or '.join(kinds)}.")
    allowed = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(allowed, list) and item not in allowed:
        raise UnfitItem(f"{place} is {item!r}; it is one of {', '.join(map(repr, allowed))}.")
    if isinstance(item, dict):
        _check_object(item, schema, place)
    if isinstance(item, list) and isinstance(schema.get("items"), dict):
        for index, element in enumerate(item):
            check_item(element, schema["items"], place=f"{place}[{index}]")


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise `UnfitItem` for a schema that no item can be checked with."""
    unknown = [kind for kind in _named_kinds(schema) if kind not in _TYPES]
    if unknown:
        raise UnfitItem(f"The schema has type {unknown[0]!r}; there is {', '.join(_TYPES)}.")
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or not isinstance(schema.get("required", []), list):
        raise UnfitItem("In a schema, properties is an object and required a list.")
    for part in [*properties.values(), schema.get("items"), schema.get("additionalProperties")]:
        if isinstance(part, dict):
            check_schema(part)


def _check_object(item: Mapping[str, Any], schema: Mapping[str, Any], place: str) -> None:
    properties = schema.get("properties", {})
    missing = [name for name in schema.get("required", []) if name not in item]
    if missing:
        raise UnfitItem(f"{place} lacks {', '.join(map(str, missing))}.")
    others = schema.get("additionalProperties", True)
    for name, value in item.items():
        part = properties.get(name, others)
        if part is False:
            raise UnfitItem(f"{place} has {name!r}, which its schema does not know.")
        if isinstance(part, dict):
            check_item(value, part, place=f"{place}.{name}")


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    return [kind for kind in _named_kinds(schema) if kind in _TYPES]


def _named_kinds(schema: Mapping[str, Any]) -> list[str]:
    named = schema.get("type", [])
    return [str(kind) for kind in (named if isinstance(named, list) else [named])]


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()
