"""A PostgreSQL server that is away, refuses, or has another clock: one clear line, and nothing half done."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.fixtures.postgres import PostgresServer, execute, running_postgres

from lorewright.access.moving_windows import RateLimit, SharedWindows
from lorewright.api.http.health import health, readiness
from lorewright.errors import DatabaseDown, InvalidSetting, UnusableDatabase
from lorewright.jobs import Queue
from lorewright.settings import Storage, child_environment
from lorewright.storage import Records, open_database
from lorewright.storage.held_names import HeldNames
from lorewright.storage.postgres import PostgresDatabase, open_postgres
from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough  # starts a server


@pytest.fixture
def stopped() -> Iterator[PostgresServer]:
    """A server of its own, that a test stops and starts; it is closed running."""
    with running_postgres() as server:
        server.make("desk")
        open_database(server.url("desk")).close()
        yield server


def test_a_server_that_comes_back_in_time_is_waited_for(stopped: PostgresServer) -> None:
    database = open_postgres(stopped.url("desk"))
    database.patience_seconds = 60
    notes = Records(database, "note")
    notes.add("before", {})
    stopped.stop()
    starting = threading.Thread(target=stopped.start)
    starting.start()

    notes.add("after", {})

    starting.join()
    assert [note.id for note in notes.all()] == ["before", "after"]
    database.close()


def test_one_that_stays_away_is_told_and_nothing_is_half_written(stopped: PostgresServer) -> None:
    database = open_postgres(stopped.url("desk"))
    database.patience_seconds = 0.1
    notes = Records(database, "note")

    def begin() -> None:
        with database.write() as connection:
            connection.exec_driver_sql(
                "INSERT INTO record (id, kind, parent, owner, label, version, created_at, updated_at, body)"
                " VALUES ('half', 'note', '', '', '', 0, 1.0, 1.0, '{}')"
            )
            stopped.stop()
            connection.exec_driver_sql("SELECT 1")

    with pytest.raises(DatabaseDown) as midway:
        begin()
    with pytest.raises(DatabaseDown, match="does not respond") as at_all:
        notes.add("later", {})
    with pytest.raises(DatabaseDown):
        database.check()
    stopped.start()

    database.check()
    assert "Nothing was written" in midway.value.hint + at_all.value.hint
    assert notes.all() == []
    database.close()


def test_a_server_whose_database_is_away_is_alive_but_not_ready(
    stopped: PostgresServer, tmp_path: Path
) -> None:
    """A load balancer goes elsewhere; nobody restarts it, which would not help."""
    (tmp_path / "lorewright.toml").write_text(f'[storage]\nurl = "{stopped.url("desk")}"\n')
    server = Server(tmp_path)
    assert readiness(server) == {"status": "ok"}
    stopped.stop()
    told = readiness(server)
    assert told.status_code == 503
    assert json.loads(told.body) == {"status": "unavailable", "reason": "The database does not respond."}
    assert health()["status"] == "ok"
    stopped.start()
    assert readiness(server) == {"status": "ok"}
    server.close()


def test_wrong_credentials_are_named_without_the_password(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    execute(str(postgres.folder), "CREATE ROLE guarded LOGIN PASSWORD 'right-one'")
    address = postgres.make("guarded").replace("postgres@", "guarded:${LOREWRIGHT_DB_PASSWORD}@")
    monkeypatch.setenv("LOREWRIGHT_DB_PASSWORD", "s3cr3t/@:wrong")
    with pytest.raises(UnusableDatabase) as refused:
        open_database(Storage(url=address).database_url())
    told = f"{refused.value} {refused.value.hint}"

    assert "'guarded'" in told
    assert "password authentication failed" in told
    assert "LOREWRIGHT_DB_PASSWORD" in told
    assert "s3cr3t" not in told

    execute(str(postgres.folder), "GRANT ALL ON DATABASE guarded TO guarded")
    execute(str(postgres.folder), "ALTER DATABASE guarded OWNER TO guarded")
    monkeypatch.setenv("LOREWRIGHT_DB_PASSWORD", "right-one")
    open_database(Storage(url=address).database_url()).close()


def test_a_database_that_is_not_there_says_how_to_make_it(postgres: PostgresServer) -> None:
    with pytest.raises(UnusableDatabase, match='"nowhere" does not exist') as refused:
        open_database(postgres.url("nowhere"))
    assert refused.value.hint == "Create it with: createdb nowhere"


def test_a_host_that_is_not_there_is_told_by_its_name() -> None:
    database = open_postgres("postgresql+psycopg://lorewright:s3cr3t@127.0.0.1:9/desk")
    database.patience_seconds = 0.0
    with pytest.raises(DatabaseDown, match=r"127\.0\.0\.1:9/desk does not respond") as away:
        Records(database, "note").count()
    assert "s3cr3t" not in str(away.value)


@pytest.mark.parametrize("words", [("search", "leave"), ("serve", "--no-studio", "--port", "0"), ("worker",)])
def test_what_starts_while_the_server_is_down_says_so_in_one_line(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    """It ends after a few seconds, so that whatever started it can start it again."""
    url = "postgresql+psycopg://lorewright:${LOREWRIGHT_DB_PASSWORD}@127.0.0.1:9/desk"
    (tmp_path / "lorewright.toml").write_text(f'[storage]\nurl = "{url}"\n')
    told = subprocess.run(
        [sys.executable, "-m", "lorewright.cli", *words], cwd=tmp_path, text=True, capture_output=True,
        env=child_environment() | {"LOREWRIGHT_DB_PASSWORD": "s3cr3t"}, check=False, timeout=300,
    )  # fmt: skip
    assert told.returncode == 1
    (line,) = told.stderr.splitlines()
    assert "127.0.0.1:9/desk does not respond" in line
    assert "Start the database, or check storage.url" in line
    assert "s3cr3t" not in told.stdout + line


def test_clocks_five_minutes_apart_do_no_harm(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One host's clock is ahead: leases are neither over at once nor too long, a limit counts all."""
    url = postgres.make("skew")
    with closing(open_database(url)) as right, closing(open_database(url)) as ahead:
        job = Queue(right).claim(Queue(right).submit("add", {}).id, 2**22 + 1)
        limit = RateLimit(2)
        assert SharedWindows(right).hit(limit, "requests", "key")
        now = time.time
        monkeypatch.setattr(time, "time", lambda: now() + 300)

        assert Queue(ahead).get(job.id).is_leased
        assert SharedWindows(ahead).hit(limit, "requests", "key")
        assert not SharedWindows(ahead).hit(limit, "requests", "key")
        assert abs(ahead.clock() - now()) < 60
        Queue(ahead).renew(job.id, job.attempt)
        monkeypatch.setattr(time, "time", now)
        assert Queue(right).get(job.id).is_leased
        assert not SharedWindows(right).test(limit, "requests", "key")


def test_a_lease_that_ran_out_is_over_for_every_host(postgres: PostgresServer) -> None:
    with closing(open_database(postgres.make("lease"))) as database:
        queue = Queue(database)
        job = queue.claim(queue.submit("add", {}).id, 2**22 + 1)
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE job SET host = 'elsewhere', lease_until = lease_until - 3600")
        assert not queue.is_alive(queue.get(job.id))
        with database.write() as connection:
            connection.exec_driver_sql("UPDATE job SET lease_until = lease_until + 3600")
        assert queue.is_alive(queue.get(job.id))


def test_a_name_is_held_by_one_process_until_it_ends(postgres: PostgresServer) -> None:
    url = postgres.make("names")
    with closing(open_database(url)) as one, closing(open_database(url)) as other:
        ours, theirs = held(one), held(other)
        assert ours.take("answer")
        assert not theirs.take("answer")
        assert theirs.is_held("answer")
        ours.close()
        assert not theirs.is_held("answer")
        assert theirs.take("answer")
        theirs.close()


def test_two_hosts_are_alone_one_after_the_other(postgres: PostgresServer) -> None:
    url = postgres.make("alone")
    order = list[str]()
    with closing(open_database(url)) as one, closing(open_database(url)) as other:
        inside = threading.Event()

        def second() -> None:
            inside.wait()
            with other.alone("accounts"):
                order.append("second")

        thread = threading.Thread(target=second)
        thread.start()
        with one.alone("accounts"):
            inside.set()
            thread.join(0.3)
            order.append("first")
        thread.join()
    assert order == ["first", "second"]


def test_a_password_in_the_settings_is_refused_and_not_repeated() -> None:
    with pytest.raises(InvalidSetting) as refused:
        Storage(url="postgresql+psycopg://me:s3cr3t@db.example/desk")
    assert "s3cr3t" not in f"{refused.value} {refused.value.hint}"
    with pytest.raises(InvalidSetting, match="LOREWRIGHT_NOT_SET"):
        Storage(url="postgresql+psycopg://me:${LOREWRIGHT_NOT_SET}@db.example/desk").database_url()
    with pytest.raises(InvalidSetting, match=r"storage\.url"):
        Storage(url="mysql://me@db.example/desk")


def held(database: object) -> HeldNames:
    """Return names held by whoever opened this database."""
    assert isinstance(database, PostgresDatabase)
    return database.names(Path("unused"))
