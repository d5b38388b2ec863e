"""SQL over tables, read-only: those in documents, and attached SQLite and DuckDB databases."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.agents.numbers import has_decimal_comma, number_in_cell
from lorewright.agents.tool import AgentTool, tool_from
from lorewright.agents.tools.duckdb_files import duckdb_schema, is_duckdb, rows_of_duckdb
from lorewright.errors import BadParameter, NotFound

MOST_ROWS, MOST_CELL, SECONDS = 100, 200, 5.0
_RULE = re.compile(r"^\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*$")
_SIGNS = frozenset({"", "€", "$", "£", "¥", "%"})
_NAME = re.compile(r"^0\d+$")
_UNFIT = re.compile(r"\W+")
_ALLOWED = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
_UNSAFE_FUNCTIONS = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns and rows, all as texts."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def tables_in(text: str, *, name: str = "t") -> list[Table]:
    """Return the Markdown tables of a text, with or without a line below their heads: t1, t2, in order."""
    tables: list[Table] = []
    for block in _blocks(text.splitlines()):
        rows = [_cells(line) for line in block if not _RULE.match(line)]
        if len(rows) > 1:
            columns = _columns([*rows[0], *[""] * (max(map(len, rows)) - len(rows[0]))])
            body = tuple(_fit(row, len(columns)) for row in rows[1:])
            tables.append(Table(f"{name}{len(tables) + 1}", columns, body))
    return tables


def query_tables(tables: Sequence[Table], sql: str) -> str:
    """Return what a query finds in tables, as a Markdown table; numbers in them are numbers."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for table in tables:
            names = ", ".join(f'"{column}"' for column in table.columns)
            marks = ", ".join("?" * len(table.columns))
            connection.execute(f'CREATE TABLE "{table.name}" ({names})')
            has_comma = has_decimal_comma(" ".join(cell for row in table.rows for cell in row))
            rows = ([_typed(cell, has_comma=has_comma) for cell in row] for row in table.rows)
            connection.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', rows)  # noqa: S608
        return _asked(connection, sql)


def query_database(path: Path, sql: str) -> str:
    """Return what a query finds in a SQLite or DuckDB database, which is opened for reading only."""
    _need_file(path)
    if is_duckdb(path):
        return _rendered(*rows_of_duckdb(path, sql, most=MOST_ROWS + 1))
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return _asked(connection, sql)


def database_schema(path: Path) -> str:
    """Return the tables of a database with their columns."""
    _need_file(path)
    if is_duckdb(path):
        return duckdb_schema(path)
    query = "SELECT sql FROM sqlite_master WHERE type IN ('table', 'view') AND sql IS NOT NULL LIMIT 60"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return "\n".join(" ".join(str(row[0]).split())[:500] for row in connection.execute(query))


def table_tools(
    text_of: Callable[[str], str], databases: Mapping[str, Path], *, most_tables: int = 20
) -> list[AgentTool]:
    """Return the tools that ask tables; `text_of` gives the text of a document that the caller may read."""

    def query_document(document: str, sql: str = "") -> str:
        """Ask the tables of a document (also of a spreadsheet or CSV file) with a SELECT statement of SQLite.

        Args:
            document: The document's name.
            sql: The query over tables t1, t2 and so on; leave it out to see the tables and their columns.
        """
        tables = tables_in(text_of(document))[:most_tables]
        if not tables:
            raise NotFound(f"{document!r} holds no table.", hint="Read it with read_document.")
        return query_tables(tables, sql) if sql.strip() else "\n".join(map(_about, tables))

    tools = [tool_from(query_document, is_source=True)]
    if databases:
        tools.append(_database_tool(databases))
    return tools


def _database_tool(databases: Mapping[str, Path]) -> AgentTool:
    def query_database_tool(database: str, sql: str = "") -> str:
        """Ask an attached database.

        Args:
            database: The name of the database.
            sql: A SELECT statement, in the database's own words; leave it out to see its tables.
        """
        if database not in databases:
            raise NotFound(f"There is no database {database!r}.", hint=f"There are: {', '.join(databases)}.")
        path = databases[database]
        return query_database(path, sql) if sql.strip() else database_schema(path)

    kinds = (f"{name}: {'DuckDB' if is_duckdb(path) else 'SQLite'}" for name, path in databases.items())
    about = f"Ask an attached database ({', '.join(kinds)}) with a SELECT statement."
    return tool_from(query_database_tool, name="query_database", description=about, is_source=True)


def _asked(connection: sqlite3.Connection, sql: str) -> str:
    deadline = time.monotonic() + SECONDS
    connection.set_authorizer(_authorize)
    connection.set_progress_handler(lambda: int(time.monotonic() > deadline), 10_000)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 5_000_000)
    try:
        cursor = connection.execute(sql)
        rows = cursor.fetchmany(MOST_ROWS + 1)
    except (sqlite3.Error, sqlite3.Warning) as error:
        if time.monotonic() > deadline:
            raise BadParameter("sql", f"The query took more than {SECONDS:g} seconds.") from error
        hint = " Only SELECT is allowed." if "not authorized" in str(error) else ""
        raise BadParameter("sql", f"The query failed: {error}.{hint}") from error
    return _rendered(tuple(column[0] for column in cursor.description or ()), rows)


def _need_file(path: Path) -> None:
    if not path.is_file():
        raise NotFound(f"The database {path.name!r} is not there.")


def _rendered(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Return rows as a Markdown table; `rows` may hold one more than is shown."""
    lines = [_line(names), "|" + " --- |" * len(names), *(_line(row) for row in rows[:MOST_ROWS])]
    more = [f"[only the first {MOST_ROWS} rows]"] if len(rows) > MOST_ROWS else []
    return "\n".join([*lines, *more]) if rows else "No row matches."


def _authorize(action: int, first: str | None, second: str | None, *_rest: object) -> int:
    """Allow what reads, and nothing else: no PRAGMA, no ATTACH, no function that touches files."""
    is_unsafe = action == sqlite3.SQLITE_FUNCTION and (second or first or "").lower() in _UNSAFE_FUNCTIONS
    return sqlite3.SQLITE_OK if action in _ALLOWED and not is_unsafe else sqlite3.SQLITE_DENY


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the stretches of lines that are rows."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line.lstrip().startswith("|"):
            block.append(line)
        elif block:
            yield block
            block = []


def _cells(line: str) -> list[str]:
    inner = line.strip().strip("|").replace("\\|", "\0")
    return [" ".join(cell.replace("\0", "|").split()) for cell in inner.split("|")]


def _columns(cells: Sequence[str]) -> tuple[str, ...]:
    """Return names for columns: the cells without signs, each once."""
    names: list[str] = []
    for place, cell in enumerate(cells, start=1):
        name = _UNFIT.sub("_", cell).strip("_").lower() or f"column{place}"
        names.append(f"{name}_{place}" if name in names else name)
    return tuple(names)


def _fit(cells: Sequence[str], n_columns: int) -> tuple[str, ...]:
    return tuple([*cells, *[""] * n_columns][:n_columns])


def is_number(cell: str) -> bool:
    """Return whether a query sees a number in a cell, not a text."""
    return not isinstance(_typed(cell, has_comma=False), str)


def _typed(cell: str, *, has_comma: bool) -> Any:
    """Return a cell as a number where it is one: 1,250 or $3.5 or (12) for -12; 007 is a name."""
    number = number_in_cell(cell, has_comma=has_comma)
    if number is None or number.scale or number.unit not in _SIGNS or _NAME.match(cell.strip()):
        return cell
    return (
        int(number.value)
        if number.value == number.value.to_integral() and "." not in cell
        else float(number.value)
    )


def _about(table: Table) -> str:
    first = f"; first row: {_line(table.rows[0])}" if table.rows else ""
    return f"{table.name} ({', '.join(table.columns)}): {len(table.rows)} rows{first}"


def _line(row: Sequence[object]) -> str:
    return "| " + " | ".join("" if cell is None else str(cell)[:MOST_CELL] for cell in row) + " |"
