"""`lorewright agent` as a user runs it: killed in the middle, waiting for a person, its limit raised."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from tests.fixtures.command_line import Domain, worker_of
from tests.fixtures.upstream import Upstream

pytestmark = pytest.mark.thorough


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture
def agents(domain: Domain, upstream: Upstream) -> Domain:
    """The domain with a driver on another server."""
    domain.write(
        "lorewright.toml",
        f'[models]\nembedding = "hashing"\nchat = "openai:driver@{upstream.url}"\n[agent]\nmode = "model"\n',
    )
    domain.run("add", "--sync")
    return domain


def test_a_killed_run_goes_on_at_its_last_finished_step(agents: Domain, upstream: Upstream) -> None:
    """Nothing that was finished is asked for, or paid for, a second time."""
    upstream.calls("search", '{"query": "leave"}')
    for _ in range(2):  # the second time after the kill
        upstream.says("There are ", "28 days of leave [1].")
    process = agents.start("agent", "How many days of leave are there?", "--json")
    _wait(lambda: len(upstream.requests) == 1)
    upstream.go_on.clear()  # the second answer stops after its first words
    _wait(lambda: len(upstream.requests) == 2)
    os.kill(worker_of(process.pid), signal.SIGKILL)
    upstream.go_on.set()
    printed, told = process.communicate(timeout=120)

    run = json.loads(printed)
    assert (process.returncode, run["state"], run["text"]) == (
        0,
        "finished",
        "There are 28 days of leave.",
    ), told
    assert len(upstream.requests) == 3
    assert [entry["tool"] for entry in run["trace"] if entry["kind"] == "call"] == ["search"]


def test_a_run_waits_for_approval_and_goes_on(agents: Domain, upstream: Upstream) -> None:
    """Nobody sits at the terminal: the command ends, and says how to go on."""
    upstream.calls("write_file", '{"path": "notes.md", "text": "28 days"}')
    upstream.says("Written.")
    waiting = agents.json("agent", "Note the days of leave", "--ask-before", "write_file")

    assert (waiting["state"], waiting["files"]) == ("waiting", [])
    done = agents.json("agent", "--resume", waiting["id"], "--approve")
    assert (done["state"], done["text"], done["files"]) == ("finished", "Written.", ["notes.md"])


def test_a_limit_can_be_raised_afterwards(agents: Domain, upstream: Upstream) -> None:
    """What was found is not lost because the limit was too low."""
    upstream.calls("search", '{"query": "leave"}')
    upstream.says("28 days, as far as I see [1].")  # asked once more for what it has
    process = agents.start("agent", "How many days of leave?", "--budget-steps", "1", "--json")
    printed, _ = process.communicate(timeout=120)
    stopped = json.loads(printed)

    assert (process.returncode, stopped["state"]) == (1, "stopped")
    assert stopped["citations"][0]["document_id"] == "leave.md"
    upstream.says("There are 28 days of leave [1].")
    done = agents.json("agent", "--resume", stopped["id"], "--budget-steps", "5")
    assert (done["state"], done["text"]) == ("finished", "There are 28 days of leave.")


def test_what_is_no_task_is_told_in_a_line(agents: Domain) -> None:
    """Nobody reads a traceback."""
    assert "The task is empty." in agents.run("agent", " ", code=2)
    assert "must be greater than 0" in agents.run("agent", "a", "--budget-steps", "0", code=2)
    assert "No agent run found" in agents.run("agent", "--resume", "run_none", code=2)


def _wait(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, at most a minute."""
    for _ in range(3000):
        if is_so():
            return
        time.sleep(0.02)
    raise TimeoutError
