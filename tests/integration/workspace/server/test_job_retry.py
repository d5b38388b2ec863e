"""A job that was stopped, begun again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.served import lay_out

from lorewright.access import LOCAL, Caller
from lorewright.errors import BadParameter, NotAllowed
from lorewright.jobs import Job
from lorewright.workspace.server.jobs import can_retry, n_problems, retry_job, start_job
from lorewright.workspace.server.server import Server

SYNC = {"paths": [], "is_sync": True}
ANN = Caller(id="key_ann", name="Ann", verbs=("documents", "read"))
BOB = Caller(id="key_bob", name="Bob", verbs=("documents", "read"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    # Of two processes this one does not see to the jobs: they stay as they are put.
    server = Server(lay_out(tmp_path / "handbook"), n_processes=2)
    yield server
    server.close()


def stopped(server: Server, caller: Caller = LOCAL, kind: str = "add") -> Job:
    """Return a job that somebody cancelled."""
    job = server.workspace.queue.submit(kind, SYNC | ({} if caller is LOCAL else {"by": caller.id}))
    return server.workspace.queue.cancel(job.id)


def test_a_cancelled_job_goes_on_where_it_was(server: Server) -> None:
    """It is the same job with its finished steps, not another one that does all again."""
    job = stopped(server)
    server.workspace.queue.save_step(job.id, "read", "1", attempt=1, seconds=1.0)

    again = retry_job(server, LOCAL, job.id)

    assert (again.id, again.state) == (job.id, "queued")
    assert [name for name, _, _ in server.workspace.queue.steps(job.id)] == ["read"]


def test_a_job_that_is_not_over_is_not_started_twice(server: Server) -> None:
    """Two clicks must not make two jobs."""
    job = start_job(server, LOCAL, "add", SYNC)

    with pytest.raises(BadParameter, match="is queued"):
        retry_job(server, LOCAL, job.id)


def test_a_job_of_the_api_is_started_again_there(server: Server) -> None:
    """A fine-tuning job that was cancelled has told its client so."""
    job = stopped(server, kind="fine-tune")

    with pytest.raises(BadParameter, match="cannot be started again here"):
        retry_job(server, LOCAL, job.id)


def test_others_do_not_start_what_somebody_ordered(server: Server) -> None:
    """A job reads what whoever ordered it may read."""
    job = stopped(server, ANN)

    assert can_retry(ANN, job)
    assert not can_retry(BOB, job)
    with pytest.raises(BadParameter):
        retry_job(server, BOB, job.id)
    with pytest.raises(NotAllowed):
        retry_job(server, Caller(id="key_ann", name="Ann", verbs=("read",)), job.id)


def test_a_job_that_could_not_read_all_files_says_how_many(server: Server) -> None:
    """Done is not the same as all good."""
    job = server.workspace.queue.submit("add", SYNC)
    server.workspace.queue.claim(job.id, 1)
    server.workspace.queue.finish(job.id, {"n_new": 3, "unreadable": {"a.pdf": "damaged", "b.pdf": "empty"}})

    assert n_problems(server.workspace.queue.get(job.id)) == 2
