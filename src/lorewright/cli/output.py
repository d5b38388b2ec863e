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


def seconds_text(seconds: float) -> str:
    """Return a duration for people: `0.4 s`, `12 s`, `3 min 20 s`, `2 h 05 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60):02d} min"


def size_text(size_bytes: float) -> str:
    """Return a size for people: `93 MB`."""
    for unit in ("B", "kB", "MB"):
        if size_bytes < 1000:
            return f"{size_bytes:.0f} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.1f} GB"
