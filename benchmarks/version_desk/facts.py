"""What is known about a release on a given day: the table that every page and answer is made from."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

Light = Literal["GREEN", "AMBER", "RED"]

CLOSING_DAYS = 180


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One release of one product as its vendor described it on the day `as_of`.

    `full_until` is when bug fixes stop, `fixes_until` when security fixes stop; `None` where the
    vendor had not named a day.
    """

    product: str
    release: str
    as_of: date
    full_until: date | None
    fixes_until: date | None

    @property
    def light(self) -> Light:
        """Return the desk's colour: see domain/documents/desk/colours.md, which says the same in words."""
        if self.fixes_until and self.fixes_until < self.as_of:
            return "RED"
        if self.full_until and self.full_until < self.as_of:
            return "AMBER"
        if self.fixes_until and (self.fixes_until - self.as_of).days <= CLOSING_DAYS:
            return "AMBER"
        return "GREEN"


def read_facts(path: Path) -> list[Fact]:
    """Return every row of the facts table, in its order: a product's newest release comes first."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Fact(
                product=row["product"],
                release=row["release"],
                as_of=date.fromisoformat(row["as_of"]),
                full_until=_day(row["full_until"]),
                fixes_until=_day(row["fixes_until"]),
            )
            for row in csv.DictReader(file)
        ]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
