"""reStructuredText, as Python projects document themselves, to Markdown.

What a reader of the page sees is kept: notes, signatures, parameters, the versions in which something came
or goes. A directive that nobody knows keeps its words.
"""

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from lorewright.documents.content import Content, first_heading
from lorewright.documents.readers.restructured_tables import grid_rows, is_border, simple_rows
from lorewright.documents.readers.restructured_words import without_roles
from lorewright.documents.tables import rows_as_markdown
from lorewright.encoding import decode

_MARK = re.compile(r"([!-/:-@\[-`{-~])\1{2,}[ \t]*\Z")
_DIRECTIVE = re.compile(r"\.\. (?:\|(?P<name>[^|]+)\| )?(?P<kind>[\w:.+-]+?)::(?:[ \t]+(?P<rest>.*))?\Z")
_FOOTNOTE = re.compile(r"\.\. (\[[#*\w-]+\][ \t].*)")
_EXPLICIT = re.compile(r"\.\.(?:[ \t]|\Z)|__[ \t]")
_FIELD = re.compile(r":(?P<name>(?![ \t:])[^:\n]*(?:\\:[^:\n]*)*):(?:[ \t]+(?P<text>.*))?\Z")
_PARAMETER = re.compile(
    r"(?:param|parameter|arg|argument|keyword|kwarg)[ \t]+(?:(?P<kind>.+)[ \t])?(?P<name>\S+)"
)
_ITEM = re.compile(r"(?P<mark>[-*+•]|(?:\d{1,4}|#|[a-zA-Z])[.)]|\((?:\d{1,4}|[a-zA-Z])\))[ \t]+(?=\S)")
_CODE = {"code", "code-block", "sourcecode", "parsed-literal", "prompt", "doctest", "testcode", "ipython"}
_NOTES = {"note", "warning", "tip", "hint", "important", "attention", "caution", "danger", "error", "seealso"}
_VERSIONS = {
    "versionadded": "Added in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
_OBJECTS = {
    "function", "method", "class", "classmethod", "staticmethod", "exception", "attribute", "data",
    "property", "option", "cmdoption", "envvar", "confval", "setting", "decorator", "macro", "type", "struct",
    "describe",
}  # fmt: skip
_UNSEEN = {
    "toctree", "contents", "include", "raw", "index", "highlight", "currentmodule", "module", "meta", "role",
    "default-role", "sectnum", "program", "automodule", "autoclass", "autofunction", "literalinclude",
    "testsetup", "testcleanup", "default-domain", "sectionauthor", "codeauthor", "tabularcolumns",
}  # fmt: skip
_DEEPEST = 12
_DEEPEST_HEADING = 6


def read_restructured(path: Path) -> Content:
    """Return the text as Markdown."""
    text = as_markdown(decode(path.read_bytes()))
    return Content(text, title=first_heading(text))


def as_markdown(text: str) -> str:
    """Return reStructuredText as Markdown."""
    lines = text.expandtabs(8).splitlines()
    return "\n\n".join(_Page().blocks([line.rstrip() for line in lines]))


class _Page:
    """Turns lines into blocks of Markdown; the styles of titles tell their levels in order of appearance."""

    def __init__(self) -> None:
        self._styles: list[tuple[str, bool]] = []
        self._level = 0

    def blocks(self, lines: Sequence[str], depth: int = 0) -> list[str]:
        """Return the blocks in lines that begin at the left edge."""
        found: list[str] = []
        place = 0
        while place < len(lines):
            if not lines[place]:
                place += 1
                continue
            if depth > _DEEPEST:
                return [*found, "\n".join(filter(None, map(str.strip, lines[place:])))]
            for step in (self._title, self._table, self._explicit, self._quoted, self._listed, self._field):
                taken = step(lines, place, depth)
                if taken is not None:
                    break
            else:
                taken = self._prose(lines, place, depth)
            blocks, place = taken
            found += [block for block in blocks if block]
        return found

    def _title(self, lines: Sequence[str], place: int, _depth: int) -> tuple[list[str], int] | None:
        mark = _MARK.match(lines[place])
        is_over = mark is not None and place + 2 < len(lines) and lines[place + 2] == lines[place]
        if is_over and lines[place + 1].strip():
            return [self._heading(lines[place + 1], (lines[place][0], True))], place + 3
        below = lines[place + 1] if place + 1 < len(lines) else ""
        is_under = bool(_MARK.match(below)) and mark is None and not lines[place].startswith(" ")
        if is_under and len(below) >= min(len(lines[place]), 4):
            return [self._heading(lines[place], (below[0], False))], place + 2
        if mark is not None and not below and not is_border(lines[place]):
            return [], place + 1  # a line between two parts
        return None

    def _heading(self, title: str, style: tuple[str, bool]) -> str:
        if style not in self._styles:
            self._styles.append(style)
        self._level = min(self._styles.index(style) + 1, _DEEPEST_HEADING)
        return f"{'#' * self._level} {without_roles(title.strip())}"

    def _table(self, lines: Sequence[str], place: int, _depth: int) -> tuple[list[str], int] | None:
        if not is_border(lines[place]):
            return None
        read: Callable[..., tuple[list[list[str]], int, int]] = (
            grid_rows if lines[place].startswith("+") else simple_rows
        )
        rows, n_names, end = read(lines, place)
        if not rows:
            return None
        cells = [[without_roles(cell) for cell in row] for row in rows]
        return [rows_as_markdown(cells, n_header_rows=n_names)], end

    def _explicit(self, lines: Sequence[str], place: int, depth: int) -> tuple[list[str], int] | None:
        if not _EXPLICIT.match(lines[place]):
            return None
        body, end = _indented(lines, place + 1)
        if directive := _DIRECTIVE.match(lines[place]):
            kind, rest = directive["kind"].rpartition(":")[2].lower(), directive["rest"] or ""
            return ([] if directive["name"] else self._directive(kind, rest, body, depth)), end
        footnote = _FOOTNOTE.match(lines[place])
        return ([without_roles(" ".join([footnote[1], *map(str.strip, body)]))] if footnote else []), end

    def _directive(self, kind: str, rest: str, body: list[str], depth: int) -> list[str]:
        arguments, options, body = _head(body)
        if kind in _UNSEEN:
            return []
        if kind in _CODE:
            return [f"```{rest.split(' ')[0]}\n" + "\n".join(body).strip("\n") + "\n```"] if any(body) else []
        if kind in ("image", "figure"):
            return [options.get("alt", ""), *self.blocks(body, depth + 1)]
        if kind == "csv-table":
            return [rest, _csv_table(options, body)]
        if kind == "list-table":
            return [rest, self._list_table(options, body)]
        if kind in _OBJECTS:
            return self._described([rest, *arguments], body, depth)
        title = " ".join(filter(None, [rest, *arguments]))
        if kind in _VERSIONS:
            number, _, more = title.partition(" ")
            return _led(f"{_VERSIONS[kind]} {number}:", self.blocks([more, "", *body], depth + 1))
        if kind in _NOTES:
            return _led(
                f"{kind.capitalize()}:", self.blocks([*([title, ""] if title else []), *body], depth + 1)
            )
        return [without_roles(title), *self.blocks(body, depth + 1)]

    def _described(self, signatures: Sequence[str], body: Sequence[str], depth: int) -> list[str]:
        """Return a function, an option or the like: its signature is the heading of what is said of it."""
        level, self._level = self._level, min(self._level + 1, _DEEPEST_HEADING)
        mark = "#" * self._level
        heading = " / ".join(signature.replace("\\", "").strip() for signature in signatures if signature)
        inner = self.blocks(body, depth + 1)
        self._level = level
        return [f"{mark} {heading}", *inner]

    def _list_table(self, options: dict[str, str], body: Sequence[str]) -> str:
        rows: list[list[str]] = []
        for row, _ in _items(body):
            rows.append([" ".join(" ".join(self.blocks(cell)).split()) for cell, _ in _items(row)])
        n_names = options.get("header-rows", "0")
        return rows_as_markdown(rows, n_header_rows=int(n_names) if n_names.isdecimal() else None)

    def _quoted(self, lines: Sequence[str], place: int, depth: int) -> tuple[list[str], int] | None:
        if lines[place].startswith(">>>"):
            end = next((n for n in range(place, len(lines)) if not lines[n]), len(lines))
            return ["```\n" + "\n".join(lines[place:end]) + "\n```"], end
        if lines[place].startswith(" "):
            body, end = _indented(lines, place)
            return self.blocks(body, depth + 1), end
        return None

    def _listed(self, lines: Sequence[str], place: int, depth: int) -> tuple[list[str], int] | None:
        if not (first := _ITEM.match(lines[place])):
            return None
        end = place
        while end < len(lines) and (
            not lines[end] or lines[end].startswith(" ") or _is_like(first, lines[end])
        ):
            end += 1
        shown = []
        for number, (body, mark) in enumerate(_items(lines[place:end]), start=1):
            mark = f"{number}{mark[1]}" if mark.startswith("#") else "-" if mark in "*+•" else mark.strip("(")
            inner = "\n".join(self.blocks(body, depth + 1)).replace("\n", "\n" + " " * (len(mark) + 1))
            shown.append(f"{mark} {inner}")
        return ["\n".join(shown)], end

    def _field(self, lines: Sequence[str], place: int, depth: int) -> tuple[list[str], int] | None:
        fields = []
        while place < len(lines) and (field := _FIELD.match(lines[place])):
            body, place = _indented(lines, place + 1)
            parameter = _PARAMETER.fullmatch(field["name"])
            kind = f" ({parameter['kind']})" if parameter and parameter["kind"] else ""
            name = (
                f"`{parameter['name']}`{kind}" if parameter else field["name"][:1].upper() + field["name"][1:]
            )
            inner = self.blocks([field["text"] or "", *body], depth + 1)
            text = "\n".join([" ".join(inner[0].split()), *inner[1:]]) if inner else ""
            fields.append(f"- {name}: {text}" if text else f"- {name}")
        return (["\n".join(fields)], place) if fields else None

    def _prose(self, lines: Sequence[str], place: int, depth: int) -> tuple[list[str], int]:
        """Return a paragraph, the code that it announces, or a term with its definition."""
        end = place + 1
        while end < len(lines) and lines[end] and not lines[end].startswith(" "):
            end += 1
        told = [line.removeprefix("| ") for line in lines[place:end]]
        text = "\n".join(told)
        if text.endswith("::"):
            body, after = _indented(lines, end)
            text = text[:-2].rstrip() + (":" if text[:-2] and not text[:-2].endswith(" ") else "")
            code = "```\n" + "\n".join(body).strip("\n") + "\n```" if any(body) else ""
            return [without_roles(text), code], after
        if end == place + 1 and end < len(lines) and lines[end].startswith(" "):
            body, end = _indented(lines, end)
            return _led(f"{without_roles(text)}\n:", self.blocks(body, depth + 1)), end
        return [without_roles(text)], end


def _is_like(first: re.Match[str], line: str) -> bool:
    """Tell whether a line is an item of the list that another one began."""
    item = _ITEM.match(line)
    return item is not None and (item["mark"][-1] == first["mark"][-1])


def _led(lead: str, blocks: Sequence[str]) -> list[str]:
    return [f"{lead} {blocks[0]}", *blocks[1:]] if blocks and blocks[0][:1] not in "#`|-" else [lead, *blocks]


def _indented(lines: Sequence[str], place: int) -> tuple[list[str], int]:
    """Return the lines from a place on that are indented, without their indent, and where they end."""
    end = place
    while end < len(lines) and (not lines[end] or lines[end].startswith(" ")):
        end += 1
    body = list(lines[place:end])
    width = min((len(line) - len(line.lstrip()) for line in body if line), default=0)
    return [line[width:] for line in body], end


def _head(body: Sequence[str]) -> tuple[list[str], dict[str, str], list[str]]:
    """Return the further arguments of a directive, its options, and what it holds."""
    arguments: list[str] = []
    options: dict[str, str] = {}
    place = 0
    while place < len(body) and body[place]:
        field = _FIELD.match(body[place])
        if field:
            options[field["name"]] = field["text"] or ""
        elif options:
            options[next(reversed(options))] += f" {body[place].strip()}"
        else:
            arguments.append(body[place].strip())
        place += 1
    return arguments, options, list(body[place:])


def _items(lines: Sequence[str]) -> list[tuple[list[str], str]]:
    """Return the bodies of list items, without their indent, and their marks."""
    items: list[tuple[list[str], str]] = []
    width = 0
    for line in lines:
        if item := _ITEM.match(line):
            width = item.end()
            items.append(([line[width:]], item["mark"]))
        elif items:
            items[-1][0].append(line[min(width, len(line) - len(line.lstrip())) :])
    return items


def _csv_table(options: dict[str, str], body: Sequence[str]) -> str:
    names = options.get("header", "")
    lines = "\n".join([*([names] if names else []), *filter(None, body)])
    rows = list(csv.reader(io.StringIO(lines), skipinitialspace=True))
    cells = [[without_roles(cell.strip()) for cell in row] for row in rows]
    return rows_as_markdown(cells, n_header_rows=1 if names else None)
