"""Can this run work at all: asked before anything heavy is loaded."""

from collections.abc import Sequence
from pathlib import Path

from lorewright.errors import TooFewExamples, TooLittleMemory
from lorewright.settings import SHARDED_RECIPES, Tuning
from lorewright.tuning.base import BaseFacts, read_base
from lorewright.tuning.batches import tokens_per_batch
from lorewright.tuning.recipe import DEFAULT_TRAINER, PreferenceRecipe, Recipe
from lorewright.tuning.row import Row
from lorewright.tuning.timing import CHARACTERS_PER_TOKEN

PLAIN_ATTENTION_TOKENS = 512
"""The longest row whose attention is computed as plain products, which keep every score."""
_LIBRARIES_BYTES = 700_000_000
_BYTES_PER_NUMBER = 4.0
_N_LAYER_COPIES = 4
_N_SCORES_KEPT = 1.25
"""Two runs of the default model: 4.87 GB with numbers of 32 bits, planned 4.9; 1.82 GB with those of 16."""
_MOST_KEPT_STATES_BYTES = 1_000_000_000


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
    tuning: Tuning | None = None,
) -> int:
    """Return the memory that tuning on these rows takes, in bytes, from the base's header alone.

    Each of several processes on this machine takes as much as one, or less where the base is sharded. Raises
    `TooFewExamples`, `UnfitBase`, or `TooLittleMemory`; a trainer of a plug-in may need less memory than
    ours, so that one is not held back.
    """
    tuning = tuning or Tuning()
    check_enough(len(rows), recipe.min_examples if min_examples is None else min_examples)
    facts = read_base(base)
    if is_sharded(rows, recipe, facts, tuning, host_bytes=available_bytes):
        needed = sharded_bytes(rows, recipe, facts, tuning)
    else:
        needed = tuning.processes * needed_bytes(rows, recipe, facts)
    if needed > available_bytes and recipe.trainer == DEFAULT_TRAINER:
        raise TooLittleMemory(
            f"Tuning {base.name} ({facts.n_parameters / 1e6:,.0f} million parameters, recipe "
            f"{recipe.name}) takes about {needed / 1e9:.1f} GB; {available_bytes / 1e9:.1f} GB "
            f"is free.",
            hint="Close other programs, set a smaller base under [tuning], or "
            + ("use recipe lora." if recipe.name == "full" else "use recipe lora-last-layers."),
        )
    return needed


def is_sharded(
    rows: Sequence[Row],
    recipe: Recipe,
    facts: BaseFacts,
    tuning: Tuning,
    *,
    host_bytes: int,
    device_bytes: int | None = None,
) -> bool:
    """Return whether the processes share the base's weights out.

    With `shard = "auto"` they do on GPUs, where this host has not the memory for a base in each process, or a
    GPU, with `device_bytes`, not enough to learn from a batch. On CPUs they do where that is asked for.
    """
    can_be = recipe.name in SHARDED_RECIPES and tuning.processes * tuning.hosts > 1
    if tuning.shard != "auto" or not can_be:
        return can_be and tuning.shard == "on"
    if device_bytes is None:
        return False
    fits_host = tuning.processes * needed_bytes(rows, recipe, facts) <= host_bytes
    return not fits_host or learning_bytes(rows, recipe, facts) > device_bytes


def sharded_bytes(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts, tuning: Tuning) -> int:
    """Return the peak of memory of this host's processes together, where they share the base's weights out.

    One of them reads the base, and sends the others their parts.
    """
    n_shards = tuning.processes * tuning.hosts
    others = (tuning.processes - 1) * _weights_bytes(facts, n_shards)
    learning = tuning.processes * learning_bytes(rows, recipe, facts, n_shards=n_shards)
    return int(tuning.processes * _LIBRARIES_BYTES + max(_unpacking_bytes(facts) + others, learning))


def needed_bytes(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts) -> int:
    """Return the peak of memory: while the base is unpacked, or while a batch is learned."""
    return int(_LIBRARIES_BYTES + max(_unpacking_bytes(facts), learning_bytes(rows, recipe, facts)))


def learning_bytes(rows: Sequence[Row], recipe: Recipe, facts: BaseFacts, *, n_shards: int = 1) -> float:
    """Return what a process takes while a batch is learned: its part of the weights, and what is computed."""
    n_longest = min(max((int(_n_tokens(row)) for row in rows), default=0), recipe.max_row_tokens)
    n_read = sum(min(_n_tokens(row), recipe.max_row_tokens) for row in rows[: recipe.max_rows])
    per_batch = tokens_per_batch(
        recipe.epochs * n_read, most=recipe.batch_tokens, least_steps=recipe.least_steps
    )
    n_tokens = max(per_batch, n_longest)
    n_scored = min(n_longest, PLAIN_ATTENTION_TOKENS)
    kept: float = 20 * facts.n_hidden + 6 * facts.n_inner  # numbers that a layer keeps per token
    kept += (
        _N_SCORES_KEPT * facts.n_heads * n_scored
    )  # and of its attention: what each token takes from others
    activations = _BYTES_PER_NUMBER * n_tokens * kept * facts.n_layers * recipe.layers_share
    logits = 8.0 * n_tokens * facts.n_vocabulary
    weights = 16.0 * facts.n_parameters if recipe.name == "full" else _weights_bytes(facts, n_shards)
    states = min(_BYTES_PER_NUMBER * facts.n_hidden * n_read, kept_states_bytes(recipe))
    return weights + activations + logits + states


def kept_states_bytes(recipe: Recipe) -> int:
    """Return how much memory a run may keep of what its still layers make of rows: for later epochs."""
    has_later_epochs = recipe.layers_share < 1.0 and recipe.epochs > 1.0
    return _MOST_KEPT_STATES_BYTES if has_later_epochs and not isinstance(recipe, PreferenceRecipe) else 0


def _weights_bytes(facts: BaseFacts, n_shards: int) -> float:
    """Return what frozen weights take.

    Of a sharded base embeddings and head are whole, and a layer at a time is, in copies: as it was collected,
    as gloo collects it, as it is computed with; and the next one comes already.
    """
    if n_shards == 1:
        return _BYTES_PER_NUMBER * facts.n_parameters
    n_shared = facts.n_parameters - _n_outside_layers(facts)
    return _BYTES_PER_NUMBER * (
        facts.n_parameters - n_shared + n_shared / n_shards + _N_LAYER_COPIES * n_shared / facts.n_layers
    )


def _n_outside_layers(facts: BaseFacts) -> float:
    """Return how many numbers are embeddings and head, at most: some bases have one matrix for both."""
    n_attention = 2 * facts.n_hidden**2 * (1 + facts.n_key_heads / facts.n_heads)
    n_layer = n_attention + 3 * facts.n_hidden * facts.n_inner
    n_embeddings = facts.n_vocabulary * facts.n_hidden
    n_left = max(facts.n_parameters - facts.n_layers * n_layer, n_embeddings)
    return min(n_left, 2 * n_embeddings, facts.n_parameters)


def _unpacking_bytes(facts: BaseFacts) -> float:
    return 10.0 * facts.n_parameters


def _n_tokens(row: Row) -> float:
    return row.n_characters / CHARACTERS_PER_TOKEN
