"""The numbered passages of a run: what its answer may cite."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from lorewright.documents import Chunk
from lorewright.knowledge import Hit

MOST_SHOWN = 1500
"""The characters of one passage that a driver is shown."""


class Sources:
    """Every passage that tools gave back, each under one number for the whole run, sub-agents included."""

    def __init__(self) -> None:
        self._chunks: dict[str, Chunk] = {}
        self._numbers: dict[str, int] = {}
        self._lock = threading.Lock()

    def number(self, chunk: Chunk) -> int:
        """Return the number of a passage; a new one gets the next."""
        with self._lock:
            if chunk.id not in self._numbers:
                self._numbers[chunk.id] = len(self._numbers) + 1
                self._chunks[chunk.id] = chunk
            return self._numbers[chunk.id]

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages in the order of their numbers."""
        with self._lock:
            return tuple(
                Hit(self._chunks[chunk_id], score=1.0 / number, rank=number)
                for chunk_id, number in self._numbers.items()
            )

    def shown(self, chunks: Iterable[Chunk]) -> str:
        """Return passages as a driver sees them: number, place, text."""
        return "\n\n".join(_shown(self.number(chunk), chunk) for chunk in chunks)


def _shown(number: int, chunk: Chunk) -> str:
    page = f", page {chunk.page}" if chunk.page is not None else ""
    text = "\n".join(part for part in (chunk.header, chunk.text) if part)
    rest = f" … [{len(text) - MOST_SHOWN:,} more characters]" if len(text) > MOST_SHOWN else ""
    return f"[{number}] {chunk.document_id}{page} ({chunk.headings})\n{text[:MOST_SHOWN]}{rest}"


def chunk_json(chunk: Chunk) -> dict[str, Any]:
    """Return a passage as JSON."""
    return {**asdict(chunk), "heading_path": list(chunk.heading_path)}


def chunk_from(body: Mapping[str, Any]) -> Chunk:
    """Return the passage that was kept as JSON."""
    return Chunk(**{**body, "heading_path": tuple(body["heading_path"])})
