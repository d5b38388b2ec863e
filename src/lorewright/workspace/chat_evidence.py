"""How an answer in a chat came about: what was found, what reached the prompt, and what it took."""

from collections.abc import Mapping
from typing import Any

from lorewright.flows import Answer, Flow
from lorewright.workspace.answered import provenance
from lorewright.workspace.making import making_of


def evidence_of(flow: Flow, answer: Answer, names: Mapping[str, str]) -> dict[str, Any]:
    """Return how an answer came about: every hit and whether it reached the prompt, the prompt, the times."""
    making = making_of(answer)
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
        "draft": making.draft,
        "prompt": [dict(turn) for turn in making.prompt],
        "nodes": nodes,
        "provenance": provenance(answer),
    }


def retrieved(answer: Answer) -> list[dict[str, Any]]:
    """Return every hit of every node that put some out, the best score that each had first."""
    found: dict[str, dict[str, Any]] = {}
    for outputs in answer.trace.values():
        listed = outputs.get("hits") if isinstance(outputs, Mapping) else None
        for hit in listed if isinstance(listed, list) else ():
            found.setdefault(hit["chunk_id"], dict(hit))
    return list(found.values())
