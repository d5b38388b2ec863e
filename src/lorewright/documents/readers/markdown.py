"""Markdown, with the front matter that site generators put above it."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import yaml

from lorewright.documents.content import Content, first_heading
from lorewright.encoding import decode

_FRONT_MATTER = re.compile(
    r"\A(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<body>.*?)^(?P=fence)[ \t]*$\n?", re.DOTALL | re.MULTILINE
)
_ENTRY = re.compile(r"(?P<key>[A-Za-z_][\w .-]*):[ \t]+(?P<value>[^\n]*\S)[ \t]*$")
_MOST_YAML = 100_000  # characters; what is longer stays as it is


def front_matter(text: str) -> str:
    """Return the front matter above a text as it stands, '' where there is none."""
    match = _FRONT_MATTER.match(text.replace("\r\n", "\n"))
    return match[0] if match else ""


def read_markdown(path: Path) -> Content:
    """Return the text below the front matter; its entries are metadata.

    An entry with more inside than a line or a list stays in the text, as a code block: it may be
    what somebody asks for.
    """
    text = decode(path.read_bytes()).replace("\r\n", "\n")
    match = _FRONT_MATTER.match(text)
    if match is None:
        return Content(text, title=first_heading(text))
    body, below = match["body"], text[match.end() :]
    entries, rest = _toml_entries(body) if match["fence"] == "+++" else _yaml_entries(body)
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
    """Return the simple entries of YAML as they are written, and the lines of all others."""
    try:
        node = yaml.compose(body, Loader=yaml.BaseLoader) if len(body) <= _MOST_YAML else None
    except (yaml.YAMLError, RecursionError):
        return _sloppy_entries(body)
    if not isinstance(node, yaml.MappingNode):
        return {}, body.strip()
    entries: dict[str, str] = {}
    rest: list[str] = []
    lines = body.splitlines()
    starts = [key.start_mark.line for key, _ in node.value]
    for (key, value), start, end in zip(node.value, starts, [*starts[1:], len(lines)], strict=True):
        text = _plain(value)
        if text is None or not isinstance(key, yaml.ScalarNode):
            rest += [line for line in lines[start:end] if line.strip() and not line.startswith("#")]
        elif text:
            entries[str(key.value)] = text
    return entries, "\n".join(rest)


def _plain(node: yaml.Node) -> str | None:
    """Return a value that is one line, or a list of such; `None` for one with more inside."""
    if isinstance(node, yaml.ScalarNode):
        is_one_line = node.start_mark.line == node.end_mark.line
        return str(node.value).strip() if is_one_line else None
    if not isinstance(node, yaml.SequenceNode):
        return None
    parts = [_plain(part) if isinstance(part, yaml.ScalarNode) else None for part in node.value]
    return None if None in parts else ", ".join(part for part in parts if part)


def _sloppy_entries(body: str) -> tuple[Mapping[str, str], str]:
    """Return the lines `key: value` of what is no YAML, such as a title with a colon, and all others."""
    entries: dict[str, str] = {}
    rest: list[str] = []
    for line in body.splitlines():
        if match := _ENTRY.match(line):
            entries[match["key"]] = match["value"].strip().strip("\"'")
        elif line.strip() and not line.startswith("#"):
            rest.append(line)
    return entries, "\n".join(rest)
