"""How the newest answers came about: kept for whoever wants to know why one says what it says."""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from typing import Any

from lorewright.access import Caller
from lorewright.agents.packed_turns import whole_outputs
from lorewright.errors import NotFound
from lorewright.flows import Answer, Flow
from lorewright.flows.answer_trace import trace_of
from lorewright.workspace.answering.answer_json import provenance
from lorewright.workspace.answering.kept_answers import find_answer
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.server.server import Server

KIND, CHAT_KIND = "answer_trace", "chat_evidence"
N_KEPT = 1000
MAX_BYTES = 1 << 20


def flow_trace(flow: Flow, answer: Answer) -> dict[str, Any]:
    """Return how a flow's answer came about, as JSON."""
    return {**trace_of(answer, flow), "provenance": provenance(answer)}


def model_trace(
    model: str, messages: Sequence[Mapping[str, Any]], *, latency_ms: float, usage: Mapping[str, Any]
) -> dict[str, Any]:
    """Return how the answer of a model by itself came about, as JSON."""
    tokens = {
        "tokens_in": usage.get("prompt_tokens", 0), "tokens_out": usage.get("completion_tokens", 0),
    }  # fmt: skip
    return {
        "hits": [], "retrieved": 0, "draft": "", "prompt": [dict(message) for message in messages],
        "nodes": [{"id": model, "kind": "model", "ms": latency_ms, **tokens}],
        "provenance": {"model": model},
    }  # fmt: skip


def keep_trace(server: Server, answer_id: str, trace: Mapping[str, Any]) -> None:
    """Keep how a kept answer came about, as long as it is among the newest.

    An answer that calls tools takes several turns of a model: their nodes follow each other.
    """
    if not server.workspace.settings.serve.n_answers_kept:
        return
    records = server.records(KIND)

    def added(body: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(_joined(_unpacked(body), trace) if body else trace)
        if len(text) > MAX_BYTES:
            return body
        return {"packed": b64encode(zlib.compress(text.encode())).decode()}

    if len(json.dumps(trace)) > MAX_BYTES:
        return
    records.put(f"trace/{answer_id}", added)
    n_over = records.count() - N_KEPT
    if n_over > N_KEPT // 10:
        for record in records.page(order="asc", limit=n_over).records:
            records.remove(record.id)


def find_trace(server: Server, caller: Caller, answer_id: str) -> dict[str, Any]:
    """Return how an answer of the caller's own came about.

    Raises `NotFound` where it was not kept, and where the answer was made of documents that the
    caller may not read: the trace holds their texts.
    """
    answer = find_answer(server, caller, answer_id)
    if not readable(server.workspace, caller).covers(answer.body.get("made_of")):
        raise not_readable()
    in_chat = server.records(CHAT_KIND).find(f"evidence/{answer_id}")
    if in_chat is not None:
        return whole_outputs({name: value for name, value in in_chat.body.items() if name != "made_of"})
    kept = server.records(KIND).find(f"trace/{answer_id}")
    if kept is None:
        raise NotFound(
            "The trace of this answer was not stored.",
            hint=f"Traces of the newest {N_KEPT:,} answers are kept, unless they were sent with store=false.",
        )
    return whole_outputs(_unpacked(kept.body))  # kept are only the new turns of each step of an agent


def _joined(earlier: Mapping[str, Any], trace: Mapping[str, Any]) -> dict[str, Any]:
    nodes = [*earlier["nodes"], *trace["nodes"]]
    return {**trace, "nodes": nodes, "hits": trace["hits"] or earlier["hits"]}


def _unpacked(body: Mapping[str, Any]) -> dict[str, Any]:
    trace: dict[str, Any] = json.loads(zlib.decompress(b64decode(body["packed"])))
    return trace


def not_readable() -> NotFound:
    """Return why the trace of an answer that a deployment's grant made possible is not shown."""
    return NotFound(
        "The trace of this answer is not shown.",
        hint="It holds passages of documents that you have no access to.",
    )
