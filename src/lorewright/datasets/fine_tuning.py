"""Rows of OpenAI's fine-tuning files as rows that examples are read from."""

from collections.abc import Mapping
from typing import Any

from lorewright.datasets.reading import example_from
from lorewright.errors import InvalidExamples


def learnable(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of a supervised file as it is; raise `InvalidExamples` where nothing can be learned."""
    example_from(row)
    return dict(row)


def preferred(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a pair of answers as a row whose answer is the preferred one."""
    prompt, answer = row.get("input"), row.get("preferred_output")
    turns = prompt.get("messages") if isinstance(prompt, Mapping) else None
    if not isinstance(turns, list) or not isinstance(answer, list):
        raise InvalidExamples("input.messages or preferred_output is missing.")
    return learnable({"messages": [*turns, *answer]})
