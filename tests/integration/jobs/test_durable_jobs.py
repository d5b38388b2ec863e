"""Work that survives whatever happens to its process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lorewright.jobs import Event, Job, Queue, StayingWorker, follow, stop, worker_process
from lorewright.jobs.process import is_running, start_time
from lorewright.jobs.worker import JobProcess
from lorewright.settings import child_environment
from lorewright.storage import open_database, sqlite_url

pytestmark = pytest.mark.thorough

WORKER = Path(__file__).parents[2] / "fixtures" / "job_work.py"


class Desk:
    """A database with a queue, and a way to run what is in it."""

    def __init__(self, folder: Path) -> None:
        self.url = sqlite_url(folder / "jobs.db")
        self.database = open_database(self.url)
        self.queue = Queue(self.database)
        self.log = folder / "log"

    def submit(self, **order: object) -> Job:
        return self.queue.submit("count", {"log": str(self.log), **order})

    def run(self, job: Job) -> list[Event]:
        return list(follow(self.queue, job, self.start, log=self.log.with_suffix(".txt")))

    def start(self, job_id: str) -> JobProcess:
        command = [sys.executable, str(WORKER), self.url]
        log = self.log.with_suffix(".txt")
        return worker_process(command, environment=child_environment(), log=log)(job_id)

    @contextmanager
    def staying(self) -> Iterator[StayingWorker]:
        command = [sys.executable, str(WORKER), self.url]
        log = self.log.with_suffix(".txt")
        worker = StayingWorker(command, environment=child_environment(), log=log)
        yield worker
        worker.close()

    def pids(self) -> list[int]:
        return [int(line) for line in self.log.with_suffix(".pids").read_text().split()]

    def done(self) -> list[int]:
        return [int(line) for line in self.log.read_text().split()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_job_is_done_step_by_step_and_tells_how_far_it_is(desk: Desk) -> None:
    job = desk.submit()
    events = desk.run(job)
    assert desk.queue.get(job.id).result == [1, 2, 3]
    assert events[-1].body == {"label": "counting", "done": 3, "total": 3}


def test_a_killed_worker_is_replaced_and_repeats_no_finished_step(desk: Desk) -> None:
    """`kill -9` in the middle of step 2: step 1 is not done again, step 2 is."""
    job = desk.submit(die_at=2)
    desk.run(job)
    found = desk.queue.get(job.id)
    assert (found.state, found.result, found.attempt) == ("finished", [1, 2, 3], 2)
    assert desk.done() == [1, 2, 2, 3]


def test_an_error_is_told_and_the_next_call_continues(desk: Desk) -> None:
    job = desk.submit(fail_at=3)
    desk.run(job)
    failed = desk.queue.get(job.id)
    assert failed.state == "failed"
    assert failed.error == {"type": "TooFewExamples", "message": "Only 3 examples.", "hint": "Add some."}

    again = desk.submit(fail_at=3)
    desk.run(again)
    assert again.id == job.id
    assert desk.done() == [1, 2, 3, 3]


def test_cancelling_ends_the_process_and_keeps_what_is_finished(desk: Desk) -> None:
    job = desk.submit(hang_at=2)
    for event in follow(desk.queue, job, desk.start, log=desk.log.with_suffix(".txt")):
        if event.body["done"] == 1:
            stopped = stop(desk.queue, job)
            break
    assert stopped.state == "cancelled"
    assert not desk.queue.is_alive(desk.queue.get(job.id))
    assert [name for name, _, _ in desk.queue.steps(job.id)] == ["step 1"]


def test_a_finished_order_given_again_is_a_new_job(desk: Desk) -> None:
    first = desk.submit()
    desk.run(first)
    assert desk.submit().id != first.id


def test_a_worker_that_stays_does_one_job_after_the_other(desk: Desk) -> None:
    """Adding a page must not load everything again that adding the last one has loaded."""
    jobs = [desk.submit(turn=turn) for turn in range(2)]
    with desk.staying() as worker:
        for job in jobs:
            list(follow(desk.queue, job, worker.start, log=desk.log))
        first, second = desk.pids()
        started = start_time(first)
        is_there = is_running(first, started)

    assert [desk.queue.get(job.id).state for job in jobs] == ["finished"] * 2
    assert first == second
    assert is_there
    assert not is_running(first, started)


def test_a_job_goes_on_when_the_worker_that_stays_is_killed(desk: Desk) -> None:
    job = desk.submit(die_at=2)
    with desk.staying() as worker:
        list(follow(desk.queue, job, worker.start, log=desk.log))

    assert desk.queue.get(job.id).state == "finished"
    assert desk.done() == [1, 2, 2, 3]
    assert len(set(desk.pids())) == 2


def test_cancelling_a_job_that_is_over_does_not_end_the_next_one(desk: Desk) -> None:
    """The worker of the one is at the other by now."""
    first, second = desk.submit(turn=1), desk.submit(turn=2)
    with desk.staying() as worker:
        list(follow(desk.queue, first, worker.start, log=desk.log))
        for event in follow(desk.queue, second, worker.start, log=desk.log):
            if event.kind == "progress":
                stop(desk.queue, first)

    assert desk.queue.get(second.id).state == "finished"
    assert len(set(desk.pids())) == 1
