"""Results on standard output: for people, or as JSON."""

import json
import sys
from collections.abc import Sequence
from typing import Any


def show(line: str = "") -> None:
    """Print a line of the result."""
    sys.stdout.write(line + "\n")


def show_json(value: Any) -> None:
    """Print the result as one JSON value."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def show_columns(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in left-aligned columns, the first row being the heading."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        show("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def note(line: str) -> None:
    """Print a line about the work, beside the result: on standard error."""
    sys.stderr.write(line + "\n")
