"""Regular expressions that other people wrote, searched for a limited time.

Python's own engine cannot be interrupted: a pattern such as `(a+)+$` on forty letters would keep a
thread for hours.
"""

import re
from functools import lru_cache
from math import prod

import regex

from lorewright.errors import InvalidFlow

SECONDS = 0.5
MOST_CHARACTERS = 2000
MOST_REPEATS = 100_000
_COUNT = re.compile(r"\{(\d+)(?:,\d*)?\}")


def need_pattern(pattern: str, name: str = "pattern") -> None:
    """Raise `InvalidFlow` for what is no regular expression; `name` is the parameter's."""
    if len(pattern) > MOST_CHARACTERS:
        raise InvalidFlow(
            f"parameter {name!r} has {len(pattern):,} characters.", hint=f"The limit is {MOST_CHARACTERS:,}."
        )
    # A count is written out when a pattern is compiled, and counts in counts multiply: memory would end.
    if prod(int(count[:9]) or 1 for count in _COUNT.findall(pattern)) > MOST_REPEATS:
        raise InvalidFlow(
            f"parameter {name!r} repeats too much: {pattern[:200]!r}.",
            hint=f"The product of its counts, such as {{4}}, is limited to {MOST_REPEATS:,}: use + or *",
        )
    try:
        _compiled(pattern)
    except (regex.error, RecursionError, MemoryError) as error:
        raise InvalidFlow(f"parameter {name!r} is {pattern!r}: {error}.") from None


def is_found(pattern: str, text: str) -> bool:
    """Return whether a regular expression is found in a text.

    Raises `InvalidFlow` where that takes longer than half a second: then it is the pattern's fault.
    """
    try:
        # Without the lock of the interpreter: others go on while a pattern uses up its time.
        return _compiled(pattern).search(text, timeout=SECONDS, concurrent=True) is not None
    except TimeoutError:
        raise InvalidFlow(
            f"The pattern {pattern[:200]!r} exceeded {SECONDS:g} seconds on {len(text):,} characters.",
            hint="Nested repetitions, such as (a+)+, take too long: rewrite it without them.",
        ) from None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "regex.Pattern[str]":
    return regex.compile(pattern)
