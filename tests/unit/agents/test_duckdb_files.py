"""DuckDB files as agents ask them: read, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from lorewright.agents.tools.duckdb_files import duckdb_schema, rows_of_duckdb
from lorewright.agents.tools.tables import query_database
from lorewright.errors import BadParameter

duckdb: Any = pytest.importorskip("duckdb", reason="the extra duckdb is not installed")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"  # by its name it could be any database
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE sales AS SELECT range AS day, range * 2 AS pieces FROM range(500)")
    return path


def test_what_a_table_holds_is_counted_and_summed(shop: Path) -> None:
    """The question of every table: how many, how much."""
    assert query_database(shop, "SELECT count(*) AS days, sum(pieces) AS pieces FROM sales") == (
        "| days | pieces |\n| --- | --- |\n| 500 | 249500 |"
    )
    assert duckdb_schema(shop) == "sales (day BIGINT, pieces BIGINT)"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM duckdb_secrets()",
        "COPY sales TO '/tmp/sales.csv'",
        "ATTACH '/tmp/other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '8GB'",
        "PRAGMA database_list",
        "INSERT INTO sales VALUES (1, 2)",
        "CREATE TEMP TABLE copied AS SELECT 1",
        "EXPORT DATABASE '/tmp/all'",
        "SELECT 1; SELECT 2",
        "CALL pragma_version()",
        "",
    ],
)
def test_nothing_but_reading_its_own_tables_is_possible(shop: Path, sql: str) -> None:
    """A query is written by a model that has read whatever stands in documents."""
    with pytest.raises(BadParameter, match="The query failed"):
        query_database(shop, sql)


def test_a_query_without_end_is_ended(shop: Path) -> None:
    """A join of everything with everything must not hold a run up."""
    endless = "SELECT count(*) FROM sales a, sales b, sales c, sales d, sales e"
    with pytest.raises(BadParameter, match=r"took more than 0\.2 seconds"):
        rows_of_duckdb(shop, endless, most=1, seconds=0.2)


@pytest.mark.slow
def test_a_query_that_needs_much_memory_is_ended(shop: Path) -> None:
    """Neither the memory nor the disk of the machine is the query's to fill."""
    large = "SELECT list(a.day || repeat('x', 100000)) FROM sales a, sales b"
    with pytest.raises(BadParameter, match="The query"):
        rows_of_duckdb(shop, large, most=1)


def test_a_file_that_is_broken_is_told(tmp_path: Path) -> None:
    """Whoever attached the wrong file should read that, and no traceback."""
    path = tmp_path / "broken.duckdb"
    path.write_bytes(b"\0" * 8 + b"DUCK" + b"\0" * 4000)
    with pytest.raises(BadParameter, match="cannot be opened"):
        query_database(path, "SELECT 1")
