"""Work that a server starts, and that outlives it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lorewright.workspace.home import Home

ORDER = {"paths": [], "is_sync": True}


@pytest.fixture
def domain(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\n28 days a year.\n")
    (tmp_path / "lorewright.toml").write_text('[models]\nembedding = "hashing"\n')
    return tmp_path


@pytest.fixture
def home(domain: Path) -> Iterator[Home]:
    home = Home(domain)
    yield home
    home.close()


def test_a_started_job_is_done_without_anybody_who_waits(home: Home) -> None:
    job = home.start("add", ORDER)
    assert not job.is_over
    home.workers.wait()
    assert home.workspace.queue.get(job.id).result["n_new"] == 1
    assert home.resume() == []


def test_a_job_goes_on_when_the_server_starts_again(domain: Path) -> None:
    """Its worker was killed with `kill -9`: the next server starts another one."""
    first = Home(domain)
    job = first.start("add", ORDER)
    first.close()

    second = Home(domain)
    assert [going_on.id for going_on in second.resume()] == [job.id]
    second.workers.wait()
    assert second.workspace.queue.get(job.id).state == "finished"
    second.close()


def test_a_job_that_was_cancelled_stays_cancelled(domain: Path) -> None:
    first = Home(domain)
    job = first.start("add", ORDER)
    first.close()
    first.workspace.queue.cancel(job.id)

    second = Home(domain)
    assert second.resume() == []
    second.workers.wait()
    assert second.workspace.queue.get(job.id).state == "cancelled"
    second.close()
