"""Frozen values to JSON and back."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, TypeVar, cast

Value = TypeVar("Value")


def to_json(value: Any) -> Any:
    """Return a tree of dataclasses as JSON: objects, lists, texts and numbers."""
    if dataclasses.is_dataclass(value):
        return {part.name: to_json(getattr(value, part.name)) for part in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, tuple | list | frozenset):
        return [to_json(item) for item in value]
    return value


def from_json(kind: type[Value], body: Any) -> Value:
    """Return the value of a type that `to_json` wrote; a field that is missing takes its default."""
    return cast(Value, _read(kind, body))


def _read(kind: Any, body: Any) -> Any:
    if body is None or kind is Any:
        return body
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        kinds = _kinds(kind)
        return kind(**{name: _read(kinds[name], body[name]) for name in kinds if name in body})
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return tuple(_read(inner[0], item) for item in body)
    if origin is Mapping:
        return {key: _read(inner[1], item) for key, item in body.items()}
    if origin in (types.UnionType, typing.Union):
        return _read(next(option for option in inner if option is not type(None)), body)
    return body if origin is Literal else kind(body)


@cache
def _kinds(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)
