"""One database: SQLite in a file, or PostgreSQL by URL."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from lorewright.errors import OutOfSpace, UserError, known_error, out_of_space, read_only
from lorewright.storage.schema import metadata

SCHEMA_VERSION = "0003"
_SQLITE = "sqlite:///"


class Database:
    """The workspace's tables; every transaction is short and durable.

    Where nothing can be written beside a SQLite file, it is a copy for this process alone: what is
    written in `passing` (who is logged in, what was asked) goes with it, and any other write raises
    the reason: `ReadOnly`, or `OutOfSpace`.
    """

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
    database = _opened(url)
    if _version(database) != SCHEMA_VERSION:
        with _alone(database):
            if _version(database) != SCHEMA_VERSION:  # another process may have done it meanwhile
                _migrate(database)
    return database


def _opened(url: str) -> Database:
    """Return the database, or a copy of it where nothing can be written beside it."""
    path = Path(url.removeprefix(_SQLITE))
    if not url.startswith(_SQLITE) or not path.is_file():
        return Database(_engine(url))
    if not os.access(path.parent, os.W_OK):
        return _copied(path, read_only)
    database = Database(_engine(url))
    try:
        _version(database)  # SQLite needs some kilobytes to read, too
    except OperationalError as error:
        database.close()
        if isinstance(known_error(error), OutOfSpace):
            return _copied(path, out_of_space)
        raise
    return database


def _copied(path: Path, reason: Callable[[], UserError]) -> Database:
    """Return a copy of a SQLite file, with the latest writes, which are in a file of their own."""
    copy = TemporaryDirectory(prefix="lorewright-")
    for suffix in ("", "-wal"):
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path}{suffix}", Path(copy.name, f"{path.name}{suffix}"))
    return Database(_engine(sqlite_url(Path(copy.name, path.name))), copy=copy, reason=reason)


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
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(version) if version else None


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
