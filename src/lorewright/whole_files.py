"""Files that are whole or not there: whoever reads one sees all of the old or all of the new."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import uuid4


@contextmanager
def unfinished_file(path: Path) -> Iterator[Path]:
    """Give a file to write beside `path`; it takes its place at the end, and goes where that fails.

    Its name begins with a dot and ends in `.partial`: no reader takes it for what it will be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name[:80]}.{os.getpid()}-{uuid4().hex[:8]}.partial")
    try:
        yield unfinished
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def write_whole(path: Path, pieces: str | Iterable[bytes]) -> None:
    """Write a text, or pieces of bytes, as a whole file."""
    with unfinished_file(path) as unfinished, unfinished.open("wb") as file:
        file.writelines([pieces.encode()] if isinstance(pieces, str) else pieces)


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file in pieces of a megabyte."""
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


def rewrite_rows(path: Path, change: Callable[[list[Any]], Sequence[Any]]) -> None:
    """Write the rows of a JSON Lines file as `change` returns them; a file that is not there has none."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    rows = change([json.loads(line) for line in lines if line.strip()])
    write_whole(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
