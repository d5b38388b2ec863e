"""A node's parameters: read from JSON, checked, described."""

import dataclasses
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal, cast

from lorewright.errors import InvalidExamples, InvalidFlow, UnknownName
from lorewright.flows.flow import Node
from lorewright.flows.kinds import KINDS, Group, Kind
from lorewright.messages import Message, conversation_from_json


def build(node: Node) -> Kind:
    """Return the node's kind with its parameters; raises `InvalidFlow` naming what does not fit."""
    cls = kind_of(node)
    known = {field.name: field for field in dataclasses.fields(cast(Any, cls))}
    for name in node.params:
        if name not in known:
            raise InvalidFlow(
                f"Node {node.id!r} ({node.kind}) has an unknown parameter {name!r}.",
                hint=f"Available: {', '.join(known)}." if known else "This kind has no parameters.",
            )
    types = _types(cls)
    values: dict[str, Any] = {}
    for name, value in node.params.items():
        try:
            values[name] = _read(types[name], value, known[name].metadata)
        except _Unfit as wanted:
            raise InvalidFlow(
                f"Node {node.id!r} ({node.kind}): parameter {name!r} is {value!r}.",
                hint=f"It must be {wanted}.",
            ) from None
    try:
        return cls(**values)
    except InvalidFlow as problem:
        raise InvalidFlow(f"Node {node.id!r} ({node.kind}): {problem}", hint=problem.hint) from None


def kind_of(node: Node) -> type[Kind]:
    """Return the kind a node names; raises `InvalidFlow` where there is none of that name."""
    try:
        return KINDS.load(node.kind)
    except UnknownName as error:
        raise InvalidFlow(f"Node {node.id!r} has an unknown kind {node.kind!r}.", hint=error.hint) from error


def describe_kinds() -> list[dict[str, Any]]:
    """Return every kind as JSON: name, title, group, what it does, ports, parameters with their defaults.

    They come in the order of a palette: by group, as an answer is made.
    """
    described = [_described(name, KINDS.load(name)) for name in KINDS.names()]
    return sorted(described, key=lambda kind: typing.get_args(Group).index(kind["group"]))


def _described(name: str, cls: type[Kind]) -> dict[str, Any]:
    types = _types(cls)
    return {
        "kind": name,
        "title": cls.about.title,
        "group": cls.about.group,
        "is_choosing": cls.about.is_choosing,
        "says": (cls.__doc__ or "").split("\n", 1)[0],
        "inputs": {port: dataclasses.asdict(about) for port, about in cls.inputs.items()},
        "outputs": dict(cls.outputs),
        "parameters": [
            {
                "name": field.name,
                "type": _type_name(types[field.name]),
                "default": list(field.default) if isinstance(field.default, tuple) else field.default,
                "choices": list(typing.get_args(types[field.name]))
                if _is_choice(types[field.name])
                else None,
                **field.metadata,
            }
            for field in dataclasses.fields(cast(Any, cls))
        ],
    }


@cache
def _types(cls: type[Kind]) -> dict[str, Any]:
    return typing.get_type_hints(cls)


class _Unfit(Exception):
    """A value that is not what a parameter wants; the text says what it wants."""


def _read(wanted: Any, value: Any, bounds: Mapping[str, Any]) -> Any:
    """Return a JSON value as the type `wanted`."""
    if _is_choice(wanted):
        fits = value in typing.get_args(wanted)
    elif typing.get_origin(wanted) is tuple:
        return _read_list(wanted, value)
    elif wanted is Message:
        return _read_turn(value)
    else:
        if wanted is float and type(value) is int:
            value = float(value)
        fits = type(value) is wanted and _is_within(value, bounds)
    if not fits:
        raise _Unfit(_in_words(wanted, bounds))
    return value


def _read_list(wanted: Any, value: Any) -> tuple[Any, ...]:
    try:
        if isinstance(value, list | tuple):
            return tuple(_read(typing.get_args(wanted)[0], item, {}) for item in value)
    except _Unfit:
        pass  # what is wanted is the list, whatever its item lacks
    raise _Unfit(_in_words(wanted, {}))


def _read_turn(value: Any) -> Message:
    try:
        return value if isinstance(value, Message) else conversation_from_json([value])[0]
    except (InvalidExamples, AttributeError):
        raise _Unfit(_in_words(Message, {})) from None


def _is_within(value: Any, bounds: Mapping[str, Any]) -> bool:
    low, high = bounds.get("low"), bounds.get("high")
    return (low is None or value >= low) and (high is None or value <= high)


def _in_words(wanted: Any, bounds: Mapping[str, Any]) -> str:
    """Return what a parameter must be, for an error."""
    if _is_choice(wanted):
        return "one of " + ", ".join(map(repr, typing.get_args(wanted)))
    low, high = bounds.get("low"), bounds.get("high")
    name = _type_name(wanted)
    name = name if name.startswith("true") else f"a {name}"
    if low is None:
        return name
    return f"{name} of at least {low:g}" if high is None else f"{name} between {low:g} and {high:g}"


def _type_name(wanted: Any) -> str:
    """Return a parameter's type as the editor knows it."""
    if _is_choice(wanted):
        return "choice"
    if typing.get_origin(wanted) is tuple:
        inner = typing.get_args(wanted)[0]
        return "conversation" if inner is Message else f"list of {_type_name(inner)}s"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Message: "turn"}
    return names[wanted]


def _is_choice(wanted: Any) -> bool:
    return typing.get_origin(wanted) is Literal
