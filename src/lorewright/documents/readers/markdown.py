"""Markdown, with the front matter that site generators put above it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from lorewright.documents.content import Content, first_heading
from lorewright.documents.encoding import decode

_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)^(?P=fence)[ \t]*$\n?", re.DOTALL | re.MULTILINE
)
_ENTRY = re.compile(r"(?P<key>[A-Za-z_][\w .-]*):(?:[ \t]+(?P<value>[^\n]*))?$")
_ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>[^\n]*)$")


def front_matter(text: str) -> str:
    """Return the front matter above a text as it stands, '' where there is none."""
    found = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    return found[0] if found else ""


def read_markdown(path: Path) -> Content:
    """Return the text below the front matter; its entries are metadata.

    An entry with more inside than a line or a list stays in the text, as a code block: it may be
    what somebody asks for.
    """
    text = decode(path.read_bytes()).replace("\r\n", "\n")
    found = _FRONT_MATTER.match(text)
    if found is None:
        return Content(text, title=first_heading(text))
    body, below = found["body"], text[found.end() :]
    entries, rest = _toml_entries(body) if found["fence"] == "+++" else _yaml_entries(body)
    title = first_heading(below) or entries.get("title", "")
    return Content(f"```yaml\n{rest}\n```\n\n{below}" if rest else below, title, entries)


def _toml_entries(body: str) -> tuple[Mapping[str, str], str]:
    try:
        values = tomllib.loads(body, parse_float=str)
    except tomllib.TOMLDecodeError:
        return {}, body.strip()
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    is_nested = len(plain) < len(values)
    return {key: _in_one_line(value) for key, value in plain.items()}, body.strip() if is_nested else ""


def _in_one_line(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _yaml_entries(body: str) -> tuple[Mapping[str, str], str]:
    """Return the simple entries of YAML, and the lines of all others."""
    entries: dict[str, str] = {}
    rest: list[str] = []
    for key, value, inner in _yaml_blocks(body):
        items = [_ITEM.match(line) for line in inner]
        if key and value and not inner and value[0] not in "|>&*":
            entries[key] = _unquoted(value)
        elif key and not value and inner and all(item and not _ENTRY.match(item["value"]) for item in items):
            entries[key] = ", ".join(_unquoted(item["value"]) for item in items if item)
        elif value or inner:
            rest += [f"{key}: {value}".rstrip() if key else value, *inner]
    return entries, "\n".join(rest)


def _yaml_blocks(body: str) -> list[tuple[str, str, list[str]]]:
    """Return every top entry of YAML as its key, the value beside it, and the lines below it."""
    found: list[tuple[str, str, list[str]]] = []
    for line in body.splitlines():
        entry = _ENTRY.match(line)
        if entry:
            found.append((entry["key"], (entry["value"] or "").strip(), []))
        elif found and line.strip() and not line.startswith("#"):
            found[-1][2].append(line)
        elif line.strip() and not line.startswith("#"):
            found.append(("", line, []))
    return found


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    if value.startswith("[") and value.endswith("]"):
        return ", ".join(_unquoted(part) for part in value[1:-1].split(",") if part.strip())
    return value
