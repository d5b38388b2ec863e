"""One database: SQLite in a file, or PostgreSQL by URL."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from lorewright.errors import read_only
from lorewright.storage.schema import metadata

SCHEMA_VERSION = "0002"
_SQLITE = "sqlite:///"


class Database:
    """The workspace's tables; every transaction is short and durable.

    Where the folder of a SQLite file cannot be written to, it is a copy for this process alone:
    what is written in `passing` (who is logged in, what was asked) goes with it, and any other
    write raises `ReadOnly`.
    """

    def __init__(self, engine: Engine, *, copy: TemporaryDirectory[str] | None = None) -> None:
        self._engine = engine
        self._copy = copy

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
            raise read_only()
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection to read from."""
        with self._engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()
        if self._copy is not None:
            self._copy.cleanup()


def open_database(url: str) -> Database:
    """Return the database at `url`, made or migrated where needed."""
    database = _read_only_copy(url) or Database(_engine(url))
    if _version(database) != SCHEMA_VERSION:
        with _alone(database):
            if _version(database) != SCHEMA_VERSION:  # another process may have done it meanwhile
                _migrate(database)
    return database


def _read_only_copy(url: str) -> Database | None:
    """Return a copy of a SQLite file whose folder cannot be written to, else `None`.

    SQLite keeps the latest writes in a file of its own, and needs to write even to read it.
    """
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or os.access(path.parent, os.W_OK) or not path.is_file():
        return None
    copy = TemporaryDirectory(prefix="lorewright-")
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{suffix}", Path(copy.name, f"{path.name}{suffix}"))
    return Database(_engine(sqlite_url(Path(copy.name, path.name))), copy=copy)


def sqlite_url(path: Path) -> str:
    """Return the URL of a SQLite file."""
    return f"{_SQLITE}{path}"


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # WAL lets a reader follow a job while its worker writes.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    return engine


def _version(database: Database) -> str | None:
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(found) if found else None


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Wait until no other process makes or migrates this database, and keep others out."""
    if database.engine.dialect.name != "sqlite":
        with database.write() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(7106191)"))
            yield
        return
    path = Path(database.engine.url.database or "")
    with path.with_name(f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(database: Database) -> None:
    from alembic import command  # loads 150 ms of code that an up-to-date database never needs
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with database.write(passing=True) as connection:
        config.attributes["connection"] = connection
        config.attributes["metadata"] = metadata
        command.upgrade(config, "head")
