"""From rated runs to a file to learn from, and a model measured on the steps of others."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lorewright.access import LOCAL
from lorewright.agents.fakes import ScriptedDriver
from lorewright.agents.run import run_agent
from lorewright.agents.tools.calculator import calculator_tool
from lorewright.errors import NotFound, PromptTooLong, TooFewExamples
from lorewright.models import Stopped, never
from lorewright.models.fakes import ScriptedEngine
from lorewright.workspace.agents.learning import (
    learn_from_runs,
    lessons_from,
    measure_steps,
    rate_run,
)
from lorewright.workspace.agents.records import ENTRIES, RecordJournal
from lorewright.workspace.agents.runs import RunRequest, find_run, new_run
from lorewright.workspace.collections.files import path_of
from lorewright.workspace.server.server import Server

SETTINGS = '[models]\nembedding = "hashing"\nchat = "file:/models/parrot.gguf"\n'


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    (tmp_path / "lorewright.toml").write_text(SETTINGS)
    with closing(Server(tmp_path, open_one=lambda _key: ScriptedEngine({}, otherwise="Four."))) as server:
        yield server


def worked(server: Server, task: str) -> str:
    """Return the id of a run that calculated once and answered."""
    run = new_run(server, LOCAL, RunRequest(task=task))
    run_agent(
        task,
        driver=ScriptedDriver([[("calculate", {"expression": "2 + 2"})], "It is 4 [1]."]),
        tools=[calculator_tool()],
        journal=RecordJournal(server.records(ENTRIES), run.id),
    )
    return run.id


def test_runs_that_were_rated_good_are_learned_from(server: Server) -> None:
    """What nobody liked, or nobody looked at, is no example."""
    good = [worked(server, f"task {n}") for n in range(12)]
    bad = worked(server, "a task that went wrong")
    for run_id in good:
        rate_run(server, LOCAL, run_id, "up")
    rate_run(server, LOCAL, bad, "down")

    lessons = lessons_from(server, LOCAL)

    assert lessons.n_runs == 12
    assert len(lessons.to_learn) + len(lessons.to_measure) == 24
    assert lessons.to_measure
    assert find_run(server, LOCAL, bad).to_json()["thumb"] == "down"


def test_few_runs_are_too_few(server: Server) -> None:
    """Ten steps teach nobody; whoever rated two runs should read what is missing."""
    run_id = worked(server, "one task")
    with pytest.raises(TooFewExamples, match="10 are needed"):
        lessons_from(server, LOCAL, [run_id])


def test_only_own_runs_are_learned_from(server: Server) -> None:
    """A run holds what its caller could read."""
    run_id = worked(server, "one task")
    key, _ = server.keys.make("other", verbs=("chat", "tune"))
    other = server.keys.find(key.id)
    assert other is not None
    with pytest.raises(NotFound):
        lessons_from(server, other, [run_id])


def test_a_model_is_measured_by_the_steps_it_would_take(server: Server) -> None:
    """A model that answers at once takes the right step at the end, and the wrong one before."""
    lessons = lessons_from(server, LOCAL, [worked(server, f"task {n}") for n in range(12)])

    right = measure_steps(server, LOCAL, "", lessons.to_measure)

    assert sum(right.tool) == len(lessons.to_measure) / 2
    assert sum(right.call) == sum(right.tool)


def test_the_steps_become_a_file_and_a_job(server: Server) -> None:
    """They are tuned on like every other file of chats."""
    lessons = lessons_from(server, LOCAL, [worked(server, f"task {n}") for n in range(12)])

    job = learn_from_runs(server, LOCAL, lessons)
    file = path_of(server, server.records("file").get(job.body["training_file"]))

    rows = [json.loads(line) for line in file.read_text().splitlines()]
    assert len(rows) == len(lessons.to_learn)
    assert rows[0]["messages"][-1]["content"].startswith('{"name": "calculate"')


class Short(ScriptedEngine):
    """An engine for which every prompt is too long."""

    def chat(self, request: Mapping[str, Any], *, stopped: Stopped = never) -> Iterator[dict[str, Any]]:  # noqa: ARG002
        """Raise that."""
        raise PromptTooLong("The prompt has 1507 tokens.")


def test_a_prompt_that_is_too_long_is_a_wrong_step(tmp_path: Path) -> None:
    """A small model that cannot read the step cannot take it; the others are measured all the same."""
    (tmp_path / "lorewright.toml").write_text(SETTINGS)
    with closing(Server(tmp_path, open_one=lambda _key: Short({}))) as server:
        lessons = lessons_from(server, LOCAL, [worked(server, f"task {n}") for n in range(12)])
        right = measure_steps(server, LOCAL, "", lessons.to_measure)

    assert set(right.tool) == set(right.call) == {0.0}
