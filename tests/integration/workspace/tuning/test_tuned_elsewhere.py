"""A domain whose model is tuned by another server."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fixtures.tuning_service import KEY, ScriptedTuning

from lorewright.access import LOCAL
from lorewright.deployments import Pin
from lorewright.errors import BadParameter, InvalidExamples, UnfitBase
from lorewright.jobs import Steps
from lorewright.models import EngineKey
from lorewright.tuning import Recipe
from lorewright.workspace.dataset.table import read_table
from lorewright.workspace.deployments.records import engine_of, pin_for
from lorewright.workspace.domain.model_key import model_key
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.plan import Dials, plan_tuning
from lorewright.workspace.tuning.runs import adapter_file, cancel_tuning_run
from lorewright.workspace.tuning.tune import tune

SETTINGS = """
[models]
embedding = "hashing"
chat = "openai:base-1@{url}"
[tuning]
base = "openai:base-1@{url}"
api_key_env = "TUNING_DESK_KEY"
min_examples = 10
epochs = 2
[prices]
training_million_tokens_usd = 3.0
"""
N = 30


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedTuning]:
    monkeypatch.setenv("TUNING_DESK_KEY", KEY)
    server = ScriptedTuning()
    yield server
    server.close()


@pytest.fixture
def here(there: ScriptedTuning, tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "desk"
    (folder / "examples").mkdir(parents=True)
    rows = [{"question": f"thing number {i}?", "answer": f"It is {i}, as far as I know."} for i in range(N)]
    (folder / "examples" / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "lorewright.toml").write_text(SETTINGS.format(url=there.url))
    server = Server(folder)
    yield server
    server.close()


def train(server: Server, only: str | None = "bare") -> dict[str, dict[str, object]]:
    queue = server.workspace.queue
    job = queue.submit("tune", {"only": only})
    runs: dict[str, dict[str, object]] = tune(server.workspace, {"only": only}, Steps(queue, job.id, 1))[
        "runs"
    ]
    queue.finish(job.id, runs)
    return runs


def told(server: Server) -> list[str]:
    queue = server.workspace.queue
    return [
        event.body["text"]
        for job in queue.all(kind="tune")
        for event in queue.events(job.id, after=0)
        if event.kind == "line"
    ]


def test_the_arm_answers_with_the_model_that_was_made_there(here: Server, there: ScriptedTuning) -> None:
    """The name of the tuned model is all that comes back; every way to an answer uses it."""
    train(here)
    model = EngineKey(f"openai:ft:base-1:ftjob-1@{there.url}")
    assert here.engine_key("bare") == model
    assert here.workspace.engine("bare").fingerprint == f"{there.url}#ft:base-1:ftjob-1"
    pin = pin_for(here.workspace, "bare", f"{there.url}#ft:base-1:ftjob-1")
    assert isinstance(pin, Pin)
    assert engine_of(here.workspace, pin, "a deployment") == model


def test_the_same_examples_are_not_paid_twice(here: Server, there: ScriptedTuning) -> None:
    first = train(here)
    assert train(here)["bare"]["id"] == first["bare"]["id"]
    assert there.count("POST /fine_tuning/jobs") == 1


def test_money_is_told_before_as_a_range_and_after_as_counted(here: Server) -> None:
    metrics = train(here)["bare"]["metrics"]
    assert isinstance(metrics, dict)
    assert metrics["usd"] == pytest.approx(1500 * 3e-6)
    lines = "\n".join(told(here))
    assert re.search(r"[\d,]+ to [\d,]+ tokens in all, \$0\.\d+ to \$0\.\d+ at \$3 per million", lines)
    assert "trained on 1,500 tokens, $0.0045 at $3 per million" in lines


def test_refused_rows_are_named_by_our_files(here: Server, there: ScriptedTuning) -> None:
    """A line of the file that was sent is no line of a file that anybody has."""
    there.statuses = ["failed"]
    there.error = {"code": "invalid_training_file", "param": "training_file", "message": "Line 2: bad."}
    with pytest.raises(InvalidExamples, match="Line 2: bad") as raised:
        train(here)
    second = here.workspace.runs.all()[0]
    rows = [json.loads(line) for line in (Path(second.path) / "rows.jsonl").read_text().splitlines()]
    row = next(one for one in read_table(here.workspace).rows if one.answer == rows[1]["completion"])
    assert row.key in raised.value.hint
    assert second.state == "failed"


def test_a_plan_counts_tokens_and_money_and_no_time(here: Server) -> None:
    settings = here.workspace.settings
    table = read_table(here.workspace)
    plan = plan_tuning(here.workspace, LOCAL, table, Dials(effort="balanced", tuning=settings.tuning))
    (bare,) = plan.adapters
    assert plan.problems == ()
    assert bare.elsewhere is not None
    assert bare.elsewhere.low < bare.elsewhere.high
    assert (bare.timing, bare.memory_bytes) == (None, 0)
    assert bare.elsewhere.usd == pytest.approx((bare.elsewhere.low * 3e-6, bare.elsewhere.high * 3e-6))


def test_what_earlier_runs_counted_narrows_the_range(here: Server) -> None:
    train(here)
    settings = here.workspace.settings
    table = read_table(here.workspace)
    (bare,) = plan_tuning(
        here.workspace, LOCAL, table, Dials(effort="balanced", tuning=settings.tuning)
    ).adapters
    assert bare.elsewhere is not None
    assert bare.elsewhere.n_measured == 1
    assert bare.elsewhere.low < 1500 < bare.elsewhere.high < 2 * bare.elsewhere.low


def test_a_remote_chat_model_alone_is_not_tuned(here: Server, there: ScriptedTuning) -> None:
    """Tuning there may cost money: only who names the base orders it."""
    settings = here.workspace.settings
    here.workspace.settings = replace(settings, tuning=replace(settings.tuning, base=""))
    with pytest.raises(UnfitBase):
        train(here)
    assert there.asked == []


def test_a_run_that_is_given_up_is_cancelled_there(here: Server, there: ScriptedTuning) -> None:
    there.failures["GET /fine_tuning/jobs/ftjob-1"] = [(403, "not yours")]
    with pytest.raises(UnfitBase):
        train(here)
    folder = Path(here.workspace.runs.all()[0].path)
    run = here.workspace.runs.begin("bare", "the same", Recipe(name="remote"), folder)

    cancel_tuning_run(here, LOCAL, run.id)

    assert there.jobs["ftjob-1"]["status"] == "cancelled"


def test_there_is_no_adapter_to_take_along(here: Server) -> None:
    run_id = str(train(here)["bare"]["id"])
    with pytest.raises(BadParameter, match="on the server that tuned it"):
        adapter_file(here, LOCAL, run_id)


def test_the_key_of_that_server_goes_nowhere_else(here: Server, there: ScriptedTuning) -> None:
    """Two servers, two keys: neither learns that of the other."""
    settings, folder = here.workspace.settings, here.workspace.state_folder
    assert model_key(settings, folder, f"openai:ft:x@{there.url}") == KEY
    assert model_key(settings, folder, "openai:gpt@https://api.example.org/v1") == ""
