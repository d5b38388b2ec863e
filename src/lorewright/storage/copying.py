"""All rows of one database into another one, of the same kind or not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, func, insert, select, text, tuple_

from lorewright.storage.database import Database
from lorewright.storage.schema import metadata

N_AT_ONCE = 500
_NOTE = "lorewright_move"
_COUNTED = {"document_change": "id", "job_event": "id", "record": "seq"}
"""Columns that number their rows: PostgreSQL must go on behind the last one."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class TableMark:
    """What identifies the content of a table: the number of its rows, and a hash of all of them in order."""

    n_rows: int
    sha256: str


def tables() -> list[Table]:
    """Return every table, those that others refer to first."""
    return list(metadata.sorted_tables)


def n_rows(source: Connection) -> int:
    """Return how many rows there are in all tables."""
    return sum(
        int(source.execute(select(func.count()).select_from(table)).scalar_one()) for table in tables()
    )


def copy_rows(source: Connection, target: Database, progress: Callable[[int, int], None]) -> int:
    """Make every table of `target` as it is in `source`; return how many rows were written.

    Each piece is compared first: an interrupted copy goes on where it was, one of a source that has
    changed writes what changed.
    """
    total, n_seen, n_written = n_rows(source), 0, 0
    for table in tables():
        last: Row | None = None
        for rows in _pieces(source, table):
            first, last = last, _key(table, rows[-1])
            n_written += _make_same(target, table, rows, first, last)
            n_seen += len(rows)
            progress(min(n_seen, total), total)
        with target.write() as connection:
            beyond = delete(table) if last is None else delete(table).where(_keys(table) > last)
            connection.execute(beyond)
            _count_on(connection, table)
    return n_written


def marks(source: Connection) -> dict[str, TableMark]:
    """Return what identifies the content of each table, read row by row."""
    found = {}
    for table in tables():
        digest, n = sha256(), 0
        for rows in _pieces(source, table):
            n += len(rows)
            for row in rows:
                digest.update(repr(row).encode())
        found[table.name] = TableMark(n, digest.hexdigest())
    return found


def half_copied_from(target: Database) -> str | None:
    """Return the note of what is being copied into a database, or `None` where nothing is."""
    from sqlalchemy import inspect

    with target.read() as connection:
        if not inspect(connection).has_table(_NOTE):
            return None
        return str(connection.execute(text(f"SELECT source FROM {_NOTE}")).scalar() or "")  # noqa: S608 - ours


def note_copy(target: Database, source: str) -> None:
    """Note that a copy is under way; until `end_copy` the database is not used by anybody else."""
    with target.write() as connection:
        connection.execute(text(f"CREATE TABLE {_NOTE} (source TEXT)"))
        connection.execute(text(f"INSERT INTO {_NOTE} VALUES (:source)"), {"source": source})  # noqa: S608 - ours


def end_copy(target: Database) -> None:
    """Take the note away."""
    with target.write() as connection:
        connection.execute(text(f"DROP TABLE {_NOTE}"))


def _pieces(source: Connection, table: Table) -> Iterator[list[Row]]:
    """Yield the rows of a table in the order of their keys, some at a time."""
    query = select(table).order_by(*_columns(table)).limit(N_AT_ONCE)
    last: Row | None = None
    while True:
        piece = query if last is None else query.where(_keys(table) > last)
        rows = [_plain(row) for row in source.execute(piece)]
        if not rows:
            return
        yield rows
        last = _key(table, rows[-1])


def _make_same(target: Database, table: Table, rows: Sequence[Row], first: Row | None, last: Row) -> int:
    """Make the rows between two keys those of the source; return how many were written."""
    within = _keys(table) <= last
    if first is not None:
        within &= _keys(table) > first
    with target.write() as connection:
        held = [
            _plain(row) for row in connection.execute(select(table).where(within).order_by(*_columns(table)))
        ]
        if held == rows:
            return 0
        connection.execute(delete(table).where(within))
        names = [column.name for column in table.columns]
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    return len(rows)


def _plain(row: Any) -> Row:
    """Return the values of a row as both databases hold them."""
    return tuple(value.replace("\0", "\ufffd") if isinstance(value, str) else value for value in row)


def _columns(table: Table) -> list[Column[Any]]:
    return list(table.primary_key.columns)


def _keys(table: Table) -> Any:
    columns = _columns(table)
    return columns[0] if len(columns) == 1 else tuple_(*columns)


def _key(table: Table, row: Row) -> Any:
    names = [column.name for column in table.columns]
    values = tuple(row[names.index(column.name)] for column in _columns(table))
    return values[0] if len(values) == 1 else values


def _count_on(connection: Connection, table: Table) -> None:
    """Let new rows get numbers behind the last one."""
    column = _COUNTED.get(table.name)
    if column is None or connection.dialect.name != "postgresql":
        return
    newest = select(func.coalesce(func.max(table.c[column]), 0)).scalar_subquery()
    sequence = func.pg_get_serial_sequence(table.name, column)
    connection.execute(select(func.setval(sequence, newest + 1, False)))  # noqa: FBT003 - SQL's own argument
