"""Rows that show the same texts, learned from in one pass."""

from pathlib import Path

import pytest
import torch
from training.reader.shared_prompt import SEPARATOR, SharedLikelihood

from lorewright.messages import Message
from lorewright.tuning import Row
from lorewright.tuning.trainers.loading import load_model, load_tokenizer
from lorewright.tuning.trainers.lora import add_lora
from lorewright.tuning.trainers.objective import Objective
from lorewright.tuning.trainers.supervised import SupervisedObjective

TEXTS = "[1] in the aaa.\n\n[2] in the bbb."
ROWS = [
    Row((Message("user", f"{TEXTS}{SEPARATOR}where is the {letter}?"),), f"in the {letter} [1]")
    for letter in ("a", "bb", "ccc")
]

OBJECTIVES: tuple[Objective, ...] = (SupervisedObjective(), SharedLikelihood())


def test_a_shared_beginning_changes_no_loss_and_no_gradient(base: Path) -> None:
    """A question that saw its neighbour's answer would learn to copy it."""
    model = load_model(base, dtype=torch.float32, device=torch.device("cpu"))
    add_lora(model, rank=4, alpha=8.0, layers_share=1.0, seed=0)
    tokenizer = load_tokenizer(base)
    losses, gradients = [], []
    for objective in OBJECTIVES:
        rows = objective.encode(tokenizer, ROWS)
        objective.begin(model, rows, batch_tokens=0)
        model.zero_grad()
        loss, n = objective.loss(model, rows)
        loss.backward()  # type: ignore[no-untyped-call]
        losses.append((loss.item(), n))
        gradients.append({name: part.grad for name, part in model.named_parameters() if part.requires_grad})

    (alone_loss, n_alone), (shared_loss, n_shared) = losses
    assert n_shared == n_alone
    assert shared_loss == pytest.approx(alone_loss, rel=1e-5)
    for name, alone in gradients[0].items():
        torch.testing.assert_close(gradients[1][name], alone, rtol=1e-3, atol=1e-5)


def test_the_shared_beginning_is_read_once(base: Path) -> None:
    tokenizer = load_tokenizer(base)
    (shared,) = SharedLikelihood().encode(tokenizer, ROWS)
    alone = SupervisedObjective().encode(tokenizer, ROWS)
    assert shared.n_completion == sum(row.n_completion for row in alone)
    assert shared.n_tokens == sum(row.n_tokens for row in alone) - 2 * len(shared.beginning)
    assert shared.n_longest == max(row.n_tokens for row in alone)
