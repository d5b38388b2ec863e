"""A tuning planned, run on a two-layer model, and what can be done with its runs."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fixtures.tiny_base import write_tiny_gguf
from tests.fixtures.tuning_settings import SETTINGS

from lorewright.access import LOCAL, Caller
from lorewright.errors import InUse, NotAllowed, NotFound
from lorewright.jobs import Steps
from lorewright.tuning import Recipe
from lorewright.workspace.dataset.table import read_table
from lorewright.workspace.domain.settings_file import write_settings
from lorewright.workspace.server.server import Server
from lorewright.workspace.tuning.hour_price import hour_price
from lorewright.workspace.tuning.plan import Dials, TuningPlan, plan_tuning
from lorewright.workspace.tuning.runs import (
    ShownRun,
    adapter_archive,
    adapter_file,
    cancel_tuning_run,
    curve_of,
    find_run,
    list_runs,
    pause_run,
    promote_run,
    resume_run,
)
from lorewright.workspace.tuning.tune import tune

pytestmark = pytest.mark.thorough

READER = Caller(id="r", name="reader", verbs=("read",))


def rows(n: int) -> str:
    return "".join(
        json.dumps({"question": f"thing number {i}?", "answer": f"It is {i}."}) + "\n" for i in range(n)
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A domain with two runs of the bare adapter, the second at another rank."""
    place = tmp_path_factory.mktemp("domain")
    base = write_tiny_gguf(place / "tiny.gguf")
    folder = place / "desk"
    (folder / "examples").mkdir(parents=True)
    (folder / "examples" / "a.jsonl").write_text(rows(40))
    (folder / "lorewright.toml").write_text(SETTINGS.format(base=base))
    server = Server(folder)
    train(server)
    server.workspace.settings = replace(
        server.workspace.settings, tuning=replace(server.workspace.settings.tuning, rank=4)
    )
    train(server)
    server.close()
    return folder


def train(server: Server) -> None:
    queue = server.workspace.queue
    job = queue.submit("tune", {"only": "bare"})
    result = tune(server.workspace, {"only": "bare"}, Steps(queue, job.id, 1))
    queue.finish(job.id, result)


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    server = Server(folder)
    yield server
    server.close()


def finished(server: Server) -> list[ShownRun]:
    return [run for run in list_runs(server, LOCAL) if run.state == "finished"]


def plan(server: Server, **tuning: object) -> TuningPlan:
    settings = server.workspace.settings
    dials = Dials(effort="balanced", tuning=replace(settings.tuning, **tuning))  # type: ignore[arg-type]
    return plan_tuning(server.workspace, LOCAL, read_table(server.workspace), dials)


def test_a_plan_is_timed_by_earlier_runs(server: Server) -> None:
    (bare,) = plan(server).adapters
    assert bare.timing is not None
    assert bare.timing.n_measured == 2
    assert bare.timing.low < bare.timing.seconds < bare.timing.high
    latest = server.workspace.runs.latest("bare")
    assert latest is not None
    assert latest.metrics is not None
    assert bare.timing.tokens == pytest.approx(latest.metrics.n_tokens, rel=0.05)


def test_memory_is_planned_by_what_earlier_runs_took(server: Server) -> None:
    """A plan for numbers of 32 bits was 2.7 times what a run with those of 16 took."""
    latest = server.workspace.runs.latest("bare")
    assert latest is not None
    assert latest.metrics is not None
    low, high = plan(server).memory_range
    assert low < latest.metrics.peak_bytes < high


def test_without_an_earlier_run_memory_is_a_wide_range(server: Server) -> None:
    (full,) = plan(server, recipe="full").adapters
    low, high = full.memory_range
    assert low < 0.5 * full.memory_bytes < full.memory_bytes < high


def test_money_is_told_once_an_hour_has_a_price(server: Server) -> None:
    """Nobody rents our default machine: without a price there is no figure."""
    assert (plan(server).usd, plan(server).hour_usd) == (None, None)
    prices = {"prices.cpu_hour_usd": 0.05, "prices.gpu_hour_usd": 0.05}
    write_settings(server.workspace, prices)
    (bare,) = plan(server).adapters
    assert bare.timing is not None
    assert plan(server).hour_usd == 0.05
    assert plan(server).usd == pytest.approx(bare.timing.seconds / 3600 * 0.05)
    low, high = plan(server).usd_range or (0.0, 0.0)
    assert (low, high) == pytest.approx((bare.timing.low / 3600 * 0.05, bare.timing.high / 3600 * 0.05))
    write_settings(server.workspace, dict.fromkeys(prices))


def test_the_price_of_a_gpu_counts_where_there_is_one(server: Server, tmp_path: Path) -> None:
    write_settings(server.workspace, {"prices.gpu_hour_usd": 3.5})
    (tmp_path / "gpu").touch()
    assert hour_price(server.workspace, gpu=tmp_path / "gpu") == 3.5
    assert hour_price(server.workspace, gpu=tmp_path / "none") is None
    write_settings(server.workspace, {"prices.gpu_hour_usd": None})


def test_three_times_the_epochs_take_three_times_as_long(server: Server) -> None:
    (once,), (thrice,) = plan(server).adapters, plan(server, epochs=3.0).adapters
    assert once.timing is not None
    assert thrice.timing is not None
    assert thrice.timing.seconds == pytest.approx(3 * once.timing.seconds)


def test_runs_on_a_smaller_base_are_scaled_to_this_one(server: Server) -> None:
    """Whoever changed tuning.base to a model twelve times as large was told the time of the small one."""
    (before,) = plan(server).adapters
    smaller = [
        replace(run, metrics=replace(run.metrics, n_base_parameters=run.metrics.n_base_parameters // 12))
        for run in server.workspace.runs.all()
        if run.metrics
    ]
    assert smaller[0].metrics is not None
    assert smaller[0].metrics.n_base_parameters > 0
    server.workspace.runs.all = lambda: smaller  # type: ignore[method-assign]
    (after,) = plan(server).adapters
    assert before.timing is not None
    assert after.timing is not None
    assert after.timing.seconds == pytest.approx(12 * before.timing.seconds, rel=0.01)
    assert after.memory_range[0] < before.memory_range[0]  # what they took says nothing: the plan alone


def test_another_kind_of_recipe_is_timed_roughly(server: Server) -> None:
    (full,) = plan(server, recipe="full").adapters
    assert full.timing is not None
    assert full.timing.n_measured == 0


def test_a_plan_says_what_is_in_its_way(server: Server) -> None:
    assert plan(server).problems == ()
    assert "tuning needs at least 500" in plan(server, min_examples=500).problems[0]


def test_a_base_of_another_server_is_planned_there(server: Server) -> None:
    """What it costs is known before anything leaves this machine."""
    planned = plan(server, base="openai:gpt")
    assert planned.problems == ()
    there = planned.adapters[0].elsewhere
    assert there is not None
    assert 0 < there.low < there.high


def test_only_what_was_turned_changes(server: Server) -> None:
    settings = server.workspace.settings
    dials = Dials(effort="fast", tuning=replace(settings.tuning, rank=8))
    assert dials.changes(settings) == {"effort": "fast", "tuning.rank": 8}


def test_runs_are_listed_with_the_one_in_use(server: Server) -> None:
    second, first = finished(server)
    assert [run.state for run in (second, first)] == ["finished", "finished"]
    assert (second.is_in_use, first.is_in_use, second.run.recipe["rank"]) == (True, False, 4)


def test_a_run_has_its_curve(server: Server) -> None:
    curve = curve_of(finished(server)[0])
    assert len(curve.losses) == curve.n_steps > 0
    assert curve.looks[-1].samples


def test_an_older_run_can_be_used_again(server: Server) -> None:
    second, first = finished(server)
    before = server.engine_key("bare")
    assert promote_run(server, LOCAL, first.run.id).is_in_use
    assert server.engine_key("bare") != before
    promote_run(server, LOCAL, second.run.id)
    assert server.engine_key("bare") == before
    with pytest.raises(NotAllowed):
        promote_run(server, READER, first.run.id)


def test_an_adapter_is_taken_along(server: Server) -> None:
    run_id = finished(server)[0].run.id
    assert adapter_file(server, LOCAL, run_id).name == "adapter.gguf"
    with zipfile.ZipFile(adapter_archive(server, LOCAL, run_id)) as archive:
        assert set(archive.namelist()) >= {"adapter_config.json", "adapter_model.safetensors"}


def test_an_unfinished_run_is_paused_and_can_be_let_go(server: Server, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    run = server.workspace.runs.begin("bare", "half", Recipe(), folder)
    assert find_run(server, LOCAL, run.id).state == "paused"
    with pytest.raises(InUse, match="paused, not running"):
        pause_run(server, LOCAL, run.id)
    assert cancel_tuning_run(server, LOCAL, run.id).state == "cancelled"
    assert not folder.exists()
    with pytest.raises(InUse, match="cancelled, not paused"):
        resume_run(server, LOCAL, run.id)


def test_a_run_that_is_not_there_is_not_found(server: Server) -> None:
    with pytest.raises(NotFound):
        find_run(server, LOCAL, "nothing")


def test_there_is_validation_beside_what_is_held_out(server: Server) -> None:
    material = read_table(server.workspace).material
    parts = [{example.id for example in part} for part in (material.train, material.validation)]
    parts.append({question.id for question in material.questions})
    assert all(parts)
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40
