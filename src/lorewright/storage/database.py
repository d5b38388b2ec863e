"""The database of a domain: here SQLite in a file, in `postgres` a server."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, create_engine, event, literal, text

from lorewright.errors import UserError, read_only
from lorewright.storage.held_names import HeldNames, NamesInFolder

SQLITE = "sqlite:///"
_ONE = text("SELECT 1")


class Database:
    """The workspace's tables; every transaction is short and durable.

    Where nothing can be written beside a SQLite file, it is a copy for this process alone: what is
    written in `passing` (who is logged in, what was asked) goes with it, and any other write raises
    the reason: `ReadOnly`, or `OutOfSpace`.
    """

    patience_seconds = 0.0
    """How long a server that does not respond is waited for; a file is there or not."""
    is_shared = False
    """Whether other hosts may use it: then this host's clock, files and processes say nothing of theirs."""

    def __init__(
        self,
        engine: Engine,
        *,
        copy: TemporaryDirectory[str] | None = None,
        reason: Callable[[], UserError] = read_only,
    ) -> None:
        self._engine = engine
        self._copy = copy
        self._reason = reason
        self._locks: dict[str, Lock] = {}

    @property
    def is_read_only(self) -> bool:
        """Whether nothing that is written stays."""
        return self._copy is not None

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, for migrations."""
        return self._engine

    @contextmanager
    def write(self, *, passing: bool = False) -> Iterator[Connection]:
        """Open a transaction that commits at the end and rolls back on an error."""
        if self.is_read_only and not passing:
            raise self._reason()
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def write_once(self, *, passing: bool = False) -> Iterator[Connection]:
        """Open a connection for one statement, which is a transaction by itself."""
        with self.write(passing=passing) as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection to read from."""
        with self._engine.connect() as connection:
            yield connection

    def check(self) -> None:
        """Raise what is wrong where the database does not answer now."""
        with self.read() as connection:
            connection.execute(_ONE)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees all tables as they are at one moment, to read from."""
        with self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def clock(self) -> float:
        """Return the time in Unix seconds, the same for everybody who uses this database."""
        return time.time()

    def now(self) -> ColumnElement[float]:
        """Return the time in Unix seconds as a part of a statement."""
        return literal(time.time())

    def hold(self, connection: Connection, name: str) -> None:
        """Let no two transactions that hold the same name go on at once; those of SQLite write one by one."""

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until nobody else who uses this database is at what the name says."""
        with self._locks.setdefault(name, Lock()):
            yield

    def names(self, folder: Path) -> HeldNames:
        """Return names that processes hold, for all who use this database to see: here, files in `folder`."""
        return NamesInFolder(folder)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._copy is not None:
            self._copy.cleanup()


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"{SQLITE}{path}"


def sqlite_engine(url: str) -> Engine:
    """Return the engine of a SQLite file."""
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # WAL lets a reader follow a job while its worker writes.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine
