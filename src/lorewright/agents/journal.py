"""What a run has done, entry by entry: its trace, and where it goes on after a crash."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Entry = dict[str, Any]
"""One thing that happened: its `kind`, its `agent` ('' for the first one), and what belongs to it."""

STEPS = ("answer", "closing")
"""The kinds of entries for which a driver was asked: its answers, and the last one at a limit."""


class Journal(Protocol):
    """Where a run is written down; `add` returns once an entry will survive a crash."""

    def entries(self) -> Sequence[Entry]:
        """Return everything written down so far, oldest first."""

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write one entry down."""


class MemoryJournal:
    """A journal for runs that need not survive a crash: tests, and answers of flows."""

    def __init__(self, entries: Sequence[Mapping[str, Any]] = ()) -> None:
        self._entries = [dict(entry) for entry in entries]
        self._lock = threading.Lock()

    def entries(self) -> Sequence[Entry]:
        """Return everything written down so far."""
        with self._lock:
            return list(self._entries)

    def add(self, entry: Mapping[str, Any]) -> None:
        """Write one entry down."""
        with self._lock:
            self._entries.append(dict(entry))


def of_agent(entries: Sequence[Entry], agent: str) -> list[Entry]:
    """Return the entries of one agent."""
    return [entry for entry in entries if entry["agent"] == agent]


def latest_plan(entries: Sequence[Entry]) -> Entry | None:
    """Return the newest version of the plan, `None` where none was made."""
    return next((entry for entry in reversed(entries) if entry["kind"] == "plan"), None)
