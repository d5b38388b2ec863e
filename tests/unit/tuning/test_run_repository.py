"""Runs are remembered, and what was trained is not trained again."""

from pathlib import Path

import pytest

from lorewright.errors import InUse
from lorewright.storage import open_database, sqlite_url
from lorewright.tuning import Adapter, Recipe, RunRepository, TrainingMetrics

METRICS = TrainingMetrics(
    losses=(2.0, 1.0),
    step_tokens=(100, 90),
    validation_loss_before=2.5,
    validation_loss=None,
    n_rows=60,
    n_validation_rows=0,
    n_rows_too_long=1,
    n_tokens=190,
    n_completion_tokens=80,
    precision="float32",
    seconds=1.5,
    cpu_seconds=2.5,
    peak_bytes=10**9,
)


@pytest.fixture
def runs(tmp_path: Path) -> RunRepository:
    return RunRepository(open_database(sqlite_url(tmp_path / "lorewright.db")))


def finish(runs: RunRepository, fingerprint: str, path: Path) -> str:
    path.write_bytes(b"GGUF")
    started = runs.begin("bare", fingerprint, Recipe(), path.parent)
    adapter = Adapter(kind="lora", path=path, folder=path.parent, sha256="ab", metrics=METRICS)
    return runs.finish(started, adapter).id


def test_a_finished_run_is_found_with_its_metrics(runs: RunRepository, tmp_path: Path) -> None:
    run_id = finish(runs, "f1", tmp_path / "a.gguf")
    found = runs.find("bare", "f1")
    assert found is not None
    assert (found.id, found.state, found.metrics) == (run_id, "finished", METRICS)
    assert found.path == str(tmp_path / "a.gguf")
    assert found.to_json()["metrics"]["losses"] == [2.0, 1.0]
    assert runs.find("context", "f1") is None
    assert runs.find("bare", "f2") is None


def test_the_latest_adapter_whose_file_is_there_counts(runs: RunRepository, tmp_path: Path) -> None:
    finish(runs, "f1", tmp_path / "a.gguf")
    second = finish(runs, "f2", tmp_path / "b.gguf")
    latest = runs.latest("bare")
    assert latest is not None
    assert latest.id == second
    (tmp_path / "b.gguf").unlink()
    assert runs.find("bare", "f2") is None


def test_an_interrupted_run_is_taken_up_again_and_a_failed_one_is_not(
    runs: RunRepository, tmp_path: Path
) -> None:
    first = runs.begin("bare", "f1", Recipe(), tmp_path)
    assert runs.begin("bare", "f1", Recipe(), tmp_path).id == first.id
    runs.fail(first)
    assert runs.begin("bare", "f1", Recipe(), tmp_path).id != first.id
    assert [run.state for run in runs.all()] == ["running", "failed"]


def test_a_domain_that_is_moved_keeps_its_adapters(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    finish(RunRepository(open_database(sqlite_url(here / "runs.db")), here), "f1", here / "a.gguf")

    here.rename(there)

    found = RunRepository(open_database(sqlite_url(there / "runs.db")), there).latest("bare")
    assert found is not None
    assert found.path == str(there / "a.gguf")


def used(runs: RunRepository) -> str:
    latest = runs.latest("bare")
    return latest.id if latest else ""


def test_a_promoted_run_is_used_until_a_newer_one_finishes(runs: RunRepository, tmp_path: Path) -> None:
    first = finish(runs, "f1", tmp_path / "a.gguf")
    second = finish(runs, "f2", tmp_path / "b.gguf")
    assert used(runs) == second
    runs.promote(first)
    assert used(runs) == first
    third = finish(runs, "f3", tmp_path / "c.gguf")
    assert used(runs) == third


def test_a_promoted_run_whose_file_is_gone_gives_way(runs: RunRepository, tmp_path: Path) -> None:
    first = finish(runs, "f1", tmp_path / "a.gguf")
    second = finish(runs, "f2", tmp_path / "b.gguf")
    runs.promote(first)
    (tmp_path / "a.gguf").unlink()
    assert used(runs) == second


def test_an_unfinished_run_is_not_promoted(runs: RunRepository, tmp_path: Path) -> None:
    started = runs.begin("bare", "f1", Recipe(), tmp_path)
    with pytest.raises(InUse):
        runs.promote(started.id)


def test_a_run_that_was_let_go_is_not_taken_up_again(runs: RunRepository, tmp_path: Path) -> None:
    started = runs.begin("bare", "f1", Recipe(), tmp_path)
    runs.let_go(started)
    assert runs.get(started.id).state == "cancelled"
    assert runs.begin("bare", "f1", Recipe(), tmp_path).id != started.id
