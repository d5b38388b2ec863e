"""Can this run work at all: asked before anything heavy is loaded."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lorewright.errors import TooFewExamples, TooLittleMemory
from lorewright.tuning.base import BaseFacts, read_base
from lorewright.tuning.recipe import DEFAULT_TRAINER, Recipe
from lorewright.tuning.row import Preference, Row

# Rough on purpose: what one core does with 16-bit matrices, and how many characters a token has.
_FLOPS_PER_CORE = 4e10
_CHARACTERS_PER_TOKEN = 3.5
_LIBRARIES_BYTES = 700_000_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take: seconds (rough; the run itself measures and tells) and peak memory."""

    seconds: float
    bytes: int


def check_enough(n_examples: int, n_needed: int) -> None:
    """Raise `TooFewExamples` where there are fewer than tuning needs: known before a base is fetched."""
    if n_examples < n_needed:
        raise TooFewExamples(
            f"There are {n_examples} examples to learn from; tuning needs {n_needed}.",
            hint="Add examples, lower min_examples under [tuning], or use the rag arm: it needs "
            "documents only.",
        )


def check_fit(
    rows: Sequence[Row],
    recipe: Recipe,
    *,
    base: Path,
    available_bytes: int,
    min_examples: int | None = None,
) -> Estimate:
    """Return what tuning on these rows will take, from the base's header alone.

    Raises `TooFewExamples`, `UnfitBase`, or `TooLittleMemory`; a trainer of a plug-in may need less
    memory than ours, so that one is not held back.
    """
    check_enough(len(rows), recipe.min_examples if min_examples is None else min_examples)
    facts = read_base(base)
    estimate = estimated(rows, recipe, facts)
    if estimate.bytes > available_bytes and recipe.trainer == DEFAULT_TRAINER:
        raise TooLittleMemory(
            f"Tuning {base.name} ({facts.n_parameters / 1e6:,.0f} million parameters, recipe "
            f"{recipe.name}) takes about {estimate.bytes / 1e9:.1f} GB; {available_bytes / 1e9:.1f} GB "
            f"is free.",
            hint="Close other programs, set a smaller base under [tuning], or "
            + ("use recipe lora." if recipe.name == "full" else "use recipe lora-last-layers."),
        )
    return estimate


def estimated(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> Estimate:
    """Return what a run will take, by its rows and the base's header."""
    return Estimate(_seconds(rows, recipe, facts), _bytes(rows, recipe, facts))


def _seconds(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> float:
    # Forward, and backward through what carries weights to learn; all weights also need their own gradient.
    passes = 2.0 + 2.0 * recipe.layers_share + (2.0 if recipe.name == "full" else 0.0)
    n_tokens = sum(_n_tokens(row) for row in rows[: recipe.max_rows]) * recipe.epochs
    return n_tokens * passes * facts.n_parameters / (_FLOPS_PER_CORE * (os.cpu_count() or 1))


def _bytes(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> int:
    """Return the peak: while the base is unpacked, or while a batch is learned."""
    n_longest = max((int(_n_tokens(row)) for row in rows), default=0)
    n_tokens = max(recipe.batch_tokens, min(n_longest, recipe.max_row_tokens))
    kept = 20 * facts.n_hidden + 6 * facts.n_inner  # numbers that a layer keeps per token, 3 bytes on average
    activations = 3.0 * n_tokens * kept * facts.n_layers * recipe.layers_share
    logits = 8.0 * n_tokens * facts.n_vocabulary
    weights = (16 if recipe.name == "full" else 4) * facts.n_parameters
    unpacking = 10.0 * facts.n_parameters
    return int(_LIBRARIES_BYTES + max(unpacking, weights + activations + logits))


def _n_tokens(row: Row) -> float:
    n_prompt = sum(len(turn.content) for turn in row.messages)
    n_characters = n_prompt + len(row.completion)
    if isinstance(row, Preference):  # the prompt is read with each of its answers
        n_characters += n_prompt + len(row.rejected)
    return n_characters / _CHARACTERS_PER_TOKEN
