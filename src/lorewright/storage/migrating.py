"""From the schema that a database has to the one that this release knows."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import inspect, text

from lorewright.errors import UnusableDatabase
from lorewright.storage.database import Database
from lorewright.storage.schema import metadata

SCHEMA_VERSION = "0004"
_STEPS_AHEAD = 1
"""How many steps newer a database may be: old and new servers share it while they are replaced."""


def bring_up_to_date(database: Database) -> None:
    """Make the tables, or migrate them where they are older; raise `UnusableDatabase` for much newer ones.

    Every migration only adds: a release works with a database that is one step ahead of it.
    """
    if _is_known(database):
        return
    with _alone(database):
        if not _is_known(database):  # another process may have done it meanwhile
            _migrate(database)


def schema_of(database: Database) -> str | None:
    """Return the version of a database's schema, `None` where it has none yet."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        version = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return str(version) if version else None


def _is_known(database: Database) -> bool:
    """Return whether a database can be used as it is."""
    version = schema_of(database)
    if version is None or version <= SCHEMA_VERSION:
        return version == SCHEMA_VERSION
    if int(version) <= int(SCHEMA_VERSION) + _STEPS_AHEAD:
        return True
    raise UnusableDatabase(
        f"The database has schema {version}; this release knows {SCHEMA_VERSION} and one step more.",
        hint="Upgrade lorewright on this machine.",
    )


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    """Wait until no other process makes or migrates this database, and keep others out."""
    if database.is_shared:
        with database.alone("migration"):
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
