"""What people prefer becomes likelier, as another library than ours reads what was learned."""

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from tests.fixtures.plain_model import plain
from tests.fixtures.tuning_rows import ROWS

from lorewright.errors import Cancelled, UserError
from lorewright.tuning import (
    Adapter,
    Preference,
    PreferenceRecipe,
    RatedRow,
    Recipe,
    Row,
    check_fit,
    load_trainer,
)
from lorewright.tuning.recipe import PreferenceMethod
from lorewright.tuning.trainers.encoding import encode_rows
from lorewright.tuning.trainers.kto import RatingObjective
from lorewright.tuning.trainers.loading import load_tokenizer
from lorewright.tuning.trainers.orpo import OddsRatioObjective

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


RATED = [
    rated
    for pair in PREFERENCES
    for rated in (
        RatedRow(pair.messages, pair.completion, is_good=True),
        RatedRow(pair.messages, pair.rejected, is_good=False),
    )
]


def train_by(method: PreferenceMethod, base: Path, folder: Path, **more: Any) -> Adapter:
    """Train with a method, the first three prompts held out."""
    rows: list[Row] = [*RATED[6:]] if method == "kto" else [*PREFERENCES[3:]]
    held_out: list[Row] = [*RATED[:6]] if method == "kto" else [*PREFERENCES[:3]]
    recipe = replace(RECIPE, method=method, **more)
    return load_trainer("transformers").train(
        rows, validation=held_out, recipe=recipe, base=base, folder=folder
    )


@pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # of peft
@pytest.mark.parametrize(("method", "first_loss"), [("kto", 0.5), ("orpo", None)])
def test_each_method_makes_good_answers_likelier_than_bad_ones(
    method: PreferenceMethod, first_loss: float | None, base: Path, tmp_path: Path
) -> None:
    adapter = train_by(method, base, tmp_path)
    pair = PREFERENCES[0]  # held out
    good, bad = Row(pair.messages, pair.completion), Row(pair.messages, pair.rejected)
    before = likelihood(plain(base), base, good) - likelihood(plain(base), base, bad)
    tuned = peft.PeftModel.from_pretrained(plain(base), adapter.folder)
    after = likelihood(tuned, base, good) - likelihood(tuned, base, bad)
    assert after > before + 1
    losses = adapter.metrics.losses
    assert losses[-1] < losses[0]
    if first_loss is not None:
        assert losses[0] == pytest.approx(first_loss, rel=1e-3)


@pytest.mark.parametrize("method", ["kto", "orpo"])
def test_a_run_that_diverges_says_so(method: PreferenceMethod, base: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no longer a number"):
        train_by(method, base, tmp_path, learning_rate=1e30)


def test_the_rarer_side_of_ratings_counts_more(base: Path) -> None:
    """Three thumbs up for one down must not drown it."""
    objective, model = RatingObjective(0.1), plain(base)
    encoded = objective.encode(load_tokenizer(base), [*RATED[0:6:2], RATED[1]])
    objective.begin(model, encoded, batch_tokens=512)
    with torch.no_grad():
        (good, n), (bad, _) = objective.loss(model, encoded[:3]), objective.loss(model, encoded[3:])
    assert n == 3
    assert bad.item() == pytest.approx(good.item(), rel=1e-3)


def test_the_odds_between_two_answers_are_part_of_the_loss(base: Path) -> None:
    """Without a reference, they are all that keeps the rejected answer from becoming likely, too."""
    model, (row, *_) = plain(base), PREFERENCES
    turned = Preference(row.messages, row.rejected, row.completion)
    with torch.no_grad():
        means = []
        for pair in (row, turned):
            objective = OddsRatioObjective(0.0)
            loss, n = objective.loss(model, objective.encode(load_tokenizer(base), [pair]))
            means.append(-loss.item() / n)
        objective = OddsRatioObjective(2.0)
        whole, _ = objective.loss(model, objective.encode(load_tokenizer(base), [row]))
    odds = [mean - math.log1p(-math.exp(mean)) for mean in means]
    assert whole.item() == pytest.approx(-means[0] + 2 * math.log1p(math.exp(odds[1] - odds[0])), rel=1e-3)


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
