"""The dataset as one open page sees it: read again when a file changed, filtered and cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lorewright.errors import LorewrightError
from lorewright.studio.visit import Visit
from lorewright.workspace.dataset.rows import data_signature, data_table
from lorewright.workspace.dataset.table import (
    DataRow,
    DataTable,
    Look,
    Side,
    counts,
    matching_rows,
)

PAGE = 50


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows of a side have each finding, and stand in each file."""

    findings: dict[str, int]
    parts: dict[str, int]
    files: dict[str, int]


class DataView:
    """The rows of one side, as a page looks at them."""

    def __init__(self, visit: Visit, side: Side) -> None:
        self._visit = visit
        self.look = Look(side=side)
        self.place = 0
        self.table: DataTable | None = None
        self.rows: Sequence[DataRow] = ()
        self.counted = Counted({}, {}, {})
        self.chosen: set[str] = set()

    async def load(self) -> bool:
        """Read the dataset unless it is as it was; return whether that worked."""
        return await self._visit.attempt(self._load) is not None

    async def look_by_meaning(self) -> str:
        """Look for near duplicates by meaning; return why that was not possible, or ''."""
        return await self._visit.attempt(self._load_slowly) or ""

    def change(self, **look: Any) -> None:
        """Look at other rows, from the first page on."""
        self.look = replace(self.look, **look)
        self.place = 0
        self.chosen.clear()
        self._choose()

    def turn(self, n_pages: int) -> None:
        """Go some pages on or back."""
        last = max(0, (len(self.rows) - 1) // PAGE * PAGE)
        self.place = min(max(0, self.place + n_pages * PAGE), last)
        self.chosen.clear()

    @property
    def page(self) -> Sequence[DataRow]:
        """The rows of the page that is looked at."""
        return self.rows[self.place : self.place + PAGE]

    def _load(self) -> bool:
        server, caller = self._visit.server, self._visit.caller
        if self.table is None or self.table.signature != data_signature(server, caller):
            self._keep(data_table(server, caller))
        return True

    def _load_slowly(self) -> str:
        try:
            self._keep(data_table(self._visit.server, self._visit.caller, is_quick=False))
        except LorewrightError as error:  # without an embedding model the rest works all the same
            return str(error)
        return ""

    def _keep(self, table: DataTable) -> None:
        self.table = table
        findings, parts, files = counts(table.of(self.look.side))
        self.counted = Counted(dict(findings), dict(parts), dict(files))
        self._choose()

    def _choose(self) -> None:
        if self.table is not None:
            self.rows = matching_rows(self.table, self.look)
            self.turn(0)
