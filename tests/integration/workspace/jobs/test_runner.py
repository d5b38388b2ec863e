"""Work that a server starts, and that outlives it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.workspace.server.server import Server

pytestmark = pytest.mark.thorough

ORDER = {"paths": [], "is_sync": True}


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\n28 days a year.\n")
    (tmp_path / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    return tmp_path


@pytest.fixture
def server(domain: Path) -> Iterator[Server]:
    server = Server(domain)
    yield server
    server.close()


def test_a_started_job_is_done_without_anybody_who_waits(server: Server) -> None:
    job = server.start("add", ORDER)
    assert not job.is_over
    server.workers.wait()
    assert server.workspace.queue.get(job.id).result["n_new"] == 1
    assert server.resume() == []


def test_a_job_goes_on_when_the_server_starts_again(domain: Path) -> None:
    """Its worker was killed with `kill -9`: the next server starts another one."""
    first = Server(domain)
    job = first.start("add", ORDER)
    first.close()

    second = Server(domain)
    assert [going_on.id for going_on in second.resume()] == [job.id]
    second.workers.wait()
    assert second.workspace.queue.get(job.id).state == "finished"
    second.close()


def test_a_job_that_was_cancelled_stays_cancelled(domain: Path) -> None:
    first = Server(domain)
    job = first.start("add", ORDER)
    first.close()
    first.workspace.queue.cancel(job.id)

    second = Server(domain)
    assert second.resume() == []
    second.workers.wait()
    assert second.workspace.queue.get(job.id).state == "cancelled"
    second.close()
