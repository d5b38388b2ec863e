"""How long a run will take, from how fast earlier ones were, and how far off that may be.

The one estimate of a tuning's time: what a terminal, the studio and the API say comes from here.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from lorewright.tuning.recipe import Recipe

CHARACTERS_PER_TOKEN = 2.6
"""What short chats have, the template's own tokens included: 1.9 to 3.4 in ten measured runs."""
ROUGH_FACTOR = 3.0
"""Without an earlier run the time is off by up to this factor: 0.6 to 2.8 in the same ten runs."""
LOADING_SECONDS = 8.0
"""Libraries and the base, before anything is learned; earlier runs have it in their seconds."""
_FLOPS_PER_CORE = 4e10  # what one core does with 16-bit matrices, roughly
MEASURED_SHARE = 0.4
"""With one earlier run of the same kind, the time is off by about this share."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How an earlier run went: characters of its rows, all epochs together; tokens and seconds it took."""

    characters: float
    tokens: int
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """About how many seconds a run takes, between `low` and `high`; `n_measured` earlier runs say so."""

    seconds: float
    low: float
    high: float
    tokens: int
    n_measured: int


def rough_seconds(characters: float, recipe: Recipe, n_parameters: float) -> float:
    """Return the seconds of learning from so many characters on this machine's cores, by counting."""
    # Forward, and backward through what carries weights to learn; all weights also need their own gradient.
    # Layers that stay as they are are passed in the first epoch alone.
    forward = 2.0 * (recipe.layers_share + (1.0 - recipe.layers_share) / max(1.0, recipe.epochs))
    passes = forward + 2.0 * recipe.layers_share + (2.0 if recipe.name == "full" else 0.0)
    n_cores = len(os.sched_getaffinity(0))
    return characters / CHARACTERS_PER_TOKEN * passes * n_parameters / (_FLOPS_PER_CORE * n_cores)


def timing(characters: float, paces: Sequence[Pace], *, rough: float) -> Timing:
    """Return how long a run over so many characters takes, all epochs together.

    Without earlier runs it is `rough` seconds and the loading, good for the order of magnitude alone.
    """
    whole = rough + LOADING_SECONDS
    known = [pace for pace in paces if pace.tokens and pace.seconds and pace.characters]
    if not known:
        return Timing(
            seconds=whole,
            low=whole / ROUGH_FACTOR,
            high=whole * ROUGH_FACTOR,
            tokens=round(characters / CHARACTERS_PER_TOKEN),
            n_measured=0,
        )
    guesses = sorted(pace.seconds / pace.characters * characters for pace in known)
    seconds = guesses[len(guesses) // 2]
    # Loading takes as long for a long run as for a short one: how much of the seconds it was is not known.
    apart = [
        min(LOADING_SECONDS, pace.seconds)
        + max(0.0, pace.seconds - LOADING_SECONDS) / pace.characters * characters
        for pace in known
    ]
    return Timing(
        seconds=seconds,
        low=min(guesses[0], *apart, seconds * (1 - MEASURED_SHARE)),
        high=max(guesses[-1], *apart, seconds * (1 + MEASURED_SHARE)),
        tokens=round(
            characters * sum(pace.tokens for pace in known) / sum(pace.characters for pace in known)
        ),
        n_measured=len(known),
    )
