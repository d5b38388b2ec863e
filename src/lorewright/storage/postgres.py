"""The database on a PostgreSQL server, which several hosts may share."""

import re
import select as select_module
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Float,
    cast,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError

from lorewright.errors import DatabaseDown, LorewrightError, MissingExtra, UnusableDatabase
from lorewright.storage.database import Database
from lorewright.storage.held_names import HeldNames

PATIENCE_SECONDS = 5.0
"""How long a transaction waits for a server that does not respond, before it fails."""
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 1.0
_CLOCK_EVERY_SECONDS = 60.0
_N_CONNECTIONS, _N_MORE = 10, 20
_CONNECT_ARGUMENTS = {
    "connect_timeout": 5,
    "application_name": "lorewright",
    # A host that lost its power lets go of its locks within a minute; by default that takes two hours.
    "options": "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3",
    "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3,
}  # fmt: skip
_REFUSED = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|role .* does not exist"
    r"|not permitted to log in|permission denied|certificate|SSL"
)
_NO_DATABASE = re.compile(r'database "?[^"]*"? does not exist')
_SAID = re.compile(r"(?:FATAL|ERROR|failed):\s*(?!FATAL|ERROR|failed)(.*)")
_LOCK_KEY = "hashtextextended(:name, 7106191)"


class PostgresDatabase(Database):
    """The tables on a PostgreSQL server.

    A server that does not respond is tried again for `patience_seconds`; then, and whenever a
    connection breaks, `DatabaseDown` is raised, and the transaction was not done.
    """

    is_shared = True

    def __init__(self, engine: Engine, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        super().__init__(engine)
        self.patience_seconds = patience_seconds
        weakref.finalize(self, engine.dispose)  # whoever forgets to close it leaves no connection behind
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._down_since: float | None = None
        self._offset_seconds, self._offset_until = 0.0, 0.0

    @contextmanager
    def write(self, *, passing: bool = False) -> Iterator[Connection]:  # noqa: ARG002 - nothing is read-only
        """Open a transaction that commits at the end and rolls back on an error."""
        with self.told_apart(), self._connection(self._engine) as connection, connection.begin():
            yield connection

    @contextmanager
    def write_once(self, *, passing: bool = False) -> Iterator[Connection]:  # noqa: ARG002 - nothing is read-only
        """Open a connection for one statement, which is a transaction by itself."""
        with self.read() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a connection to read from; every statement sees what is committed then."""
        with self.told_apart(), self._connection(self._reading) as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees all tables as they are at one moment, to read from."""
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with self.told_apart(), self._connection(engine) as connection, connection.begin():
            yield connection

    def check(self) -> None:
        """Raise what is wrong where the database does not answer now; it is not tried again."""
        with self.told_apart(), self._connected(self._reading) as connection:
            connection.execute(text("SELECT 1"))
        self._down_since = None

    def clock(self) -> float:
        """Return the time of the database's server, in Unix seconds: that of all hosts."""
        now = time.monotonic()
        if now >= self._offset_until:
            with self.read() as connection:
                before = time.time()
                theirs = float(connection.execute(select(self.now())).scalar_one())
                self._offset_seconds = theirs - (before + time.time()) / 2
            self._offset_until = now + _CLOCK_EVERY_SECONDS
        return time.time() + self._offset_seconds

    def now(self) -> ColumnElement[float]:
        """Return the time of the database's server as a part of a statement."""
        return cast(func.extract("epoch", func.clock_timestamp()), Float)

    def hold(self, connection: Connection, name: str) -> None:
        """Let no two transactions that hold the same name go on at once, of whatever host."""
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})"), {"name": name})

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Wait until nobody else who uses this database is at what the name says, on whatever host."""
        with super().alone(name), self.write() as connection:
            self.hold(connection, name)
            yield

    def lasting(self) -> Connection:
        """Return a connection to keep; each of its statements is a transaction."""
        return self._connection(self._reading)

    def names(self, folder: Path) -> HeldNames:  # noqa: ARG002 - folders are not shared
        """Return names that processes hold, for all who use this database to see."""
        return NamesInDatabase(self)

    def _connection(self, engine: Engine) -> Connection:
        """Return a connection, once the server responds; raise `DatabaseDown` where it stays away."""
        pause = _FIRST_PAUSE_SECONDS
        while True:
            try:
                connection = self._connected(engine)
            except DatabaseDown:
                now = time.monotonic()
                self._down_since = self._down_since or now
                if now + pause > self._down_since + self.patience_seconds:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                self._down_since = None
                return connection

    def _connected(self, engine: Engine) -> Connection:
        try:
            return engine.connect()
        except (OperationalError, InterfaceError) as error:
            raise why_not(error, self._engine.url) from error

    @contextmanager
    def told_apart(self) -> Iterator[None]:
        """Turn the end of a connection into `DatabaseDown`; other errors stay what they are."""
        try:
            yield
        except DBAPIError as error:
            if error.connection_invalidated or _is_over(error):
                raise why_not(error, self._engine.url) from error
            raise


class NamesInDatabase:
    """Names that this process holds, for all hosts to see: gone when it ends, or its connection does."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def take(self, name: str) -> bool:
        """Hold a name, unless somebody else does; return whether it is ours."""
        return self._ask("pg_try_advisory_lock", name)

    def let_go(self, name: str) -> None:
        """Hold a name no more."""
        self._ask("pg_advisory_unlock", name)

    def is_held(self, name: str) -> bool:
        """Return whether another process holds a name; not for one of ours."""
        if not self.take(name):
            return True
        self.let_go(name)
        return False

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            if self._connection is not None:
                with suppress(DBAPIError):  # gone, and the names with it
                    self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
                self._connection.close()
            self._connection = None

    def _ask(self, function: str, name: str) -> bool:
        with self._lock, self._database.told_apart():
            try:
                if self._connection is None or self._connection.invalidated:
                    self._connection = self._database.lasting()
                asked = text(f"SELECT {function}({_LOCK_KEY})")
                return bool(self._connection.execute(asked, {"name": name}).scalar_one())
            except DBAPIError:
                if self._connection is not None:
                    with suppress(DBAPIError):
                        self._connection.close()
                self._connection = None
                raise


def open_postgres(url: str) -> PostgresDatabase:
    """Return the database at a URL such as `postgresql+psycopg://user@host/name`."""
    if find_spec("psycopg") is None:
        raise MissingExtra(
            "PostgreSQL needs the package psycopg.",
            hint="Install it with: pip install 'lorewright[postgres]'",
        )
    engine = create_engine(
        _parsed(url), connect_args=_CONNECT_ARGUMENTS, pool_size=_N_CONNECTIONS,
        max_overflow=_N_MORE, pool_timeout=30, pool_use_lifo=True,
    )  # fmt: skip
    event.listen(engine, "connect", _keep_zeros_out)
    event.listen(engine, "checkout", _need_silence)
    return PostgresDatabase(engine)


def _need_silence(connection: Any, _record: object, _proxy: object) -> None:
    """Refuse a connection whose server has spoken unasked: it has said good-bye; to ask it takes longer."""
    waiting = select_module.poll()
    waiting.register(connection.fileno(), select_module.POLLIN)
    if waiting.poll(0):
        raise DisconnectionError


def _keep_zeros_out(connection: Any, _record: object) -> None:
    """Let texts be kept whole but for the character 0, which PostgreSQL has no place for."""
    from psycopg.types.string import StrDumper

    class ZeroFree(StrDumper):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)

    connection.adapters.register_dumper(str, ZeroFree)


def shown(url: URL) -> str:
    """Return where a database is, without user and password."""
    host = url.host or url.query.get("host") or "this machine"
    return f"{host if isinstance(host, str) else host[0]}{f':{url.port}' if url.port else ''}/{url.database}"


def why_not(error: DBAPIError, url: URL) -> LorewrightError:
    """Return why a server gives no connection: it is down, or it refuses us; no password is told."""
    told = str(error.orig or error)
    said = _SAID.search(told)
    words = said.group(1) if said else next(iter(told.strip().splitlines()), "no reason is told")
    words = words.strip().rstrip(".").replace(url.password or "\0", "…")
    if _NO_DATABASE.search(told):
        return UnusableDatabase(
            f"PostgreSQL at {shown(url)}: {words}.", hint=f"Create it with: createdb {url.database}"
        )
    if _REFUSED.search(told):
        return UnusableDatabase(
            f"PostgreSQL at {shown(url)} refused the user {url.username or 'of this process'!r}: {words}.",
            hint="Check storage.url in lorewright.toml, and the environment variable with the password "
            "(LOREWRIGHT_DB_PASSWORD or PGPASSWORD).",
        )
    return DatabaseDown(
        f"PostgreSQL at {shown(url)} does not respond: {words}.",
        hint="Nothing was written. Start the database, or check storage.url; then try again.",
    )


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is None or not parsed.database:
        raise UnusableDatabase(
            "storage.url names no database.", hint="It must be: postgresql+psycopg://user@host/name"
        )
    return parsed.set(drivername="postgresql+psycopg")


def _is_over(error: DBAPIError) -> bool:
    """Return whether a connection ended: also where the server said so in a sentence of its own."""
    state: Any = getattr(error.orig, "sqlstate", None) or ""
    return str(state).startswith(("08", "57P"))
