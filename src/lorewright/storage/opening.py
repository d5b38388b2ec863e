"""Opening a database by its URL: SQLite in a file, or PostgreSQL."""

import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.exc import OperationalError

from lorewright.errors import OutOfSpace, UserError, known_error, out_of_space, read_only
from lorewright.storage.database import SQLITE, Database, sqlite_engine, sqlite_url
from lorewright.storage.migrating import bring_up_to_date, schema_of


def open_database(url: str) -> Database:
    """Return the database at `url`, made or migrated where needed."""
    database = _opened(url)
    try:
        bring_up_to_date(database)
    except BaseException:
        database.close()
        raise
    return database


def _opened(url: str) -> Database:
    """Return the database, or a copy of it where nothing can be written beside it."""
    if not url.startswith(SQLITE):
        from lorewright.storage.postgres import open_postgres

        return open_postgres(url)
    path = Path(url.removeprefix(SQLITE))
    if not path.is_file():
        return Database(sqlite_engine(url))
    if not os.access(path.parent, os.W_OK):
        return _copied(path, read_only)
    database = Database(sqlite_engine(url))
    try:
        schema_of(database)  # SQLite needs some kilobytes to read, too
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
    return Database(sqlite_engine(sqlite_url(Path(copy.name, path.name))), copy=copy, reason=reason)
