"""Every endpoint that OpenAI's SDK has a method for, read from its source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openai.resources

RESOURCES = Path(str(openai.resources.__file__)).parent
VERBS = {"_get": "GET", "_post": "POST", "_put": "PUT", "_patch": "PATCH", "_delete": "DELETE"}


@dataclass(frozen=True, order=True, slots=True)
class Endpoint:
    """A verb and a path below the base URL; `group` is the SDK's resource it belongs to."""

    group: str
    path: str
    verb: str

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


def endpoints() -> list[Endpoint]:
    """Return every endpoint once, in the order of groups and paths."""
    found = {
        endpoint
        for file in RESOURCES.rglob("*.py")
        for endpoint in _in_file(file, ast.parse(file.read_text(encoding="utf-8")))
    }
    return sorted(found)


def shape(path: str) -> str:
    """Return a path in which the names of parameters say nothing: `/files/{}`."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def _in_file(file: Path, tree: ast.Module) -> Iterator[Endpoint]:
    group = file.relative_to(RESOURCES).with_suffix("").parts[0]
    for made in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        if made.name.startswith("Async"):
            continue  # the same endpoints again
        for call in (node for node in ast.walk(made) if isinstance(node, ast.Call)):
            verb, path = _verb(call), _path(call)
            if verb and path:
                yield Endpoint(group, path, verb)


def _verb(call: ast.Call) -> str:
    if not isinstance(call.func, ast.Attribute):
        return ""
    if call.func.attr == "_get_api_list":
        given = next((word.value for word in call.keywords if word.arg == "method"), None)
        return str(given.value).upper() if isinstance(given, ast.Constant) else "GET"
    return VERBS.get(call.func.attr, "")


def _path(call: ast.Call) -> str:
    """Return the path that a call begins with: a text, or a template with its parameters."""
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Call) and first.args:
        first = first.args[0]
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
