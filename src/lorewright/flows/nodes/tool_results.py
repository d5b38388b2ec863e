"""What a tool said, as texts: a list of things found, or one text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.errors import Permanent
from lorewright.json_text import read_json
from lorewright.tools import Result

TITLES = ("title", "document", "name", "url", "uri", "id")


@dataclass(frozen=True, slots=True)
class ToolText:
    """One thing that a tool found: its text; its title and its score in [0, 1] where the tool tells them."""

    text: str
    title: str = ""
    score: float | None = None


def texts_in(result: Result, field: str = "") -> list[ToolText]:
    """Return what a tool said, best first; `field` is where in its structured result to look.

    A list is one thing per entry. Without a field, an object that holds nothing but a list is that
    list, and any other is the text that the tool wrote beside it. Raises `Permanent` where the result
    has no such field.
    """
    value = _at(result, field) if field.strip() else _unwrapped(result.structured)
    items = value if isinstance(value, list) else [value]
    if not field.strip() and not isinstance(value, list):
        items = [result.text if result.text else value]
    texts = [_tool_text(item) for item in items]
    return [one for one in texts if one.text]


def _at(result: Result, field: str) -> Any:
    """Return a field of the structured result, or of the text where that is JSON: some send it so."""
    value = result.structured
    if value is None:
        try:
            value = read_json(result.text)
        except json.JSONDecodeError:
            value = None
    names = field.strip().split(".")
    if names[0] != "result":
        value = _without_result(value)
    for name in names:
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, Mapping) and name in value:
            value = value[name]
        else:
            has = ", ".join(map(str, value)) if isinstance(value, Mapping) else "no fields"
            raise Permanent(f"The tool's result has no field {field!r}.", hint=f"Available there: {has}.")
    return value


def _unwrapped(value: Any) -> Any:
    """Return the list that an object holds and nothing else, or else the value."""
    value = _without_result(value)
    if isinstance(value, Mapping) and len(value) == 1:
        only = next(iter(value.values()))
        return only if isinstance(only, list) else value
    return value


def _without_result(value: Any) -> Any:
    """Return what stands under `result` alone: there servers put what is no object."""
    return value["result"] if isinstance(value, Mapping) and list(value) == ["result"] else value


def _tool_text(item: Any) -> ToolText:
    if isinstance(item, str):
        return ToolText(item.strip())
    if not isinstance(item, Mapping):
        return ToolText("" if item is None else json.dumps(item, ensure_ascii=False))
    text = next(
        (item[name] for name in ("text", "content", "snippet") if isinstance(item.get(name), str)), None
    )
    score = item.get("score")
    is_score = isinstance(score, int | float) and not isinstance(score, bool) and 0 <= score <= 1
    title = next((item[name] for name in TITLES if isinstance(item.get(name), str) and item[name]), "")
    if text is None:
        return ToolText(json.dumps(item, ensure_ascii=False))
    return ToolText(text.strip(), title, float(score) if is_score and score is not None else None)
