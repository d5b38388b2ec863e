"""A base that several processes share out (FSDP2): the same adapter, from half of the weights in each."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tests.fixtures.run_processes import kill_one, ranks, wait_until
from tests.fixtures.tiny_bases import KINDS, save_base
from tests.fixtures.tuning_rows import ROWS
from torch import nn
from torch.nn.functional import cosine_similarity

from lorewright.errors import Permanent
from lorewright.settings import Tuning
from lorewright.tuning import Adapter, PreferenceRecipe, RatedRow, Recipe, Row
from lorewright.tuning.curve import read_curve
from lorewright.tuning.record import run_key
from lorewright.tuning.trainers.checkpoint import Position, save_checkpoint
from lorewright.tuning.trainers.loading import load_empty_model, load_model
from lorewright.tuning.trainers.torchrun import TorchrunTrainer
from lorewright.tuning.trainers.transformers import TransformersTrainer

pytestmark = pytest.mark.thorough

SHARDED = Tuning(processes=2, shard="on")
EXACT, ROUNDED = 1e-3, 0.06
"""How much losses of 32 and of 16 bits may differ, as for processes that share batches alone."""


@pytest.fixture(scope="module")
def short(recipe: Recipe) -> Recipe:
    return replace(recipe, epochs=12.0)


def _in_bits(precision: str, folder: Path, recipe: Recipe, base: Path) -> Path:
    """Return the folder of a run that will have this precision: it has a checkpoint of no step."""
    folder.mkdir()
    position = Position(key=run_key(ROWS, ROWS[:3], recipe, base, None), precision=precision)
    save_checkpoint(folder, position, {}, torch.optim.SGD([torch.zeros(1)]))
    return folder


@pytest.fixture(scope="module")
def alone(base: Path, short: Recipe, tmp_path_factory: pytest.TempPathFactory) -> Adapter:
    """The same run in one process, in 32 bits."""
    folder = _in_bits("float32", tmp_path_factory.mktemp("alone") / "run", short, base)
    return TransformersTrainer().train(ROWS, validation=ROWS[:3], recipe=short, base=base, folder=folder)


def test_two_processes_with_half_of_the_base_each_learn_what_one_learns(
    base: Path, short: Recipe, alone: Adapter, tmp_path: Path
) -> None:
    """A base twice as large can be tuned, and nobody has to wonder what sharding did to the adapter."""
    said: list[str] = []
    folder = _in_bits("float32", tmp_path / "run", short, base)
    adapter = TorchrunTrainer(SHARDED).train(
        ROWS, validation=ROWS[:3], recipe=short, base=base, folder=folder, say=said.append
    )

    assert said[0] == "Training in 2 processes, each with a part of the base."
    (held,) = re.findall(r"Each of 2 processes holds (\d+)% of the base's weights", " ".join(said))
    assert int(held) == pytest.approx(100 * _share_to_hold(base), abs=2)
    ours, theirs = adapter.metrics, alone.metrics
    assert (ours.precision, theirs.precision) == ("float32", "float32")
    assert ours.losses == pytest.approx(theirs.losses, rel=EXACT)
    assert ours.validation_loss_before == pytest.approx(theirs.validation_loss_before, rel=EXACT)
    assert ours.validation_loss == pytest.approx(theirs.validation_loss, rel=EXACT)
    curves = [read_curve(path) for path in (folder, alone.path.parent)]
    assert curves[0].looks[-1].samples == curves[1].looks[-1].samples != ()
    _assert_same_weights(adapter, alone, at_least=0.999)
    assert adapter.path.stat().st_size == alone.path.stat().st_size


def test_a_base_of_16_bits_is_sharded_too(base: Path, short: Recipe, tmp_path: Path) -> None:
    """As GPUs and newer processors tune."""
    made = [
        trainer.train(
            ROWS, validation=ROWS[:3], recipe=short, base=base,
            folder=_in_bits("bfloat16", tmp_path / name, short, base),
        )
        for name, trainer in (("one", TransformersTrainer()), ("two", TorchrunTrainer(SHARDED)))
    ]  # fmt: skip
    assert made[1].metrics.precision == "bfloat16"
    assert made[1].metrics.losses == pytest.approx(made[0].metrics.losses, rel=ROUNDED)
    _assert_same_weights(*made, at_least=0.9)


def test_a_sharded_run_goes_on_by_itself_after_a_process_is_killed(
    base: Path, short: Recipe, alone: Adapter, tmp_path: Path
) -> None:
    """The parts of a process that is gone are in the base's file; what was learned is in the checkpoint."""
    said: list[str] = []
    folder = _in_bits("float32", tmp_path / "run", short, base)
    adapter = TorchrunTrainer(SHARDED, checkpoint_seconds=0.0).train(
        ROWS, validation=ROWS[:3], recipe=short, base=base, folder=folder, say=said.append,
        progress=kill_one(folder, times=1),
    )  # fmt: skip

    assert any(line.startswith("Continuing at step") for line in said)
    assert adapter.metrics.losses == pytest.approx(alone.metrics.losses, rel=EXACT)
    assert adapter.metrics.validation_loss == pytest.approx(alone.metrics.validation_loss, rel=EXACT)
    _assert_same_weights(adapter, alone, at_least=0.999)


def test_a_checkpoint_of_a_sharded_run_continues_on_one_large_machine(
    base: Path, short: Recipe, alone: Adapter, tmp_path: Path
) -> None:
    """Nobody is tied to the number of processes that a run began with."""
    folder = _in_bits("float32", tmp_path / "run", short, base)
    with pytest.raises(Permanent, match="killed or failed"):
        TorchrunTrainer(SHARDED, checkpoint_seconds=0.0, max_restarts=0).train(
            ROWS, validation=ROWS[:3], recipe=short, base=base, folder=folder,
            progress=kill_one(folder, times=1),
        )  # fmt: skip
    assert wait_until(lambda: not ranks(folder))

    said: list[str] = []
    adapter = TransformersTrainer().train(
        ROWS, validation=ROWS[:3], recipe=short, base=base, folder=folder, say=said.append
    )
    assert said[0].startswith("Continuing at step")
    assert adapter.metrics.losses == pytest.approx(alone.metrics.losses, rel=EXACT)


def test_batches_with_fewer_rows_than_processes_are_learned_from_a_folder_of_safetensors(
    tmp_path: Path,
) -> None:
    """A process without a row still brings its part of every layer: the other would wait for ever."""
    base = save_base(KINDS["qwen3"], tmp_path / "base")
    rated: list[Row] = [
        RatedRow(row.messages, row.completion, is_good=place % 2 == 0) for place, row in enumerate(ROWS[:5])
    ]
    recipe = PreferenceRecipe(
        name="lora-last-layers", layers_share=0.5, epochs=2.0, batch_tokens=64, learning_rate=1e-3,
        method="kto",
    )  # fmt: skip
    made = [
        trainer.train(rated, validation=rated[:1], recipe=recipe, base=base, folder=tmp_path / name)
        for name, trainer in (("one", TransformersTrainer()), ("two", TorchrunTrainer(SHARDED)))
    ]
    assert len(made[1].metrics.losses) == 10
    assert made[1].metrics.losses == pytest.approx(made[0].metrics.losses, rel=ROUNDED)


def _share_to_hold(base: Path) -> float:
    """Return which share of a base each of two processes must hold: half of the layers, and all else."""
    model = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    n_all, n_layers = (
        sum(weight.numel() for weight in part.parameters())
        for part in (model, model.get_submodule("model.layers"))
    )
    return 1 - n_layers / n_all / 2


def _assert_same_weights(ours: Adapter, theirs: Adapter, *, at_least: float) -> None:
    weights, expected = (load_file(made.folder / "adapter_model.safetensors") for made in (ours, theirs))
    assert weights.keys() == expected.keys()
    for name, weight in expected.items():
        likeness = float(cosine_similarity(weights[name].flatten(), weight.flatten(), dim=0))
        assert likeness > at_least, name


@pytest.mark.parametrize("kind", KINDS)
def test_a_base_without_weights_has_the_places_of_every_weight(kind: str, tmp_path: Path) -> None:
    """The process that reads the base sends its weights and buffers in this order to those that do not."""
    folder = save_base(KINDS[kind], tmp_path)
    cpu, half = torch.device("cpu"), torch.bfloat16
    whole, empty = (load(folder, dtype=half, device=cpu) for load in (load_model, load_empty_model))
    assert _places(empty) == _places(whole)
    assert all(place.is_meta for place in (*empty.parameters(), *empty.buffers()))
    assert not [
        name
        for name, module in empty.named_modules()
        for value in vars(module).values()
        if isinstance(value, torch.Tensor)
    ], "a tensor that is neither weight nor buffer would stay empty"


def _places(model: nn.Module) -> list[object]:
    """Return what is sent: names, shapes and types, and which weights are the same one."""
    weights = list(model.named_parameters(remove_duplicate=False))
    first = {weight: name for name, weight in reversed(weights)}
    sent: list[object] = [(name, weight.shape, weight.dtype, first[weight]) for name, weight in weights]
    return sent + [(name, buffer.shape, buffer.dtype) for name, buffer in model.named_buffers()]
