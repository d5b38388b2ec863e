"""A machine whose clock is put back: what was made last stays the newest, and limits still hold."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.fixtures.finished_comparison import made

from lorewright.access.moving_windows import RateLimit, SharedWindows
from lorewright.access.sessions import Sessions
from lorewright.evaluation import ComparisonRepository
from lorewright.jobs import Queue
from lorewright.storage import Database, Records, open_database, sqlite_url
from lorewright.tuning import Adapter, Recipe, RunRepository, TrainingMetrics

Tick = Callable[[float], None]
METRICS = TrainingMetrics(
    losses=(2.0,), step_tokens=(100,), validation_loss_before=None, validation_loss=None, n_rows=60,
    n_validation_rows=0, n_rows_too_long=0, n_tokens=190, n_completion_tokens=80, precision="float32",
    seconds=1.0, cpu_seconds=1.0, peak_bytes=1,
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(sqlite_url(tmp_path / "lorewright.db"))


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Tick:
    """Sets what the clock of the machine says."""
    return lambda seconds: monkeypatch.setattr("time.time", lambda: seconds)


def test_the_job_that_was_ordered_last_is_listed_first(database: Database, at: Tick) -> None:
    queue = Queue(database)
    at(2000.0)
    queue.submit("count", {"n": 1})
    at(1000.0)
    queue.submit("count", {"n": 2})
    assert [job.order["n"] for job in queue.all()] == [2, 1]


def test_a_job_that_runs_is_not_taken_for_dead(database: Database, at: Tick) -> None:
    """Who works at it is told by its process, not by the time."""
    queue = Queue(database)
    at(2000.0)
    job = queue.claim(queue.submit("count", {}).id, os.getpid())
    for moment in (1.0, 1e10):
        at(moment)
        assert queue.is_alive(job)


def test_steps_stay_in_the_order_they_were_done(database: Database, at: Tick) -> None:
    queue = Queue(database)
    job = queue.submit("count", {})
    for moment, name in ((2000.0, "read"), (1000.0, "index")):
        at(moment)
        queue.save_step(job.id, name, "null", attempt=1, seconds=0.1)
    assert [name for name, _, _ in queue.steps(job.id)] == ["read", "index"]


def test_the_comparison_that_was_measured_last_is_the_latest(database: Database) -> None:
    """The advice stands on it."""
    comparisons = ComparisonRepository(database)
    for moment, name in ((2000.0, "first"), (1000.0, "second")):
        comparisons.save(made({"base": lambda _: True}, 2, name=name, at=moment))
    latest = comparisons.latest()
    assert latest is not None
    assert (latest.id, comparisons.ids()) == ("second", ["second", "first"])
    comparisons.save(made({"base": lambda _: False}, 2, name="first", at=3000.0))
    assert comparisons.ids() == ["second", "first"]  # changed, and as old as before


def finish(runs: RunRepository, fingerprint: str, path: Path) -> str:
    path.write_bytes(b"GGUF")
    started = runs.begin("bare", fingerprint, Recipe(), path.parent)
    adapter = Adapter(kind="lora", path=path, folder=path.parent, sha256="ab", metrics=METRICS)
    return runs.finish(started, adapter).id


def test_arms_use_the_adapter_that_was_trained_or_promoted_last(
    database: Database, at: Tick, tmp_path: Path
) -> None:
    runs = RunRepository(database)
    at(2000.0)
    first = finish(runs, "f1", tmp_path / "a.gguf")
    at(1000.0)
    second = finish(runs, "f2", tmp_path / "b.gguf")
    latest = runs.latest("bare")
    assert latest is not None
    assert latest.id == second
    runs.promote(first)
    promoted = runs.latest("bare")
    assert promoted is not None
    assert promoted.id == first
    at(500.0)
    third = finish(runs, "f3", tmp_path / "c.gguf")
    newest = runs.latest("bare")
    assert newest is not None
    assert newest.id == third


def test_versions_and_records_stay_in_the_order_of_their_making(database: Database, at: Tick) -> None:
    records = Records(database, "flow_version")
    for moment, name in ((2000.0, "v1"), (1000.0, "v2")):
        at(moment)
        records.add(name, {}, parent="desk")
    assert [record.id for record in records.all(parent="desk")] == ["v1", "v2"]
    assert [record.id for record in records.page(limit=1).records] == ["v2"]


def test_a_limit_neither_locks_out_nor_lets_everything_through(database: Database) -> None:
    clock = [2000.0]
    windows = SharedWindows(database, clock=lambda: clock[0])
    limit = RateLimit(2)
    assert [windows.hit(limit, "ann") for _ in range(3)] == [True, True, False]
    clock[0] = 1000.0
    assert [windows.hit(limit, "ann") for _ in range(3)] == [True, True, False]


def test_a_session_goes_on_and_still_ends(database: Database, at: Tick) -> None:
    """Nobody is thrown out; a login under a clock that was years ahead is not one for years."""
    sessions = Sessions(database, b"key", lasts_seconds=100)
    at(2000.0)
    token = sessions.begin("ann")
    at(1950.0)
    assert sessions.user_of(token) == "ann"
    for moment in (2101.0, 1000.0):
        at(moment)
        assert sessions.user_of(token) is None
