"""Layers that do not learn see each row once, however many epochs a run has."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.fixtures.tiny_bases import KINDS, save_base
from tests.fixtures.tuning_rows import ROWS
from torch import nn

from lorewright.errors import Cancelled
from lorewright.tuning import Adapter, Recipe
from lorewright.tuning.trainers.encoding import EncodedRow
from lorewright.tuning.trainers.loading import load_model
from lorewright.tuning.trainers.lora import add_lora
from lorewright.tuning.trainers.still_layers import StillLayers
from lorewright.tuning.trainers.supervised import SupervisedObjective, token_losses
from lorewright.tuning.trainers.transformers import TransformersTrainer

pytestmark = pytest.mark.thorough

RECIPE = Recipe(name="lora-last-layers", layers_share=0.5, epochs=4.0, batch_tokens=256, learning_rate=1e-2)
KEEPING = 10**8


def encoded(lengths: tuple[int, ...] = (5, 12, 9)) -> list[EncodedRow]:
    drawn = random.Random(0)
    return [EncodedRow(tuple(drawn.choices(range(3, 60), k=n)), n_prompt=n // 2) for n in lengths]


@pytest.fixture
def model(base: Path) -> nn.Module:
    made = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    add_lora(made, rank=4, alpha=8.0, layers_share=0.5, seed=0)
    return made


@contextmanager
def counted(model: nn.Module) -> Iterator[Counter[str]]:
    """Count the tokens that the lowest and the highest layer compute."""
    seen: Counter[str] = Counter()
    layers = list(model.get_submodule("model.layers").children())

    def counting(name: str) -> Any:
        def count(_: nn.Module, given: tuple[torch.Tensor, ...], named: dict[str, torch.Tensor]) -> None:
            states = given[0] if given else named["hidden_states"]
            seen[name] += states.shape[0] * states.shape[1]

        return count

    with ExitStack() as hooks:
        for name, layer in (("lowest", layers[0]), ("highest", layers[-1])):
            attention = layer.get_submodule("self_attn")
            hook = attention.register_forward_pre_hook(counting(name), with_kwargs=True)
            hooks.callback(hook.remove)
        yield seen


def test_losses_are_those_of_all_layers(model: nn.Module) -> None:
    rows = encoded()
    expected, _ = token_losses(model, rows)
    still = StillLayers(model, rows, batch_tokens=16, most_bytes=KEEPING)

    for batch in (rows, rows[::-1], rows[:2]):
        token_losses(model, batch, still=still)
    losses, _ = token_losses(model, rows, still=still)

    assert torch.allclose(losses, expected, atol=1e-5)


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_base_can_begin_above_its_still_layers(kind: str, tmp_path: Path) -> None:
    """What a layer is given and gives back differs from kind to kind."""
    base = save_base(KINDS[kind], tmp_path)
    made = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    add_lora(made, rank=4, alpha=8.0, layers_share=0.5, seed=0)
    rows = encoded()
    expected, _ = token_losses(made, rows)

    still = StillLayers(made, rows, batch_tokens=16, most_bytes=KEEPING)
    losses, _ = token_losses(made, rows, still=still)

    assert torch.allclose(losses, expected, atol=1e-4)


def test_the_lowest_layer_computes_each_row_once(model: nn.Module) -> None:
    rows = encoded()
    still = StillLayers(model, rows, batch_tokens=16, most_bytes=KEEPING)
    with counted(model) as seen:
        for _ in range(3):
            token_losses(model, rows, still=still)

    assert seen["lowest"] == 5 + 12 + 9
    assert seen["highest"] == 3 * 3 * 12


def test_gradients_are_those_of_all_layers(model: nn.Module) -> None:
    """What is learned must not depend on what is remembered."""
    rows = encoded()
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    plain = torch.autograd.grad(token_losses(model, rows)[0].sum(), learned)

    still = StillLayers(model, rows, batch_tokens=16, most_bytes=KEEPING)
    remembered = torch.autograd.grad(token_losses(model, rows, still=still)[0].sum(), learned)

    for one, other in zip(plain, remembered, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_rows_beyond_the_room_are_computed_every_time(model: nn.Module) -> None:
    rows = encoded()
    expected, _ = token_losses(model, rows)
    still = StillLayers(
        model, rows, batch_tokens=16, most_bytes=1
    )  # one group, whose size is known afterwards

    for _ in range(2):
        losses, _ = token_losses(model, rows, still=still)

    assert torch.allclose(losses, expected, atol=1e-5)


def test_where_all_layers_learn_nothing_is_kept(base: Path) -> None:
    made = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    add_lora(made, rank=4, alpha=8.0, layers_share=1.0, seed=0)
    objective = SupervisedObjective(most_kept_bytes=KEEPING)
    objective.begin(made, encoded(), batch_tokens=256)
    with counted(made) as seen:
        objective.loss(made, encoded())

    assert seen["lowest"] == seen["highest"] == 3 * 12


def test_a_run_that_was_stopped_learns_the_same(base: Path, tmp_path: Path) -> None:
    """What was remembered is gone; computed again in another batch, it must be the same."""

    def cancel(done: int, total: int) -> None:
        if done > total / 2:
            raise Cancelled("Enough.")

    def train(folder: Path, **more: Any) -> Adapter:
        trainer = TransformersTrainer(checkpoint_seconds=0.0)
        return trainer.train(ROWS, validation=ROWS[:3], recipe=RECIPE, base=base, folder=folder, **more)

    whole = train(tmp_path / "whole")
    with pytest.raises(Cancelled):
        train(tmp_path / "stopped", progress=cancel)
    assert train(tmp_path / "stopped").sha256 == whole.sha256
    assert whole.metrics.losses[-1] < 0.8 * whole.metrics.losses[0]


def test_a_run_learns_what_it_would_learn_without(base: Path, tmp_path: Path) -> None:
    kept = TransformersTrainer().train(
        ROWS, validation=[], recipe=RECIPE, base=base, folder=tmp_path / "kept"
    )
    plain = TransformersTrainer(objective=SupervisedObjective()).train(
        ROWS, validation=[], recipe=RECIPE, base=base, folder=tmp_path / "plain"
    )
    assert kept.metrics.losses == pytest.approx(plain.metrics.losses, rel=1e-2)
