"""Calls of functions, joined from the pieces that they come in."""

from collections.abc import Iterable, Mapping
from typing import Any


def joined_calls(pieces: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the calls that the pieces of a chat completion's deltas make up."""
    calls: dict[int, dict[str, Any]] = {}
    for piece in pieces:
        function = piece.get("function") or {}
        call = calls.setdefault(
            piece.get("index", 0), {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
        )
        call["id"] = piece.get("id") or call["id"]
        call["function"]["name"] += function.get("name") or ""
        call["function"]["arguments"] += function.get("arguments") or ""
    return [calls[index] for index in sorted(calls)]


def calls_in(chunks: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the name and the arguments of every call that the chunks of a chat completion hold."""
    choices = (choice for chunk in chunks for choice in chunk.get("choices", ()))
    pieces = (piece for choice in choices for piece in choice["delta"].get("tool_calls") or ())
    return [(call["function"]["name"], call["function"]["arguments"]) for call in joined_calls(pieces)]
