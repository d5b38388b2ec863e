"""Templates: texts with `{{ item.name }}` and `{{ sample.output_text }}` in them, filled strictly."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.errors import UserError
from lorewright.evaluation.graders.grade import Scope

ROOTS = ("item", "sample")
_PLACE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_PATH = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*")
_PART = re.compile(r"[\w-]+")


class UnknownPath(UserError):
    """A template that refers to something that is not there."""


def fill(template: str, scope: Scope) -> str:
    """Return the text with every place filled; values that are no texts come as JSON.

    Raises `UnknownPath` for a path that leads nowhere.
    """
    return _PLACE.sub(lambda place: _text(look_up(place[1].strip(), scope)), template)


def look_up(path: str, scope: Scope) -> Any:
    """Return what a path like `item.turns[0].text` leads to, or raise `UnknownPath`."""
    check_path(path)
    value: Any = scope
    for part in _PART.findall(path):
        if isinstance(value, Mapping) and part in value:
            value = value[part]
        elif _is_list(value) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            raise UnknownPath(f"{{{{ {path} }}}} does not exist: {_what_is_there(part, value)}")
    return value


def check_template(template: str) -> str:
    """Return the template as it is; raise `UnknownPath` for places that can never be filled."""
    for place in _PLACE.findall(template):
        check_path(place.strip())
    return template


def check_path(path: str) -> None:
    """Raise `UnknownPath` for what is no path, or begins elsewhere than at an item or a sample."""
    if not _PATH.fullmatch(path):
        raise UnknownPath(f"{{{{ {path} }}}} is not a valid path. Example: item.name")
    root = _PART.findall(path)[0]
    if root not in ROOTS:
        raise UnknownPath(f"{{{{ {path} }}}} starts with {root!r}; a path must start with item or sample.")


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _what_is_there(part: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return f"no key {part!r}; the keys are {', '.join(map(str, value)) or '(none)'}."
    if _is_list(value):
        return f"no index {part!r} in a list of {len(value)}."
    return f"no {part!r} in {json.dumps(value, ensure_ascii=False)[:80]}."


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
