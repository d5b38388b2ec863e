"""JSON and JSON Lines, rendered so that people, and models, can read them."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lorewright.documents.content import Content, title_of_name
from lorewright.documents.tables import table_or_records
from lorewright.encoding import decode
from lorewright.errors import UnreadableDocument

_TITLES = ("title", "name", "heading", "question")
_TEXTS = ("text", "content", "body", "markdown", "answer")
_SPEAKERS = ("from", "role", "author", "speaker", "sender", "user")
_SAID = ("text", "content", "message", "body")
_PEOPLE = ("user_profile", "author", "from", "sender", "user")
_NAMES = ("real_name", "display_name", "displayName", "nickname", "name", "username")
_MOMENTS = ("ts", "timestamp", "createdDateTime", "created_at", "date", "time")
_SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?")
"""Seconds since 1970, as Slack counts them."""
_DEEPEST_HEADING = 6
_LONGEST_LINE = 200
"""Characters of a list that stands in one line."""
_LONGEST_NAME = 80
_NOT_SPACE = re.compile(r"\S")


class _Number(str):
    """A number as it is written: 3.10 stays 3.10."""

    __slots__ = ()


class _Several(list[Any]):
    """The values of a key that stands more than once in an object."""


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object that keeps every value of a key."""
    held: dict[str, Any] = {}
    for key, value in pairs:
        if key not in held:
            held[key] = value
        elif isinstance(held[key], _Several):
            held[key].append(value)
        else:
            held[key] = _Several([held[key], value])
    return held


_DECODER = json.JSONDecoder(
    parse_float=_Number, parse_int=_Number, parse_constant=_Number, object_pairs_hook=_object_of
)


def read_json(path: Path) -> Content:
    """Return JSON as headings, lists and tables; several values in a row are a list.

    Its title is what it calls itself, or the name of the file: the first heading is only its first key.
    """
    values = _values(decode(path.read_bytes()), "it")
    value = values[0] if len(values) == 1 else values
    title = _first(value, _TITLES) if isinstance(value, dict) else ""
    return Content(_rendered(value, 1), title=title or title_of_name(path.name))


def read_json_lines(path: Path) -> Content:
    """Return JSON Lines as if they were one list; a broken line is named by its number."""
    lines = enumerate(decode(path.read_bytes()).split("\n"), start=1)
    values = [value for number, line in lines for value in _values(line, f"line {number}")]
    return Content(_rendered(values, 1), title=title_of_name(path.name))


def _values(text: str, name: str) -> list[Any]:
    """Return every JSON value in a text that holds nothing else."""
    values = []
    rest = _NOT_SPACE.search(text)
    while rest:
        try:
            value, end = _DECODER.raw_decode(text, rest.start())
        except RecursionError as error:
            raise UnreadableDocument(f"{name} is nested too deeply", hint="Fix the file.") from error
        except ValueError as error:
            raise UnreadableDocument(f"{name} is not valid JSON: {error}", hint="Fix the file.") from error
        values.append(value)
        rest = _NOT_SPACE.search(text, end)
    return values


def _rendered(value: Any, level: int) -> str:
    if level > _DEEPEST_HEADING:
        return _in_one_line(value)
    if isinstance(value, dict):
        return _object(value, level)
    if isinstance(value, list):
        return _list(value, level)
    return _scalar(value)


def _object(value: Mapping[str, Any], level: int) -> str:
    """Return a page (a title and a text) as one, any other object as lines and headed parts."""
    title, text = _first(value, _TITLES), _first(value, _TEXTS)
    parts = []
    if text:
        if title and not text.lstrip().startswith("#"):
            parts.append(f"{'#' * level} {title}")
        parts.append(text)
        value = {key: inner for key, inner in value.items() if inner not in (title, text)}
    entries = [(key, inner) for key, held in value.items() for inner in _each(held)]
    plain = [f"{key}: {_scalar(inner)}" for key, inner in entries if not isinstance(inner, dict | list)]
    if plain:
        parts.append("\n".join(plain))
    for key, inner in entries:
        if isinstance(inner, dict | list) and inner:
            parts.append(f"{'#' * level} {key}\n\n{_rendered(inner, level + 1)}")
    return "\n\n".join(parts)


def _each(held: Any) -> list[Any]:
    return held if isinstance(held, _Several) else [held]


def _list(values: Sequence[Any], level: int) -> str:
    if all(not isinstance(value, dict | list) for value in values):
        return "\n".join(f"- {_scalar(value)}" for value in values)
    if len(values) > 1 and all(_is_said(value) for value in values):
        return "\n\n".join(map(_turn, values))
    if len(values) > 1 and all(_message(value) for value in values):
        return "\n".join(map(_message, values))
    values = [_with_lists_in_line(value) for value in values]
    if all(_is_row(value) for value in values):
        names = list(dict.fromkeys(name for value in values for name in value))
        rows = [["; ".join(map(_scalar, _each(value.get(name, "")))) for name in names] for value in values]
        return table_or_records(names, rows)
    if len(values) > 1 and level < _DEEPEST_HEADING:
        return "\n\n".join(_headed(value, level) for value in values)
    return "\n\n".join(_rendered(value, level) for value in values)


def _with_lists_in_line(value: Any) -> Any:
    """Return an object with each of its short lists of plain values as one value."""
    if not isinstance(value, dict):
        return value
    return {key: _in_line(held) for key, held in value.items()}


def _in_line(held: Any) -> Any:
    """Return a list of plain values as one text, where it is short, and all else as it is."""
    is_list = isinstance(held, list) and not isinstance(held, _Several)
    if not is_list or any(isinstance(inner, dict | list) for inner in held):
        return held
    joined = ", ".join(map(_scalar, held))
    return joined if len(joined) <= _LONGEST_LINE else held


def _headed(value: Any, level: int) -> str:
    """Return one of several values below its name: else it would stand below parts of the one before."""
    is_page = isinstance(value, dict) and _first(value, _TEXTS) and _first(value, _TITLES)
    name = "" if is_page or not isinstance(value, dict) else _name(value)
    return f"{'#' * level} {name}\n\n{_rendered(value, level + 1)}" if name else _rendered(value, level)


def _name(value: Mapping[str, Any]) -> str:
    """Return what an object calls itself, or its first plain value with its key."""
    plain = [f"{key}: {_scalar(held)}" for key, held in value.items() if not isinstance(held, dict | list)]
    names = (" ".join(name.split()) for name in (_first(value, _TITLES), *plain))
    return next((name for name in names if 0 < len(name) <= _LONGEST_NAME), "")


def _is_said(value: Any) -> bool:
    """Tell whether a value is a turn of a talk: who says something, and what."""
    return _is_row(value) and bool(_first(value, _SPEAKERS)) and bool(_first(value, _SAID))


def _turn(value: Mapping[str, Any]) -> str:
    """Return a turn of a talk as a line of a play, with what else is known of it in brackets."""
    speaker, said = _first(value, _SPEAKERS), _first(value, _SAID)
    rest = [_scalar(inner) for inner in value.values() if inner not in (speaker, said, None, "")]
    return f"{speaker} ({', '.join(rest)}): {said}" if rest else f"{speaker}: {said}"


def _message(value: Any) -> str:
    """Return a message that a chat program saved, as a line with who wrote it and when; '' for others."""
    if not isinstance(value, dict):
        return ""
    people = [value[name] for name in _PEOPLE if value.get(name)]
    names = [_first(who, _NAMES) if isinstance(who, dict) else str(who) for who in people]
    when = next((str(value[name]) for name in _MOMENTS if isinstance(value.get(name), str)), "")
    said = " ".join(_first(value, _SAID).split())
    if not (names and names[0] and when and said):
        return ""
    if _SECONDS.fullmatch(when):
        when = datetime.fromtimestamp(float(when), UTC).strftime("%Y-%m-%d %H:%M")
    return f"{names[0]} ({when}): {said}"


def _is_row(value: Any) -> bool:
    if not isinstance(value, dict) or (_first(value, _TEXTS) and _first(value, _TITLES)):
        return False
    return all(not isinstance(inner, dict | list) for held in value.values() for inner in _each(held))


def _first(value: Mapping[str, Any], names: Sequence[str]) -> str:
    """Return the first text in `value` that has one of these names."""
    return next((value[name] for name in names if isinstance(value.get(name), str)), "")


def _scalar(value: Any) -> str:
    return value if isinstance(value, str) else _in_one_line(value)


def _in_one_line(value: Any) -> str:
    """Return a value as JSON, with its numbers as they were written."""
    if isinstance(value, dict):
        pairs = [(key, inner) for key, held in value.items() for inner in _each(held)]
        return (
            "{"
            + ", ".join(
                f"{json.dumps(key, ensure_ascii=False)}: {_in_one_line(inner)}" for key, inner in pairs
            )
            + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(map(_in_one_line, value)) + "]"
    return value if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
