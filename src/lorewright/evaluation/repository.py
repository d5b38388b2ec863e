"""Comparisons in the workspace database."""

import json
from typing import Any

from sqlalchemy import Select, select

from lorewright.errors import NothingMeasured
from lorewright.evaluation.comparison import Comparison, comparison_from_json, comparison_text
from lorewright.storage import Database
from lorewright.storage.moments import later_moment
from lorewright.storage.schema import comparison as table


class ComparisonRepository:
    """Comparisons in the workspace database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, comparison: Comparison) -> None:
        """Save a comparison, replacing one with the same id."""
        with self._database.write() as connection:
            self._database.hold(connection, "comparison")
            known = select(table.c.created_at).where(table.c.id == comparison.id)
            at = connection.execute(known).scalar()
            if at is None:
                at = later_moment(connection, table.c.created_at, at=comparison.created_at)
            connection.execute(table.delete().where(table.c.id == comparison.id))
            connection.execute(
                table.insert().values(id=comparison.id, created_at=at, body=comparison_text(comparison))
            )

    def latest(self) -> Comparison | None:
        """Return the newest comparison, if anything was ever compared."""
        comparisons = self._read(select(table.c.body).order_by(table.c.created_at.desc()).limit(1))
        return comparisons[0] if comparisons else None

    def get(self, comparison_id: str) -> Comparison:
        """Return the comparison with this id, or raise `NothingMeasured`."""
        comparisons = self._read(select(table.c.body).where(table.c.id == comparison_id))
        if not comparisons:
            raise no_comparison(comparison_id)
        return comparisons[0]

    def ids(self) -> list[str]:
        """Return the id of every comparison, newest first."""
        with self._database.read() as connection:
            query = select(table.c.id).order_by(table.c.created_at.desc())
            return [str(comparison_id) for comparison_id in connection.execute(query).scalars()]

    def remove(self, comparison_id: str) -> None:
        """Remove a comparison, if it is there."""
        with self._database.write() as connection:
            connection.execute(table.delete().where(table.c.id == comparison_id))

    def all(self) -> list[Comparison]:
        """Return every comparison, newest first."""
        return self._read(select(table.c.body).order_by(table.c.created_at.desc()))

    def _read(self, query: Select[Any]) -> list[Comparison]:
        with self._database.read() as connection:
            return [comparison_from_json(json.loads(body)) for body in connection.execute(query).scalars()]


def no_comparison(comparison_id: str) -> NothingMeasured:
    """Return the error for a comparison that is not there, or not for this caller."""
    return NothingMeasured(f"No comparison found with id {comparison_id!r}.", hint="Run: lorewright compare")
