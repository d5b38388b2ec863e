"""What a question is about, in the words that its author put beside it."""

from collections.abc import Mapping
from typing import Any

KEYS = ("tags", "tag", "kind", "category", "topic", "type")


def tags_of(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tags in a question's metadata: texts and lists of texts under the usual names."""
    found: dict[str, None] = {}
    for key in KEYS:
        value = metadata.get(key)
        for tag in value if isinstance(value, list | tuple) else (value,):
            if isinstance(tag, str | int) and str(tag).strip():
                found[str(tag).strip()] = None
    return tuple(found)
