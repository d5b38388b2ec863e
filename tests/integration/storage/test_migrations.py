"""The database a user has must become the one the code expects."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.fixtures.postgres import sqlite_only

from lorewright.storage import open_database, sqlite_url
from lorewright.storage.schema import metadata


def test_the_migrations_make_exactly_the_schema(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "new.db"))
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


@sqlite_only
def test_opening_twice_changes_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "twice.db")
    open_database(url).close()
    before = (tmp_path / "twice.db").read_bytes()
    open_database(url).close()
    assert (tmp_path / "twice.db").read_bytes() == before
