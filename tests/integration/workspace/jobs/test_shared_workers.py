"""Jobs that several servers and workers share: each done once, by whom it fits, also when one dies."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fixtures.postgres import PostgresServer, sqlite_only

from lorewright.errors import InvalidSetting
from lorewright.jobs import LEASE_SECONDS
from lorewright.settings import Settings, Tuning, child_environment
from lorewright.storage import Records
from lorewright.workspace import Workspace
from lorewright.workspace.jobs.hosts import Host, Hosts, fits, read_abilities, this_process
from lorewright.workspace.jobs.shared_runner import SharedWorkers
from lorewright.workspace.server.server import Server

pytestmark = [pytest.mark.thorough, sqlite_only]

ORDER = {"paths": [], "is_sync": True}
WORKER = Host(id="worker", place="elsewhere")
GPU = Host(id="gpu", gpu="H200", place="elsewhere")
SERVER = Host(id="server", is_server=True)


@pytest.fixture
def domain(tmp_path: Path, postgres: PostgresServer, request: pytest.FixtureRequest) -> Path:
    """A domain on PostgreSQL."""
    name = f"w{abs(hash(request.node.nodeid))}"
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "leave.md").write_text("# Leave\n\n28 days a year.\n")
    url = postgres.make(name)
    (tmp_path / "lorewright.toml").write_text(f'[models]\nembedding = "hashing"\n[storage]\nurl = "{url}"\n')
    return tmp_path


@pytest.fixture
def workspace(domain: Path) -> Iterator[Workspace]:
    with Workspace(domain) as workspace:
        yield workspace


def command(domain: Path, *words: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "lorewright.cli", *words, "--json"], cwd=domain, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=child_environment(), start_new_session=True,
    )  # fmt: skip


def until(condition: object, seconds: float = 120.0) -> None:
    """Wait for something that happens in another process."""
    assert callable(condition)
    for _ in range(int(seconds / 0.05)):
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_server_does_the_jobs_where_there_is_no_worker(domain: Path) -> None:
    server = Server(domain)
    job = server.start("add", ORDER)
    server.workers.wait()
    assert server.workspace.queue.get(job.id).result["n_new"] == 1
    assert Records(server.workspace.database, "job_host").count() == 1
    server.close()


def test_a_worker_takes_what_a_server_was_asked_for_and_stops_in_order(
    domain: Path, workspace: Workspace
) -> None:
    worker = command(domain, "worker", "--can", "embed")
    until(lambda: Hosts(workspace.database).all())
    server = Server(domain)
    job = server.start("add", ORDER)
    until(lambda: workspace.queue.get(job.id).is_over)
    took = workspace.queue.get(job.id)
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=60)
    server.close()

    assert took.result["n_new"] == 1
    assert worker.returncode == 0
    assert Hosts(workspace.database).all() == []


def test_a_killed_workers_job_goes_on_elsewhere_at_its_last_finished_step(workspace: Workspace) -> None:
    """`kill -9` of everything on one host, in the middle of a job: within its lease another one takes it."""
    job = SharedWorkers(workspace, this_process(), is_seeing_to=False).start("add", ORDER)
    claimed = workspace.queue.claim(job.id, 2**22 + 1)
    workspace.queue.save_step(job.id, "done before", "1", attempt=claimed.attempt, seconds=1.0)
    with workspace.database.write() as connection:
        connection.exec_driver_sql("UPDATE job SET host = 'another host'")
    other = SharedWorkers(workspace, this_process())
    other.resume()
    time.sleep(1.0)
    assert workspace.queue.get(job.id).attempt == 1  # it may live: its lease goes on
    with workspace.database.write() as connection:
        connection.exec_driver_sql(f"UPDATE job SET lease_until = lease_until - {LEASE_SECONDS}")
    until(lambda: workspace.queue.get(job.id).is_over)
    other.wait()
    other.close()

    done = workspace.queue.get(job.id)
    assert (done.state, done.attempt) == ("finished", 2)
    names = [name for name, _, _ in workspace.queue.steps(job.id)]
    assert names[0] == "done before"
    assert len(set(names)) == len(names)


def test_a_cancelled_job_ends_its_worker_on_another_host(workspace: Workspace) -> None:
    """The other host hears of it with its next heartbeat, and ends what it started."""
    from lorewright.jobs.worker import perform

    job = workspace.queue.submit("add", ORDER)
    lost = list[bool]()

    def work(_order: object, _steps: object) -> None:
        workspace.queue.cancel(job.id)
        until(lambda: lost, 30)

    perform(workspace.queue, job.id, {"add": work}, lost=lambda: lost.append(True))
    assert workspace.queue.get(job.id).state == "cancelled"


def test_each_of_many_jobs_is_done_once_by_two_workers(domain: Path, workspace: Workspace) -> None:
    taking = SharedWorkers(workspace, this_process(), is_seeing_to=False)
    with Workspace(domain) as other:
        ones = [SharedWorkers(each, Host(id=f"w{n}")) for n, each in enumerate((workspace, other))]
        jobs = [taking.start("add", {"paths": [], "is_sync": True, "turn": turn}) for turn in range(6)]
        for one in ones:
            one.resume()
        ones[0].wait()
        for one in ones:
            one.close()

    done = [workspace.queue.get(job.id) for job in jobs]
    assert [job.state for job in done] == ["finished"] * 6
    assert [job.attempt for job in done] == [1] * 6


def test_a_host_whose_disk_is_full_is_named_and_leaves_jobs_to_others(
    domain: Path, workspace: Workspace
) -> None:
    """It fails faster than others work, so it would take every job and fail all of them."""
    taking = SharedWorkers(workspace, this_process(), is_seeing_to=False)
    jobs = [taking.start("add", {"paths": [], "is_sync": True, "turn": turn}) for turn in range(3)]
    no_room = {"add": lambda *_: Path("/dev/full").write_text("a page")}
    full = SharedWorkers(workspace, Host(id="full", can=("embed",)), here=no_room)
    full.resume()
    until(lambda: any(workspace.queue.get(job.id).is_over for job in jobs))
    time.sleep(1.5)  # it looks twice a second
    states = sorted(workspace.queue.get(job.id).state for job in jobs)
    (failed,) = (job for job in jobs if workspace.queue.get(job.id).is_over)

    assert states == ["failed", "queued", "queued"]
    error = workspace.queue.get(failed.id).error
    assert error["message"] == f"The disk is full on {platform.node()}."
    assert "there" in error["hint"]

    with Workspace(domain) as elsewhere:
        other = SharedWorkers(elsewhere, this_process())
        assert other.start("add", failed.order).id == failed.id
        other.wait()
        other.close()
    full.close()
    assert [workspace.queue.get(job.id).state for job in jobs] == ["finished"] * 3


@pytest.mark.parametrize(
    ("kind", "host", "others", "recipe", "takes"),
    [
        ("tune", SERVER, [], "lora", True),
        ("tune", SERVER, [WORKER], "lora", False),
        ("tune", WORKER, [SERVER], "lora", True),
        ("tune", WORKER, [GPU], "lora", False),
        ("add", WORKER, [GPU], "lora", True),
        ("tune", GPU, [WORKER], "qlora", True),
        ("tune", WORKER, [], "qlora", False),
        ("compare", Host(id="e", can=("embed",)), [], "lora", False),
        ("add", SERVER, [Host(id="t", can=("tune",))], "lora", True),
    ],
)
def test_jobs_go_where_they_fit(kind: str, host: Host, others: list[Host], recipe: str, takes: bool) -> None:
    settings = Settings(tuning=Tuning(recipe=recipe))  # type: ignore[arg-type]
    assert fits(kind, host, others, settings) is takes


def test_what_nobody_can_is_refused_by_name() -> None:
    assert read_abilities("embed, tune") == ("embed", "tune")
    assert read_abilities("none") == ()
    with pytest.raises(InvalidSetting, match="'paint'"):
        read_abilities("embed,paint")


def test_a_worker_for_sqlite_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "lorewright.toml").write_text("")
    told = subprocess.run(
        [sys.executable, "-m", "lorewright.cli", "worker"], cwd=tmp_path, text=True, capture_output=True,
        env=child_environment(), check=False,
    )  # fmt: skip
    assert told.returncode == 2
    assert "lorewright move --to URL" in told.stderr


def test_pids_of_other_containers_mean_nothing_here(workspace: Workspace) -> None:
    """A job of a dead host, whose pid somebody else has here: it is neither alive, nor is that one ended."""
    job = workspace.queue.claim(workspace.queue.submit("add", ORDER).id, os.getpid())
    with workspace.database.write() as connection:
        connection.exec_driver_sql("UPDATE job SET host = 'another host', lease_until = 1.0")
    found = workspace.queue.get(job.id)
    assert not workspace.queue.is_alive(found)
    assert workspace.queue.cancel(job.id).state == "cancelled"
