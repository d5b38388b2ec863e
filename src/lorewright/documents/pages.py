"""Pages of one document: tables that go on over them, and lines that all of them repeat."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from lorewright.documents.columns import Columns, Row, continues, find_columns
from lorewright.documents.tables import rows_as_markdown

Part = str | list[list[str]]
"""A part of a page: Markdown, or the rows of a table."""

_AT_EDGE = 3
"""How many lines from the top and from the bottom of a page may be its head and its foot."""
_MAX_LINE = 160
_MIN_PAGES = 3
_SHARE = 0.6
_BARE_NUMBER = re.compile(r"^\W*\d[\d.,\s]*\W*$")
_NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"(?i)\b(?:page|seite|p[aá]gina|pagina|side|sida|strona|strana|стр(?:аница)?|folio|p\.|s\.)\s*\d|\d+\s*(?:/|of|von|de|sur|di|из)\s*\d+|^\W*\d+\W*$|第\s*\d+\s*页"
)


def as_markdown(part: Part) -> str:
    """Return a part of a page as Markdown."""
    return part if isinstance(part, str) else rows_as_markdown(part)


def running_lines(pages: Sequence[str]) -> frozenset[str]:
    """Return the heads and feet that most pages have, as `masked` gives them; none below three pages."""
    filled = [page for page in pages if page.strip()]
    if len(filled) < _MIN_PAGES:
        return frozenset()
    counts = Counter(line for page in filled for line in set(_edge_lines(page)))
    needed = max(_MIN_PAGES, round(_SHARE * len(filled)))
    return frozenset(line for line, n in counts.items() if n >= needed)


def _edge_lines(page: str) -> Iterator[str]:
    lines = [line for line in page.splitlines() if line.strip()]
    edge = lines if len(lines) <= 2 * _AT_EDGE else [*lines[:_AT_EDGE], *lines[-_AT_EDGE:]]
    return (masked(line) for line in edge if len(line) <= _MAX_LINE and not line.lstrip().startswith("|"))


def masked(line: str) -> str:
    """Return a line as it is on every page: with its page number, and no other number, made equal."""
    plain = " ".join(line.replace("#", " ").split())
    return _NUMBER.sub("0", plain) if PAGE_NUMBER.search(plain) else plain


def without_running_lines(pages: Sequence[str], running: frozenset[str]) -> list[str]:
    """Return the pages with every running line only where it stands first, and page numbers nowhere."""
    seen: set[str] = set()
    result = []
    for page in pages:
        lines = page.splitlines()
        first, last = _edges(lines)
        amounts = _amounts(lines, first, last)
        kept = []
        for place, line in enumerate(lines):
            known = masked(line)
            if known not in running or first < place < last or place in amounts:
                kept.append(line)
            elif known not in seen and any(map(str.isalpha, known)):
                seen.add(known)
                kept.append(line)
        is_bare = not any(map(str.isalnum, "".join(kept)))
        result.append(page if is_bare else "\n".join(kept))
    return result


def _amounts(lines: Sequence[str], first: int, last: int) -> set[int]:
    """Return the places of bare numbers that are no page numbers: of those a head or a foot has one."""
    amounts: set[int] = set()
    for edge in (range(min(first + 1, len(lines))), range(max(last, 0), len(lines))):
        numbers = [place for place in edge if _BARE_NUMBER.match(lines[place])]
        amounts.update(numbers if len(numbers) > 1 else ())
    return amounts


def _edges(lines: Sequence[str]) -> tuple[int, int]:
    """Return the places of the last line of a page's head and the first of its foot."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    if len(filled) <= 2 * _AT_EDGE:
        return len(lines), -1
    return filled[_AT_EDGE - 1], filled[-_AT_EDGE]


def with_tables_continued(pages: Sequence[list[Part]], running: frozenset[str]) -> list[list[Part]]:
    """Return the pages with the names of columns above every part of a table that goes on over them."""
    before: Columns | None = None
    result = []
    for page in pages:
        kept = [not (isinstance(part, str) and masked(part) in running) for part in page]
        places = [place for place, is_kept in enumerate(kept) if is_kept]
        parts = list(page)
        if not places:
            result.append(parts)
            continue
        first, last = parts[places[0]], parts[places[-1]]
        columns = None
        if isinstance(first, list):
            columns = _continued(first, before)
            parts[places[0]] = (
                [list(columns.names), *map(list, columns.rows), *map(list, columns.below)]
                if columns
                else first
            )
        if isinstance(last, list):
            is_same = places[0] == places[-1]
            before = columns if is_same and columns else find_columns(_filled(last))
        else:
            before = None
        result.append(parts)
    return result


def _continued(rows: Sequence[Row], before: Columns | None) -> Columns | None:
    """Return the table with the names of the one before that it goes on with, or `None`."""
    filled = _filled(rows)
    if before is None or not any(before.names) or not continues(filled, before):
        return None
    return Columns((), before.names, tuple(filled), ())


def _filled(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if any(cell.strip() for cell in row)]
