"""A tuning planned, run on a two-layer model, and what can be done with its runs."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.tuning.tiny_base import write_tiny_gguf

from lorewright.access import LOCAL, Key
from lorewright.errors import InUse, NotAllowed, NotFound
from lorewright.jobs import Steps
from lorewright.tuning import Recipe
from lorewright.workspace.data_table import read_table
from lorewright.workspace.home import Home
from lorewright.workspace.hour_price import hour_price
from lorewright.workspace.settings_file import change_settings
from lorewright.workspace.tune import tune
from lorewright.workspace.tuning_plan import Dials, TuningPlan, plan_tuning
from lorewright.workspace.tuning_runs import (
    ShownRun,
    adapter_archive,
    adapter_file,
    curve_of,
    find_run,
    let_go_of_run,
    list_runs,
    pause_run,
    promote_run,
    resume_run,
)

READER = Key(id="r", name="reader", verbs=("read",))
SETTINGS = """
[models]
embedding = "hashing"
chat = "file:{base}"
[tuning]
min_examples = 10
epochs = 1
"""


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
    home = Home(folder)
    train(home)
    home.workspace.settings = replace(
        home.workspace.settings, tuning=replace(home.workspace.settings.tuning, rank=4)
    )
    train(home)
    home.close()
    return folder


def train(home: Home) -> None:
    queue = home.workspace.queue
    job = queue.submit("tune", {"only": "bare"})
    result = tune(home.workspace, {"only": "bare"}, Steps(queue, job.id, 1))
    queue.finish(job.id, result)


@pytest.fixture
def home(folder: Path) -> Iterator[Home]:
    home = Home(folder)
    yield home
    home.close()


def finished(home: Home) -> list[ShownRun]:
    return [run for run in list_runs(home, LOCAL) if run.state == "finished"]


def plan(home: Home, **tuning: object) -> TuningPlan:
    settings = home.workspace.settings
    dials = Dials(effort="balanced", tuning=replace(settings.tuning, **tuning))  # type: ignore[arg-type]
    return plan_tuning(home.workspace, read_table(home.workspace), dials)


def test_a_plan_is_timed_by_earlier_runs(home: Home) -> None:
    (bare,) = plan(home).adapters
    assert bare.timing is not None
    assert bare.timing.n_measured == 2
    assert bare.timing.low < bare.timing.seconds < bare.timing.high
    latest = home.workspace.runs.latest("bare")
    assert latest is not None
    assert latest.metrics is not None
    assert bare.timing.tokens == pytest.approx(latest.metrics.n_tokens, rel=0.05)


def test_money_is_told_once_an_hour_has_a_price(home: Home) -> None:
    """Nobody rents our default machine: without a price there is no figure."""
    assert (plan(home).usd, plan(home).hour_usd) == (None, None)
    prices = {"prices.cpu_hour_usd": 0.05, "prices.gpu_hour_usd": 0.05}
    change_settings(home.workspace, prices)
    (bare,) = plan(home).adapters
    assert bare.timing is not None
    assert plan(home).hour_usd == 0.05
    assert plan(home).usd == pytest.approx(bare.timing.seconds / 3600 * 0.05)
    change_settings(home.workspace, dict.fromkeys(prices))


def test_the_price_of_a_gpu_counts_where_there_is_one(home: Home, tmp_path: Path) -> None:
    change_settings(home.workspace, {"prices.gpu_hour_usd": 3.5})
    (tmp_path / "gpu").touch()
    assert hour_price(home.workspace, gpu=tmp_path / "gpu") == 3.5
    assert hour_price(home.workspace, gpu=tmp_path / "none") is None
    change_settings(home.workspace, {"prices.gpu_hour_usd": None})


def test_three_times_the_epochs_take_three_times_as_long(home: Home) -> None:
    (once,), (thrice,) = plan(home).adapters, plan(home, epochs=3.0).adapters
    assert once.timing is not None
    assert thrice.timing is not None
    assert thrice.timing.seconds == pytest.approx(3 * once.timing.seconds)


def test_another_kind_of_recipe_is_timed_roughly(home: Home) -> None:
    (full,) = plan(home, recipe="full").adapters
    assert full.timing is not None
    assert full.timing.n_measured == 0


def test_a_plan_says_what_is_in_its_way(home: Home) -> None:
    assert plan(home).problems == ()
    assert "tuning needs 500" in plan(home, min_examples=500).problems[0]
    assert "runs elsewhere" in plan(home, base="openai:gpt").problems[0]


def test_only_what_was_turned_changes(home: Home) -> None:
    settings = home.workspace.settings
    dials = Dials(effort="fast", tuning=replace(settings.tuning, rank=8))
    assert dials.changes(settings) == {"effort": "fast", "tuning.rank": 8}


def test_runs_are_listed_with_the_one_in_use(home: Home) -> None:
    second, first = finished(home)
    assert [run.state for run in (second, first)] == ["finished", "finished"]
    assert (second.is_in_use, first.is_in_use, second.run.recipe["rank"]) == (True, False, 4)


def test_a_run_has_its_curve(home: Home) -> None:
    curve = curve_of(finished(home)[0])
    assert len(curve.losses) == curve.n_steps > 0
    assert curve.looks[-1].samples


def test_an_older_run_can_be_used_again(home: Home) -> None:
    second, first = finished(home)
    before = home.engine_key("bare")
    assert promote_run(home, LOCAL, first.run.id).is_in_use
    assert home.engine_key("bare") != before
    promote_run(home, LOCAL, second.run.id)
    assert home.engine_key("bare") == before
    with pytest.raises(NotAllowed):
        promote_run(home, READER, first.run.id)


def test_an_adapter_is_taken_along(home: Home) -> None:
    run_id = finished(home)[0].run.id
    assert adapter_file(home, LOCAL, run_id).name == "adapter.gguf"
    with zipfile.ZipFile(adapter_archive(home, LOCAL, run_id)) as archive:
        assert set(archive.namelist()) >= {"adapter_config.json", "adapter_model.safetensors"}


def test_an_unfinished_run_is_paused_and_can_be_let_go(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "half"
    folder.mkdir()
    run = home.workspace.runs.begin("bare", "half", Recipe(), folder)
    assert find_run(home, LOCAL, run.id).state == "paused"
    with pytest.raises(InUse, match="paused, not running"):
        pause_run(home, LOCAL, run.id)
    assert let_go_of_run(home, LOCAL, run.id).state == "cancelled"
    assert not folder.exists()
    with pytest.raises(InUse, match="cancelled, not paused"):
        resume_run(home, LOCAL, run.id)


def test_a_run_that_is_not_there_is_not_found(home: Home) -> None:
    with pytest.raises(NotFound):
        find_run(home, LOCAL, "nothing")


def test_there_is_validation_beside_what_is_held_out(home: Home) -> None:
    material = read_table(home.workspace).material
    parts = [{example.id for example in part} for part in (material.train, material.validation)]
    parts.append({question.id for question in material.questions})
    assert all(parts)
    assert sum(map(len, parts)) == len(set.union(*parts)) == 40
