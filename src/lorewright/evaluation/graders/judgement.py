"""What a model that judges gives, in JSON within whatever else it says."""

import json
from collections.abc import Iterator
from typing import Any


def judged(text: str, name: str) -> Any:
    """Return what the JSON objects in a text give under a name; raise `ValueError` for none or two values.

    Judges put their object into a fence, think aloud before it, or say it twice.
    """
    values = list(_values(text, name))
    if not values or any(value != values[0] for value in values):
        raise ValueError(f"{len(values)} values of {name}")
    return values[0]


def _values(text: str, name: str) -> Iterator[Any]:
    """Yield every value that the outermost JSON objects of a text give under a name."""
    decoder = json.JSONDecoder(object_pairs_hook=list)
    place = text.find("{")
    while place != -1:
        try:
            pairs, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            end = place + 1
        else:
            yield from (value for key, value in pairs if key == name)
        place = text.find("{", end)
