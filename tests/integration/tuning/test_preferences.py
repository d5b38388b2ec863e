"""What people prefer becomes likelier, as another library than ours reads what was learned."""

import math
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from tests.fixtures.plain_model import plain
from tests.fixtures.tuning_rows import ROWS

from lorewright.errors import Cancelled
from lorewright.tuning import Adapter, Preference, PreferenceRecipe, Recipe, Row, check_fit, load_trainer
from lorewright.tuning.trainers.encoding import encode_rows
from lorewright.tuning.trainers.loading import load_tokenizer

pytestmark = pytest.mark.thorough

PREFERENCES = [Preference(row.messages, row.completion, "who knows?") for row in ROWS]
RECIPE = PreferenceRecipe(epochs=8.0, batch_tokens=512, learning_rate=1e-2, beta=0.1)


def train(base: Path, folder: Path, *, init_from: Path | None = None, **more: Any) -> Adapter:
    return load_trainer("transformers").train(
        PREFERENCES[3:],
        validation=PREFERENCES[:3],
        recipe=RECIPE,
        base=base,
        folder=folder,
        init_from=init_from,
        **more,
    )


@pytest.fixture(scope="module")
def preferring(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Adapter:
    return train(base, tmp_path_factory.mktemp("preferring"))


def likelihood(model: Any, base: Path, row: Row) -> float:
    """Return how likely the completion of a row is, in nats."""
    (encoded,) = encode_rows(load_tokenizer(base), [row])
    ids = torch.tensor([encoded.ids])
    with torch.inference_mode():
        said = model(input_ids=ids).logits.log_softmax(-1)[0, :-1]
    return float(said.gather(1, ids[0, 1:, None])[encoded.n_prompt - 1 :].sum())


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # of peft
def test_preferred_answers_become_likelier_than_rejected_ones(base: Path, preferring: Adapter) -> None:
    pair = PREFERENCES[0]  # held out
    preferred, rejected = Row(pair.messages, pair.completion), Row(pair.messages, pair.rejected)
    before = likelihood(plain(base), base, preferred) - likelihood(plain(base), base, rejected)
    tuned = peft.PeftModel.from_pretrained(plain(base), preferring.folder)
    after = likelihood(tuned, base, preferred) - likelihood(tuned, base, rejected)
    assert after > before + 1
    assert likelihood(tuned, base, preferred) > likelihood(plain(base), base, preferred)


def test_before_the_first_step_nothing_is_preferred(preferring: Adapter) -> None:
    assert preferring.metrics.losses[0] == pytest.approx(math.log(2), rel=1e-3)
    assert preferring.metrics.losses[-1] < 0.5
    assert preferring.metrics.validation_loss_before == pytest.approx(math.log(2), rel=1e-3)
    assert preferring.metrics.validation_loss is not None
    assert preferring.metrics.validation_loss < 0.6


def test_the_reference_is_the_adapter_it_starts_from(base: Path, trained: Adapter, tmp_path: Path) -> None:
    again = train(base, tmp_path, init_from=trained.folder)
    assert again.metrics.losses[0] == pytest.approx(math.log(2), rel=1e-3)


def test_a_cancelled_run_goes_on_with_the_same_losses(
    base: Path, preferring: Adapter, tmp_path: Path
) -> None:
    def cancel(done: int, total: int) -> None:
        if done > total / 2:
            raise Cancelled("Enough.")

    with pytest.raises(Cancelled):
        train(base, tmp_path, progress=cancel)
    again = train(base, tmp_path)
    assert again.metrics.losses == pytest.approx(preferring.metrics.losses, rel=1e-3)


def test_both_answers_count_in_what_a_run_takes(base: Path) -> None:
    plenty = 10**12
    alone = check_fit(ROWS, Recipe(), base=base, available_bytes=plenty, min_examples=1)
    both = check_fit(PREFERENCES, Recipe(), base=base, available_bytes=plenty, min_examples=1)
    assert both > alone
