"""Tables in text: comma, semicolon, tab or bar between the cells."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.documents.tables import rows_as_markdown
from lorewright.encoding import decode
from lorewright.errors import UnreadableDocument

_DELIMITERS = ",;\t|"
_DECLARED = re.compile(r"\A\ufeff?\"?sep=(?P<delimiter>.)\"?\r?\n", re.IGNORECASE)


def read_csv(path: Path) -> Content:
    """Return the rows as a Markdown table, or as records; what stands above and below stays there."""
    text = decode(path.read_bytes())
    declared = _DECLARED.match(text)
    text = text[declared.end() :] if declared else text
    csv.field_size_limit(max(len(text), 131_072))
    delimiter = declared["delimiter"] if declared else _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(lines)
    except csv.Error as error:
        raise UnreadableDocument(
            f"line {lines.line_num} is not valid CSV: {error}", hint="Fix that line."
        ) from error
    return Content(rows_as_markdown(rows))


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most lines into the same number of cells, and into many."""
    sample = text[:40_000].splitlines()[:200]
    sample = [line for line in sample if line.strip()]

    def evenness(delimiter: str) -> int:
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter) if len(row) > 1)
        return max(((width - 1) * n * n for width, n in widths.items()), default=0)

    return max(_DELIMITERS, key=evenness)
