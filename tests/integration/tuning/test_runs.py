"""A run that is stopped, killed or started again."""

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tests.fixtures.tuning_rows import ROWS

from lorewright.errors import Cancelled, OutOfSpace, TooFewExamples, UserError
from lorewright.tuning import Adapter, Recipe, Row, load_trainer
from lorewright.tuning.trainers.checkpoint import Position, read_position, save_checkpoint
from lorewright.tuning.trainers.transformers import TransformersTrainer

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[3]
KILLED = "tests.fixtures.killed_run"


def test_a_killed_run_continues_with_the_same_losses(
    base: Path, recipe: Recipe, trained: Adapter, tmp_path: Path
) -> None:
    """kill -9 at half of the steps; what was saved before is not done again."""
    command = [sys.executable, "-m", KILLED, str(base), str(tmp_path), str(recipe.epochs)]
    killed = subprocess.run(command, cwd=ROOT, check=False)
    assert killed.returncode == -9

    said: list[str] = []
    again = TransformersTrainer().train(
        ROWS, validation=ROWS[:3], recipe=recipe, base=base, folder=tmp_path, say=said.append
    )

    assert said[0].startswith("Continuing at step")
    assert again.metrics.losses == trained.metrics.losses
    assert again.sha256 == trained.sha256
    assert again.metrics.validation_loss_before == trained.metrics.validation_loss_before


def test_a_cancelled_run_keeps_what_it_learned(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done > total / 3:
            raise Cancelled("Enough.")

    trainer, said = load_trainer("transformers"), list[str]()
    with pytest.raises(Cancelled):
        trainer.train(ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path, progress=cancel)
    trainer.train(ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path, say=said.append)
    n_done, n_all = (int(word.strip(".")) for word in said[0].split() if word.strip(".").isdigit())
    assert n_done > n_all / 4


def test_a_finished_run_returns_at_once(base: Path, recipe: Recipe, trained: Adapter) -> None:
    def fail(*_: int) -> None:
        raise AssertionError("trained again")

    folder = trained.path.parent
    again = load_trainer("transformers").train(
        ROWS, validation=ROWS[:3], recipe=recipe, base=base, folder=folder, progress=fail
    )
    assert again == trained
    assert json.loads((folder / "run.json").read_text())["sha256"] == trained.sha256


def test_metrics_say_what_it_took(trained: Adapter) -> None:
    metrics = trained.metrics
    assert metrics.losses[-1] < 0.5 * metrics.losses[0]
    assert metrics.validation_loss_before is not None
    assert metrics.validation_loss is not None
    assert metrics.validation_loss < metrics.validation_loss_before
    assert metrics.n_tokens == sum(metrics.step_tokens) > metrics.n_completion_tokens > 0
    assert metrics.cpu_seconds > 0
    assert metrics.peak_bytes > 10**8


def test_only_the_last_layers_learn(base: Path, tmp_path: Path) -> None:
    recipe = Recipe(name="lora-last-layers", layers_share=0.5, epochs=1)
    adapter = load_trainer("transformers").train(
        ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path
    )
    names = set(load_file(adapter.folder / "adapter_model.safetensors"))
    assert names
    assert all(".layers.1." in name for name in names)


def test_few_rows_are_learned_in_as_many_steps_as_are_wanted(base: Path, tmp_path: Path) -> None:
    trainer = load_trainer("transformers")
    few = trainer.train(
        ROWS, validation=[], recipe=Recipe(epochs=2), base=base, folder=tmp_path / "few"
    ).metrics
    many = trainer.train(
        ROWS, validation=[], recipe=Recipe(epochs=2, least_steps=16), base=base, folder=tmp_path / "many"
    ).metrics
    assert len(few.losses) < 16 <= len(many.losses)
    assert few.n_tokens == many.n_tokens
    assert many.losses[-1] < few.losses[-1]


def test_a_run_can_start_from_another_adapter(base: Path, trained: Adapter, tmp_path: Path) -> None:
    adapter = load_trainer("transformers").train(
        ROWS, validation=[], recipe=Recipe(epochs=1), base=base, folder=tmp_path, init_from=trained.folder
    )
    assert adapter.metrics.losses[0] < 0.5 * trained.metrics.losses[0]


def test_rows_that_are_too_long_are_left_out_and_told(base: Path, tmp_path: Path) -> None:
    trainer, said = load_trainer("transformers"), list[str]()
    long = Row(ROWS[0].messages, "letters " * 100)
    recipe = Recipe(epochs=1, max_row_tokens=128)
    adapter = trainer.train(
        [*ROWS, long], validation=[], recipe=recipe, base=base, folder=tmp_path, say=said.append
    )
    assert adapter.metrics.n_rows_too_long == 1
    assert said[0] == "Skipping 1 of 17 rows with more than 128 tokens."
    with pytest.raises(TooFewExamples, match="All 1 rows are longer than 128 tokens"):
        trainer.train([long], validation=[], recipe=recipe, base=base, folder=tmp_path / "none")


def test_qlora_without_a_gpu_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        load_trainer("transformers").train(
            ROWS, validation=[], recipe=Recipe(name="qlora"), base=base, folder=tmp_path
        )
    assert "CUDA" in str(refused.value)
    assert refused.value.hint


def test_a_run_that_diverges_ends_with_a_clear_line(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    """An adapter full of NaN would answer nothing, after hours."""
    wild = replace(recipe, learning_rate=1e30)

    with pytest.raises(UserError, match=r"diverged at step \d+ of") as raised:
        load_trainer("transformers").train(ROWS, validation=[], recipe=wild, base=base, folder=tmp_path)

    assert "learning_rate" in raised.value.hint
    assert not (tmp_path / "adapter.gguf").exists()


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """Let no file of this process grow larger: what a full disk does, by the kernel itself."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_checkpoint_without_room_is_told_and_the_one_before_stays(tmp_path: Path) -> None:
    """A full disk at the tenth hour must not cost the nine before."""
    weights = {"a": torch.nn.Parameter(torch.ones(64, 64))}
    optimizer = torch.optim.AdamW(weights.values())
    save_checkpoint(tmp_path, Position(key="k", losses=[2.0]), weights, optimizer)

    with files_of_at_most(4096), pytest.raises(OutOfSpace, match="checkpoint at step 2") as raised:
        save_checkpoint(tmp_path, Position(key="k", losses=[2.0, 1.0]), weights, optimizer)

    assert "last checkpoint" in raised.value.hint
    kept = read_position(tmp_path, "k")
    assert kept is not None
    assert kept.losses == [2.0]
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.safetensors"]
