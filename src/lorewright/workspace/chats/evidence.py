"""What an answer stands on: its sources, and sentences that nothing supports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lorewright.flows import Answer, Flow
from lorewright.flows.evidence import evidence_of
from lorewright.knowledge.support import claims_within
from lorewright.workspace.answering.answer_json import provenance


def chat_evidence(flow: Flow, answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how an answer came about: every hit and whether it reached the prompt, the prompt, the times."""
    evidence = evidence_of(answer)
    whole = {hit.chunk.id: hit for hit in answer.hits}
    hits = []
    for hit in retrieved(answer):
        reached = whole.get(hit["chunk_id"])
        more = {"page": reached.chunk.page, "headings": reached.chunk.heading_path} if reached else {}
        span = {"start": reached.chunk.start, "end": reached.chunk.end} if reached else {}
        name = names.get(hit["document_id"], hit["document_id"])
        number = list(whole).index(hit["chunk_id"]) + 1 if reached else 0
        hits.append(hit | more | span | {"name": name, "number": number})
    nodes = [{"id": node.id, "kind": node.kind, "ms": answer.timings_ms[node.id]} for node in flow.nodes]
    return {
        "hits": hits,
        "draft": evidence.draft,
        "prompt": [dict(turn) for turn in evidence.prompt],
        "nodes": nodes,
        "provenance": provenance(answer),
    }


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
