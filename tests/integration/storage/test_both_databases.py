"""What holds for the state of a domain, in SQLite and in PostgreSQL alike."""

import threading
from collections.abc import Callable
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from lorewright.documents import Document, DocumentRepository
from lorewright.errors import Busy, UnusableDatabase
from lorewright.jobs import STARTED, Queue
from lorewright.storage import Database, Records, open_database
from lorewright.storage.migrating import SCHEMA_VERSION
from lorewright.storage.schema import metadata

pytestmark = pytest.mark.thorough  # starts a server

NewUrl = Callable[[], str]
N_WRITERS, N_EACH = 4, 100


def at_once(tasks: list[Callable[[], None]]) -> None:
    """Do tasks in threads of their own, begun together; what one raises is raised here."""
    begin, wrong = threading.Barrier(len(tasks)), list[BaseException]()

    def do(task: Callable[[], None]) -> None:
        begin.wait()
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - raised below
            wrong.append(error)

    threads = [threading.Thread(target=do, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]


def test_the_migrations_make_exactly_the_schema(new_url: NewUrl) -> None:
    with closing(open_database(new_url())) as database, database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_of_400_changes_by_four_at_once_none_is_lost(new_url: NewUrl) -> None:
    """Read, add one, write: without a lock or a version, 150 of 400 were lost on PostgreSQL."""
    url = new_url()
    databases = [open_database(url) for _ in range(N_WRITERS)]
    Records(databases[0], "counter").add("counter", {"n": 0})

    def count(database: Database) -> None:
        for _ in range(N_EACH):
            Records(database, "counter").change("counter", lambda body: {"n": body["n"] + 1})

    at_once([lambda each=each: count(each) for each in databases])  # type: ignore[misc]
    found = Records(databases[0], "counter").get("counter").body["n"]
    for database in databases:
        database.close()

    assert found == N_WRITERS * N_EACH


def test_the_same_order_given_at_once_is_one_job(new_url: NewUrl) -> None:
    """Two servers that are asked for the same at once must not do it twice."""
    url = new_url()
    databases = [open_database(url) for _ in range(N_WRITERS)]
    if not databases[0].is_shared:
        databases = databases[:1] * N_WRITERS
    ids = list[str]()

    def submit(database: Database) -> None:
        ids.extend(Queue(database).submit("add", {"turn": turn}).id for turn in range(10))

    at_once([lambda each=each: submit(each) for each in databases])  # type: ignore[misc]
    n_jobs = len(Queue(databases[0]).all())
    for database in databases:
        database.close()

    if databases[0].is_shared:
        assert (len(ids), len(set(ids)), n_jobs) == (40, 10, 10)
    else:
        assert len(ids) == 40


def test_each_waiting_job_is_taken_once(new_url: NewUrl) -> None:
    url = new_url()
    databases = [open_database(url) for _ in range(N_WRITERS)]
    queue = Queue(databases[0])
    jobs = [queue.submit("add", {"turn": turn}) for turn in range(40)]
    for job in jobs:
        Records(databases[0], STARTED).add(f"start_{job.id}", {}, label=job.id)
    taken = list[str]()

    def take(database: Database) -> None:
        while (job := Queue(database).take(["add"])) is not None:
            taken.append(job.id)

    at_once([lambda each=each: take(each) for each in databases])  # type: ignore[misc]
    for database in databases:
        database.close()

    assert sorted(taken) == sorted(job.id for job in jobs)


def test_a_worker_that_was_taken_for_dead_records_nothing_any_more(new_url: NewUrl) -> None:
    """It was cut off for a minute, its job went on elsewhere: nothing is done twice, nothing overwritten."""
    with closing(open_database(new_url())) as database:
        queue = Queue(database)
        job = queue.claim(queue.submit("add", {}).id, 2**22 + 1)
        queue.requeue(job)
        again = queue.claim(job.id, 2**22 + 2)

        assert not queue.renew(job.id, job.attempt)
        with pytest.raises(Busy, match="taken over by another worker"):
            queue.save_step(job.id, "read", "1", attempt=job.attempt, seconds=1.0)
        queue.finish(job.id, "too late", attempt=job.attempt)
        queue.fail(job.id, {"type": "X", "message": "", "hint": ""}, attempt=job.attempt)
        assert queue.get(job.id).state == "running"
        queue.finish(job.id, "in time", attempt=again.attempt)
        assert queue.get(job.id).result == "in time"


def test_texts_are_kept_in_the_order_of_their_code_points_and_of_any_length(new_url: NewUrl) -> None:
    """PostgreSQL would order them as the server's language does, and refuse long ones."""
    names = ["Zoo.md", "a.md", "B.md", "é.md", "_.md", "a/b.md", "中.md"]
    with closing(open_database(new_url())) as database:
        documents = DocumentRepository(database)
        for name in names:
            documents.save(Document(name, name, "Text."), file_hash=name)
        Records(database, "note").add("n" * 300, {}, label="x" * 1000, owner="y" * 300)

        assert list(documents.states()) == sorted(names)
        assert Records(database, "note").get("n" * 300).label == "x" * 1000


def test_the_character_zero_does_no_harm(new_url: NewUrl) -> None:
    """It comes in addresses that somebody tries, and PostgreSQL has no place for it."""
    with closing(open_database(new_url())) as database:
        notes = Records(database, "note")
        notes.add("one", {"text": "a\0b"}, label="la\0bel")

        assert notes.find("no\0ne") is None
        assert notes.get("one").body == {"text": "a\0b"}
        assert notes.get("one").label in ("la\0bel", "la\ufffdbel")


def test_what_the_release_before_writes_is_read_and_its_rows_stand(new_url: NewUrl) -> None:
    """While servers are replaced one by one, the old ones go on with the new schema."""
    with closing(open_database(new_url())) as database:
        with database.write() as connection:
            connection.exec_driver_sql(
                "INSERT INTO job (id, kind, order_json, state, attempt, is_cancel_wanted, error, result,"
                " created_at) VALUES ('old', 'add', '{}', 'queued', 0, false, '{}', 'null', 1.0)"
            )
            connection.exec_driver_sql(
                "INSERT INTO record (id, kind, parent, owner, label, version, created_at, updated_at, body)"
                " VALUES ('r', 'note', '', '', '', 0, 1.0, 1.0, '{}')"
            )
            connection.exec_driver_sql("UPDATE job SET state = 'running', attempt = 1, lease_until = 1.0")
        queue = Queue(database)
        job = queue.get("old")
        assert (job.state, job.host, queue.is_alive(job)) == ("running", None, False)
        assert queue.claim(queue.requeue(job).id, 2**22 + 1).attempt == 2
        assert Records(database, "note").get("r").body == {}


@pytest.mark.parametrize(("ahead", "is_usable"), [(1, True), (2, False)])
def test_a_database_one_step_ahead_is_used_and_one_further_refused(
    new_url: NewUrl, ahead: int, is_usable: bool
) -> None:
    url = new_url()
    with closing(open_database(url)) as database, database.write() as connection:
        version = f"{int(SCHEMA_VERSION) + ahead:04}"
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")

    if is_usable:
        with closing(open_database(url)) as database:
            assert Records(database, "note").count() == 0
    else:
        with pytest.raises(UnusableDatabase, match=f"has schema {version}") as refused:
            open_database(url)
        assert "Upgrade lorewright" in refused.value.hint
