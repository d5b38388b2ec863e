"""SQL over DuckDB files, read-only: no other file, no network, no extension, little time and memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lorewright.errors import BadParameter, MissingExtra

MEMORY, SECONDS = "256MB", 5.0
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": MEMORY,
    "max_temp_directory_size": "0MB",
    "threads": "1",
    "lock_configuration": "true",
}
"""What no query can change any more, for the configuration is locked."""
_SCHEMA = (
    "SELECT table_name, string_agg(column_name || ' ' || data_type, ', ' ORDER BY ordinal_position) "
    "FROM information_schema.columns GROUP BY table_name ORDER BY table_name LIMIT 60"
)
Rows = tuple[tuple[str, ...], list[tuple[Any, ...]]]


def is_duckdb(path: Path) -> bool:
    """Return whether a file is a DuckDB database, by what it begins with."""
    try:
        with path.open("rb") as file:
            return file.read(12)[8:] == b"DUCK"
    except OSError:
        return False


def rows_of_duckdb(path: Path, sql: str, *, most: int, seconds: float = SECONDS) -> Rows:
    """Return the names of the columns and at most `most` rows that one SELECT statement finds.

    Raises `BadParameter` for any other statement, for one that fails, and for one that takes too long.
    """
    import duckdb

    with _opened(path) as connection:
        ending = threading.Timer(seconds, connection.interrupt)
        ending.daemon = True
        try:
            kinds = [statement.type for statement in connection.extract_statements(sql)]
            if kinds != [duckdb.StatementType.SELECT]:
                raise BadParameter("sql", "The query failed. Only one SELECT statement is allowed.")
            ending.start()
            cursor = connection.execute(sql)
            rows = cursor.fetchmany(most)
        except duckdb.InterruptException as error:
            raise BadParameter("sql", f"The query took more than {seconds:g} seconds.") from error
        except duckdb.Error as error:
            raise BadParameter("sql", f"The query failed: {' '.join(str(error).split())[:400]}.") from error
        finally:
            ending.cancel()
        return tuple(str(column[0]) for column in cursor.description or ()), rows


def duckdb_schema(path: Path) -> str:
    """Return the tables of a DuckDB file with their columns."""
    _, rows = rows_of_duckdb(path, _SCHEMA, most=60)
    return "\n".join(f"{name} ({columns})"[:500] for name, columns in rows) or "There are no tables."


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra(
            f"The database {path.name!r} needs the package duckdb.",
            hint="Install it with: pip install 'lorewright[duckdb]'",
        ) from error
    try:
        connection = duckdb.connect(str(path), read_only=True, config=dict(_LOCKED))
    except duckdb.Error as error:
        why = " ".join(str(error).split())[:300]
        raise BadParameter("database", f"The database {path.name!r} cannot be opened: {why}.") from error
    try:
        yield connection
    finally:
        connection.close()
