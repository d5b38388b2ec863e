"""What clients write on their things: metadata (texts) and attributes (texts, numbers, true or false)."""

from collections.abc import Mapping
from typing import Any

from lorewright.errors import BadParameter

MAX_PAIRS = 16
MAX_KEY_CHARS = 64
MAX_VALUE_CHARS = 512


def checked_metadata(given: Mapping[str, Any] | None, *, param: str = "metadata") -> dict[str, str]:
    """Return metadata; raise `BadParameter` naming what is too much or no text."""
    for key, value in (given or {}).items():
        if not isinstance(value, str):
            raise BadParameter(f"{param}.{key}", f"{param}.{key} is {value!r}; it must be a string.")
    return checked_attributes(given, param=param)


def checked_attributes(given: Mapping[str, Any] | None, *, param: str = "attributes") -> dict[str, Any]:
    """Return attributes; raise `BadParameter` naming what is too much or of another type."""
    given = given or {}
    if len(given) > MAX_PAIRS:
        raise BadParameter(param, f"{param} has {len(given)} pairs; the limit is {MAX_PAIRS}.")
    for key, value in given.items():
        if not 0 < len(key) <= MAX_KEY_CHARS:
            raise BadParameter(
                param, f"The key {key!r} in {param} must have 1 to {MAX_KEY_CHARS} characters."
            )
        if not isinstance(value, str | int | float):
            raise BadParameter(
                f"{param}.{key}", f"{param}.{key} is {value!r}; it must be a string, a number, true or false."
            )
        if isinstance(value, str) and len(value) > MAX_VALUE_CHARS:
            raise BadParameter(
                f"{param}.{key}",
                f"{param}.{key} has {len(value)} characters; the limit is {MAX_VALUE_CHARS}.",
            )
    return dict(given)
