"""The reference of lorewright.toml: the settings' types, the template's comments, the checks."""

import ast
import dataclasses
import inspect
import json
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

import lorewright.settings
from lorewright.settings import AUTOMATIC, Settings
from lorewright.workspace.domain.settings_form import meanings

TYPES = {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}


def settings_block() -> str:
    """Return a table for every section, in the order of the file."""
    types = typing.get_type_hints(Settings)
    top = [field for field in dataclasses.fields(Settings) if not _is_section(types[field.name])]
    parts = [_table([(field.name, field) for field in top], types)]
    for field in dataclasses.fields(Settings):
        if _is_section(types[field.name]):
            parts += _sections(field.name, types[field.name])
    return "\n\n".join(parts) + "\n"


def _sections(path: str, kind: Any) -> Iterator[str]:
    """Yield the heading, purpose and table of a section, then those of the tables inside it."""
    if typing.get_origin(kind) is Mapping:  # tables under names of the user's choice
        yield from _section(f"{path}.NAME", f"[{path}.NAME]", typing.get_args(kind)[1])
    else:
        yield from _section(path, f"[{path}]", kind)


def _section(path: str, heading: str, kind: Any) -> Iterator[str]:
    types = typing.get_type_hints(kind)
    fields = dataclasses.fields(kind)
    yield f"## `{heading}`"
    yield (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
    plain = [(f"{path}.{field.name}", field) for field in fields if _inner(types[field.name]) is None]
    yield _table(plain, types)
    for field in fields:
        inner = _inner(types[field.name])
        if inner is not None:
            yield from _section(f"{path}.{field.name}", f"[[{path}.{field.name}]]", inner)


def _table(rows: list[tuple[str, "dataclasses.Field[Any]"]], types: Mapping[str, Any]) -> str:
    lines = ["| key | type | default | meaning |", "|---|---|---|---|"]
    lines += [_row(path, field, types[field.name]) for path, field in rows]
    return "\n".join(lines)


def _row(path: str, field: "dataclasses.Field[Any]", kind: Any) -> str:
    meaning = _sentence(meanings().get(path.replace("tools.NAME", "tools.desk"), ""))
    limits = _limits().get(path.replace("tools.NAME.", "tools: "), "")
    must = f" Must be {limits}." if limits else ""
    return f"| `{path}` | {_type(kind)} | {_default(field)} | {meaning}{must} |"


def _type(kind: Any) -> str:
    if typing.get_origin(kind) is Literal:
        return "one of " + ", ".join(f"`{choice}`" for choice in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "list of texts"
    if typing.get_origin(kind) is Mapping:
        return "table of texts"
    return TYPES[kind]


def _default(field: "dataclasses.Field[Any]") -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{json.dumps(field.default_factory())}`"
    if field.default is dataclasses.MISSING:
        return "required"
    automatic = (("dense_weight", AUTOMATIC), ("min_answerability", AUTOMATIC), ("n_kept", 0))
    if (field.name, field.default) in automatic:
        return '`"auto"`'
    value = list(field.default) if isinstance(field.default, tuple) else field.default
    return f"`{json.dumps(value)}`"


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _is_section(kind: Any) -> bool:
    if typing.get_origin(kind) is Mapping:
        return dataclasses.is_dataclass(typing.get_args(kind)[1])
    return dataclasses.is_dataclass(kind)


def _inner(kind: Any) -> Any:
    """Return the dataclass of a list of tables, or `None` for a plain value."""
    is_list = typing.get_origin(kind) is tuple
    inner = typing.get_args(kind)[0] if is_list else None
    return inner if dataclasses.is_dataclass(inner) else None


@cache
def _limits() -> Mapping[str, str]:
    """Return what the checks in settings.py demand of a key, by its path: the words of the errors."""
    limits: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(inspect.getsource(lorewright.settings))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_need":
            _holds, key, _value, demand = node.args
            assert isinstance(key, ast.Constant), "a check names its key as a text"
            limits.setdefault(str(key.value), []).append(_words(demand))
    return {key: "; ".join(demands) for key, demands in limits.items()}


def _words(node: ast.expr) -> str:
    """Return the text of an expression; values that only a running check knows are left out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr), "a check says what it demands as a text"
    known = [str(part.value) for part in node.values if isinstance(part, ast.Constant)]
    return "".join(known).replace(" ()", "")
