"""How a client wants its files cut: OpenAI's chunking strategy as a size of chunks."""

from collections.abc import Mapping
from typing import Any

from lorewright.errors import BadParameter

MIN_TOKENS, MAX_TOKENS = 16, 512
_PARAM = "chunking_strategy"


def chunk_tokens_of(strategy: Mapping[str, Any] | None, *, default: int) -> int:
    """Return the most tokens that a chunk may have; `auto` and none at all mean `default`."""
    kind = (strategy or {"type": "auto"}).get("type")
    if strategy is None or kind == "auto":
        return default
    if kind != "static":
        raise BadParameter(f"{_PARAM}.type", f"{_PARAM}.type is {kind!r}; it must be auto or static.")
    static = strategy.get("static")
    if not isinstance(static, Mapping):
        raise BadParameter(f"{_PARAM}.static", f"{_PARAM}.static must hold max_chunk_size_tokens.")
    overlap = static.get("chunk_overlap_tokens", 0)
    if overlap != 0:
        raise BadParameter(
            f"{_PARAM}.static.chunk_overlap_tokens",
            f"chunk_overlap_tokens is {overlap!r}; it must be 0: chunks end where the text has joints and "
            "carry their headings, so they need no overlap.",
        )
    size = static.get("max_chunk_size_tokens")
    if not isinstance(size, int) or isinstance(size, bool) or not MIN_TOKENS <= size <= MAX_TOKENS:
        raise BadParameter(
            f"{_PARAM}.static.max_chunk_size_tokens",
            f"max_chunk_size_tokens is {size!r}; it must be {MIN_TOKENS} to {MAX_TOKENS}, what embedding "
            "models read at once.",
        )
    return size


def shown_strategy(chunk_tokens: int) -> dict[str, Any]:
    """Return a size of chunks as OpenAI's static strategy."""
    return {
        "type": "static",
        "static": {"max_chunk_size_tokens": chunk_tokens, "chunk_overlap_tokens": 0},
    }
