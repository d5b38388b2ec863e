"""Can this run work at all: asked before anything heavy is loaded."""

from collections.abc import Sequence
from pathlib import Path

from lorewright.errors import TooFewExamples, TooLittleMemory
from lorewright.tuning.base import BaseFacts, read_base
from lorewright.tuning.recipe import DEFAULT_TRAINER, Recipe
from lorewright.tuning.row import Row
from lorewright.tuning.timing import CHARACTERS_PER_TOKEN

PLAIN_ATTENTION_TOKENS = 512
"""The longest row whose attention is computed as plain products, which keep every score."""
_LIBRARIES_BYTES = 700_000_000
_BYTES_PER_NUMBER = 4.0
_N_SCORES_KEPT = 1.25
"""Two runs of the default model: 4.87 GB with numbers of 32 bits, planned 4.9; 1.82 GB with those of 16."""


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
    n_processes: int = 1,
) -> int:
    """Return the memory that tuning on these rows takes, in bytes, from the base's header alone.

    Each of `n_processes` on this machine takes as much as one. Raises `TooFewExamples`, `UnfitBase`,
    or `TooLittleMemory`; a trainer of a plug-in may need less memory than ours, so that one is not held back.
    """
    check_enough(len(rows), recipe.min_examples if min_examples is None else min_examples)
    facts = read_base(base)
    needed = n_processes * needed_bytes(rows, recipe, facts)
    if needed > available_bytes and recipe.trainer == DEFAULT_TRAINER:
        raise TooLittleMemory(
            f"Tuning {base.name} ({facts.n_parameters / 1e6:,.0f} million parameters, recipe "
            f"{recipe.name}) takes about {needed / 1e9:.1f} GB; {available_bytes / 1e9:.1f} GB "
            f"is free.",
            hint="Close other programs, set a smaller base under [tuning], or "
            + ("use recipe lora." if recipe.name == "full" else "use recipe lora-last-layers."),
        )
    return needed


def needed_bytes(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> int:
    """Return the peak of memory: while the base is unpacked, or while a batch is learned."""
    n_longest = min(max((int(_n_tokens(row)) for row in rows), default=0), recipe.max_row_tokens)
    n_tokens = max(recipe.batch_tokens, n_longest)
    n_scored = min(n_longest, PLAIN_ATTENTION_TOKENS)
    kept: float = 20 * facts.n_hidden + 6 * facts.n_inner  # numbers that a layer keeps per token
    kept += (
        _N_SCORES_KEPT * facts.n_heads * n_scored
    )  # and of its attention: what each token takes from others
    activations = _BYTES_PER_NUMBER * n_tokens * kept * facts.n_layers * recipe.layers_share
    logits = 8.0 * n_tokens * facts.n_vocabulary
    weights = (16 if recipe.name == "full" else 4) * facts.n_parameters
    unpacking = 10.0 * facts.n_parameters
    return int(_LIBRARIES_BYTES + max(unpacking, weights + activations + logits))


def _n_tokens(row: Row) -> float:
    return row.n_characters / CHARACTERS_PER_TOKEN
