"""Can this run work at all: asked before anything heavy is loaded."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lorewright.errors import TooFewExamples, TooLittleMemory
from lorewright.tuning.base import BaseFacts, read_base
from lorewright.tuning.recipe import Recipe
from lorewright.tuning.row import Row

# Rough on purpose: what one core does with 16-bit matrices, and how many characters a token has.
_FLOPS_PER_CORE = 4e10
_CHARACTERS_PER_TOKEN = 4.0
_LIBRARIES_BYTES = 700_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take: seconds (rough; the run itself measures and tells) and peak memory."""

    seconds: float
    bytes: int


def check_fit(
    rows: Sequence[Row],
    recipe: Recipe,
    *,
    base: Path,
    available_bytes: int,
    min_examples: int | None = None,
) -> Estimate:
    """Return what tuning on these rows will take, from the base's header alone.

    Raises `TooFewExamples`, `UnfitBase`, or `TooLittleMemory`.
    """
    n_needed = recipe.min_examples if min_examples is None else min_examples
    if len(rows) < n_needed:
        raise TooFewExamples(
            f"There are {len(rows)} examples to learn from; tuning needs {n_needed}.",
            hint="Add examples, lower min_examples under [tuning], or use the rag arm: it needs "
            "documents only.",
        )
    facts = read_base(base)
    estimate = Estimate(_seconds(rows, recipe, facts), _bytes(recipe, facts))
    if estimate.bytes > available_bytes:
        raise TooLittleMemory(
            f"Tuning {base.name} ({facts.n_parameters / 1e6:,.0f} million parameters, recipe "
            f"{recipe.name}) takes about {estimate.bytes / 1e9:.1f} GB; {available_bytes / 1e9:.1f} GB "
            f"are free.",
            hint="Close other programs, name a smaller base under [tuning], or "
            + ("take recipe lora." if recipe.name == "full" else "take recipe lora-last-layers."),
        )
    return estimate


def _seconds(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> float:
    n_characters = sum(
        len(row.completion) + sum(len(turn.content) for turn in row.messages)
        for row in rows[: recipe.max_rows]
    )
    # Forward, and backward through what carries weights to learn; all weights also need their own gradient.
    passes = 2.0 + 2.0 * recipe.layers_share + (2.0 if recipe.name == "full" else 0.0)
    n_tokens = n_characters / _CHARACTERS_PER_TOKEN * recipe.epochs
    return n_tokens * passes * facts.n_parameters / (_FLOPS_PER_CORE * (os.cpu_count() or 1))


def _bytes(recipe: Recipe, facts: BaseFacts) -> int:
    """Return the peak: the base while it is unpacked, or weights, optimiser and activations."""
    per_parameter = 16 if recipe.name == "full" else 4
    n_rows = max(recipe.batch_tokens, recipe.max_row_tokens)
    activations = (
        n_rows * facts.n_layers * (24 * facts.n_hidden + 8 * facts.n_inner) * 4 * recipe.layers_share
    )
    logits = n_rows * facts.n_vocabulary * 4
    unpacking = 10 * facts.n_parameters
    working = per_parameter * facts.n_parameters + activations + logits
    return int(_LIBRARIES_BYTES + max(unpacking, working))
