"""What leaves a node, as JSON."""

import dataclasses
from typing import Any

from lorewright.flows.answer import Draft
from lorewright.knowledge import Hit
from lorewright.messages import Message


def to_trace(value: Any) -> Any:
    """Return a port's value as JSON values, for people to read."""
    if isinstance(value, list | tuple):
        return [to_trace(item) for item in value]
    if isinstance(value, dict):
        return {key: to_trace(item) for key, item in value.items()}
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, Hit):
        return _hit(value)
    if isinstance(value, Draft):
        return to_trace(dataclasses.asdict(value) | {"hits": [hit.chunk.id for hit in value.hits]})
    return value


def _hit(hit: Hit) -> dict[str, Any]:
    chunk = hit.chunk
    return {
        "rank": hit.rank,
        "score": hit.score,
        "cosine": hit.cosine,
        "bm25": hit.bm25,
        "chunk_id": chunk.id,
        "document_id": chunk.document_id,
        "title": chunk.title,
        "text": chunk.text,
        "also": [place.document_id for place in hit.also],
    }
