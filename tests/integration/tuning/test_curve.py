"""What a run tells of itself while it goes on."""

from pathlib import Path

import pytest
import torch
from tests.fixtures.tuning_rows import ROWS

from lorewright.errors import Cancelled
from lorewright.tuning import Adapter, Recipe, load_trainer
from lorewright.tuning.curve import Curve, read_curve
from lorewright.tuning.trainers.loading import load_model

pytestmark = pytest.mark.thorough


def test_every_step_of_a_run_is_on_its_curve(trained: Adapter) -> None:
    curve = read_curve(trained.path.parent)
    assert curve.losses == trained.metrics.losses
    assert (curve.n_steps, curve.n_tokens) == (len(curve.losses), trained.metrics.n_tokens)


def test_a_run_is_looked_at_from_its_begin_to_its_end(trained: Adapter) -> None:
    looks = read_curve(trained.path.parent).looks
    assert (looks[0].step, looks[-1].step) == (0, len(trained.metrics.losses))
    assert looks[0].loss == pytest.approx(trained.metrics.validation_loss_before)
    assert looks[-1].loss == pytest.approx(trained.metrics.validation_loss)


def test_samples_show_what_was_learned(trained: Adapter) -> None:
    looks = read_curve(trained.path.parent).looks
    first, last = looks[0].samples, looks[-1].samples
    assert [sample.question for sample in last] == ["the letter a?", "the letter b?"]
    assert all(sample.reply.startswith("in the ") for sample in last)
    assert not any(sample.reply.startswith("in the ") for sample in first)


def test_a_run_that_goes_on_has_every_step_once(base: Path, recipe: Recipe, tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        if done > total / 3:
            raise Cancelled("Enough.")

    trainer = load_trainer("transformers")
    with pytest.raises(Cancelled):
        trainer.train(ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path, progress=cancel)
    assert 0 < len(read_curve(tmp_path).losses) < read_curve(tmp_path).n_steps
    done = trainer.train(ROWS, validation=[], recipe=recipe, base=base, folder=tmp_path)
    assert read_curve(tmp_path).losses == done.metrics.losses


def test_a_half_written_line_is_left_out(trained: Adapter, tmp_path: Path) -> None:
    text = (trained.path.parent / "curve.jsonl").read_text()
    (tmp_path / "curve.jsonl").write_text(text + '{"step": 999, "lo')
    assert read_curve(tmp_path) == read_curve(trained.path.parent)


def test_a_word_after_cached_ones_is_the_word_of_the_whole_row(base: Path) -> None:
    model = load_model(base, dtype=torch.float32, device=torch.device("cpu")).eval()
    ids = torch.tensor([[5, 40, 7, 99, 12, 64, 33]])
    with torch.no_grad():
        whole = model(input_ids=ids, use_cache=False).logits[0, -1]
        seen = model(input_ids=ids[:, :5], use_cache=True).cache
        for place in (5, 6):
            made = model(input_ids=ids[:, place : place + 1], cache=seen, use_cache=True)
            seen = made.cache
    torch.testing.assert_close(made.logits[0, -1], whole)


def test_what_is_left_is_told_by_the_steps_alone() -> None:
    curve = Curve(n_steps=10, losses=(1.0,) * 3, seconds=64.0, seconds_to_first=60.0)
    assert curve.seconds_left == 14.0
    assert Curve(n_steps=10, losses=(1.0,), seconds=60.0, seconds_to_first=60.0).seconds_left is None
