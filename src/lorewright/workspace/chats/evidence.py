"""What an answer stands on: its sources, and sentences that nothing supports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.flows import Answer, Flow
from lorewright.knowledge.support import claims_within
from lorewright.workspace.answering.traces import flow_trace


def chat_evidence(flow: Flow, answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how an answer came about, every hit with the name that people know its document by."""
    trace = flow_trace(flow, answer)
    hits = [hit | {"name": names.get(hit["document_id"], hit["document_id"])} for hit in trace["hits"]]
    return trace | {"hits": hits}


def retrieved(answer: Answer) -> list[dict[str, Any]]:
    """Return every hit of every node that put some out, the best score that each had first."""
    hits: dict[str, dict[str, Any]] = {}
    for outputs in answer.trace.values():
        listed = outputs.get("hits") if isinstance(outputs, Mapping) else None
        for hit in listed if isinstance(listed, list) else ():
            hits.setdefault(hit["chunk_id"], dict(hit))
    return list(hits.values())


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence of an answer that no source supports, and where it stands.

    `claims` are its numbers and names that stand in no passage that was found. Without any, no
    passage says at least half of it.
    """

    start: int
    end: int
    text: str
    claims: tuple[str, ...]


def unsupported_in(answer: Mapping[str, Any]) -> list[Unsupported]:
    """Return the marked sentences of a chat's answer, in its order."""
    text, claims = str(answer["text"]), answer.get("claims", ())
    return [
        Unsupported(start, end, text[start:end], claims_within(text[start:end], claims))
        for start, end in answer.get("unsupported", ())
    ]
