"""Tables in text: comma, semicolon, tab or bar between the cells."""

import csv
import io
from pathlib import Path

from lorewright.documents.content import Content
from lorewright.documents.encoding import decode
from lorewright.documents.tables import table_or_records
from lorewright.errors import UnreadableDocument

_DELIMITERS = ",;\t|"


def read_csv(path: Path) -> Content:
    """Return the rows as a Markdown table, or as records; the first row names the columns."""
    text = decode(path.read_bytes())
    csv.field_size_limit(max(len(text), 131_072))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        rows = [row for row in lines if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableDocument(f"line {lines.line_num} is not CSV: {error}", hint="Mend it.") from error
    return Content(table_or_records(rows))


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines most evenly, and most often."""
    sample = [line for line in text[:20_000].splitlines()[:30] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in sample]
        return sum(count == counts[0] > 0 for count in counts), sum(counts)

    return max(_DELIMITERS, key=evenness)
