"""An answer node by node: time, tokens, the prompt as it was sent, and every hit with what became of it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lorewright.flows.answer import Answer
from lorewright.flows.evidence import AnswerEvidence, evidence_of
from lorewright.flows.flow import Flow
from lorewright.flows.trace import to_trace

WHY_LEFT_OUT: Mapping[str, str] = {
    "excerpt": "No sentence of it answers the question as well as those that were kept",
    "quote": "No sentence of it answers the question as well as those that were quoted",
    "rerank": "Ranked below those that the reranker keeps",
    "filter": "Taken out by the filter",
    "merge_hits": "Ranked below those that the merged list keeps",
    "prompt": "No room left in the prompt",
}
"""By the kind of the node that left a hit out."""
AGENT = "agent"
"""Who called the tools of an agent's steps."""
OTHERWISE_LEFT_OUT = "A later node did not use it"


def trace_of(answer: Answer, flow: Flow | None = None) -> dict[str, Any]:
    """Return how an answer came about, as JSON; without its flow a node's kind is read off its name.

    A hit has its `number` in the prompt (`numbers` where several excerpts of it are), 0 for one that is not
    in it: then `left_out_by` names the node
    that left it out, and `why` says what that means. Where a classifier answered, `labels` hold what it
    told of every field, with the nearest examples. Where an agent answered, `calls` are its steps, and
    `spans` what its model was asked: `whole_spans` shows them with their whole prompts. `files` are
    the working files that it left, `missing` the tool servers that it had to go without.
    """
    evidence = evidence_of(answer)
    kinds = {node.id: node.kind for node in flow.nodes} if flow else {}
    kinds = {node_id: kinds.get(node_id, node_id) for node_id in answer.timings_ms}
    return {
        "hits": list(_hits(answer, kinds)),
        "retrieved": _widest(answer.trace),
        "draft": evidence.draft,
        "prompt": [dict(turn) for turn in evidence.prompt],
        "nodes": [_node(answer, node_id, kind) for node_id, kind in kinds.items()],
        **({"labels": labels} if (labels := labels_of(answer)) else {}),
        **({"calls": calls} if (calls := _calls_of(answer)) else {}),
        **({"spans": spans} if (spans := spans_in(answer)) else {}),
        **({"missing": missing} if (missing := _missing_in(answer)) else {}),
        **({"files": files} if (files := files_of(answer)) else {}),
    }


def steps_of(answer: Answer) -> list[Mapping[str, Any]]:
    """Return the calls that agents made for an answer, refused ones among them; the plan is none."""
    return [
        step
        for _, outputs in _agents_in(answer)
        for step in outputs["steps"] or ()
        if step["kind"] in ("call", "refused") and step["tool"] != "plan"
    ]


def is_by_agent(answer: Answer) -> bool:
    """Return whether an agent worked on an answer, be it without a single call."""
    return any(True for _ in _agents_in(answer))


def spans_in(answer: Answer) -> list[dict[str, Any]]:
    """Return the steps at which agents asked a model, with their node."""
    return [
        {"node": node_id, **span}
        for node_id, outputs in _agents_in(answer)
        for span in outputs.get("spans") or ()
    ]


def _missing_in(answer: Answer) -> list[dict[str, Any]]:
    """Return the tool servers that did not answer when an agent began, and why."""
    return [
        {"node": node_id, "server": step["server"], "error": step["error"]}
        for node_id, outputs in _agents_in(answer)
        for step in outputs["steps"] or ()
        if step["kind"] == "missing"
    ]


def files_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the working files that agents left, with their node."""
    return [
        {"node": node_id, **file}
        for node_id, outputs in _agents_in(answer)
        for file in outputs.get("files") or ()
    ]


def _agents_in(answer: Answer) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield what agents put out, with their nodes."""
    for node_id, outputs in answer.trace.items():
        if isinstance(outputs, Mapping) and "steps" in outputs:
            yield node_id, outputs


def _calls_of(answer: Answer) -> list[dict[str, Any]]:
    """Return the steps of agents as calls: which tool, with what, what it said, how long it took."""
    return [
        {
            "tool": step["tool"], "server": AGENT, "arguments": step.get("arguments", {}),
            "text": step.get("output", ""), "error": step.get("error", ""), "ms": step.get("ms", 0.0),
        }
        for step in steps_of(answer)
    ]  # fmt: skip


def labels_of(answer: Answer) -> list[dict[str, Any]]:
    """Return what a classifier told of every field: probability, the likeliest labels, nearest examples."""
    for outputs in answer.trace.values():
        if isinstance(outputs, Mapping) and "nearest" in outputs:
            fields = outputs.get("fields") or [outputs]
            names = ("field", "probability", "unknown", "top")
            told = [{name: field[name] for name in names if name in field} for field in fields]
            return [{**one, "nearest": outputs["nearest"]} for one in told]
    return []


def trace_of_evidence(evidence: AnswerEvidence) -> dict[str, Any]:
    """Return what is known of an answer of which only this was kept, in the form of `trace_of`."""
    hits = [
        to_trace(hit) | {"number": number, "page": hit.chunk.page, "headings": hit.chunk.heading_path}
        for number, hit in enumerate(evidence.hits, start=1)
    ]
    return {
        "hits": hits,
        "retrieved": 0,
        "draft": evidence.draft,
        "prompt": [dict(turn) for turn in evidence.prompt],
        "nodes": [
            {"id": node_id, "kind": node_id, "ms": ms, "tokens_in": 0, "tokens_out": 0}
            for node_id, ms in evidence.timings_ms.items()
        ],
    }


def _node(answer: Answer, node_id: str, kind: str) -> dict[str, Any]:
    usage = answer.node_usage.get(node_id)
    return {
        "id": node_id,
        "kind": kind,
        "ms": answer.timings_ms[node_id],
        "tokens_in": usage.prompt_tokens if usage else 0,
        "tokens_out": usage.completion_tokens if usage else 0,
    }


def _hits(answer: Answer, kinds: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield every hit of every node that put some out, in the order in which they were found."""
    numbered = list(enumerate(answer.hits, start=1))
    # A chunk of which several excerpts are shown goes by the number of the first.
    reached = {hit.chunk.id: (number, hit.chunk) for number, hit in reversed(numbered)}
    listing = list(_listings(answer.trace))
    known: dict[str, dict[str, Any]] = {}
    for _, hits in listing:
        for hit in hits:
            known.setdefault(hit["chunk_id"], dict(hit))
    for chunk_id, hit in known.items():
        if chunk_id in reached:
            number, chunk = reached[chunk_id]
            span: dict[str, Any] = {"start": chunk.start, "end": chunk.end}
            span["numbers"] = [place for place, one in numbered if one.chunk.id == chunk_id]
            yield hit | {"page": chunk.page, "headings": chunk.heading_path, "number": number} | span
        else:
            yield hit | {"number": 0} | _why(chunk_id, listing, answer, kinds)


def _why(
    chunk_id: str,
    listing: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    answer: Answer,
    kinds: Mapping[str, str],
) -> dict[str, str]:
    """Return which node left a hit out: the first with hits behind the last one that still had it."""
    places = [
        place for place, (_, hits) in enumerate(listing) if any(one["chunk_id"] == chunk_id for one in hits)
    ]
    behind = [node_id for node_id, _ in listing[places[-1] + 1 :]]
    if not behind:  # a node that takes hits and puts out a text
        ran = [node_id for node_id, ms in answer.timings_ms.items() if ms]
        after = ran[ran.index(listing[-1][0]) + 1 :] if listing[-1][0] in ran else []
        behind = [node_id for node_id in after if kinds[node_id] in WHY_LEFT_OUT]
    by = behind[0] if behind else ""
    return {"left_out_by": by, "why": WHY_LEFT_OUT.get(kinds.get(by, ""), OTHERWISE_LEFT_OUT)}


def _listings(trace: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield the hits of each node that put some out or none, where it puts out hits; in the flow's order."""
    for node_id, outputs in trace.items():
        hits = outputs.get("hits") if isinstance(outputs, Mapping) else None
        if isinstance(hits, list) and all(isinstance(hit, Mapping) for hit in hits):
            yield node_id, hits


def _widest(trace: Mapping[str, Any]) -> int:
    """Return how many hits the node that found most put out: what ranked below was not looked at."""
    return max((len(hits) for _, hits in _listings(trace)), default=0)
