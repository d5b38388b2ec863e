"""Moments that rise: what is newest stays so when the clock of the machine is put back."""

import time
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, func, select

_STEP_SECONDS = 1e-6


def later_moment(
    connection: Connection, column: Column[Any], *among: ColumnElement[bool], at: float | None = None
) -> float:
    """Return the time now, or `at`, but later than every other one in a column, `among` these rows."""
    latest = connection.execute(select(func.max(column)).where(*among)).scalar()
    now = time.time() if at is None else at
    return now if latest is None else max(now, float(latest) + _STEP_SECONDS)
