"""Pairs of a preferred and a rejected answer, as OpenAI's files for DPO hold them."""

from collections.abc import Mapping
from typing import Any

_PREFERRED, _REJECTED = "preferred_output", "non_preferred_output"


def as_preferred(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of such a file as a chat with its preferred answer, and any other row as it is."""
    source, preferred = row.get("input"), row.get(_PREFERRED)
    turns = source.get("messages") if isinstance(source, Mapping) else None
    if not isinstance(turns, list) or not isinstance(preferred, list):
        return dict(row)
    rest = {name: value for name, value in row.items() if name not in ("input", _PREFERRED, _REJECTED)}
    return {**rest, "chosen": [*turns, *preferred], "rejected": row.get(_REJECTED)}
