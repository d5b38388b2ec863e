"""One model's answer in a chat: streamed as it is written, with sources, times and what made it."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from lorewright.access import Key
from lorewright.flows import Answer, Flow
from lorewright.knowledge import Retriever
from lorewright.models import PooledEngine, Stopped
from lorewright.workspace.answered import provenance, usage_of
from lorewright.workspace.answers import keep_answer
from lorewright.workspace.chats import Turn
from lorewright.workspace.find_flow import find_arm
from lorewright.workspace.home import Home
from lorewright.workspace.served import Served, ServedParts, find_served, parts_of
from lorewright.workspace.shadow import answer_in_shadow
from lorewright.workspace.stores import retriever_over
from lorewright.workspace.texts import conversation_from, who_asks
from lorewright.workspace.tracing import run

Messages = list[dict[str, str]]


def messages_of(turns: Sequence[Turn], question: str) -> Messages:
    """Return what is asked, after the turns before it: of several answers the one voted for, or the first."""
    messages: Messages = []
    for turn in turns:
        answer = turn.answers[turn.vote or 0]
        messages.append({"role": "user", "content": turn.question})
        messages.append({"role": "assistant", "content": str(answer["text"])})
    return [*messages, {"role": "user", "content": question}]


def answer_chat(
    home: Home,
    caller: Key,
    model: str,
    messages: Messages,
    *,
    stores: Sequence[str] = (),
    on_text: Callable[[str], None],
    stopped: Stopped,
) -> dict[str, Any]:
    """Return a model's answer to the last message, as JSON, once it is complete or stopped.

    `on_text` hears it as it is written; of a flow the text that is returned may differ. With
    `stores`, a model that is no flow answers from what it finds in them. The answer is kept, so
    that it can be judged.
    """
    caller.need("chat")
    home.gate.enter(caller)
    served = find_served(home, model, caller, who=who_asks(caller.id, None, messages))
    answer_id = f"chatcmpl-{uuid4().hex}"
    flow = served.flow or (find_arm(home.workspace, "rag") if stores else None)
    if flow is None:
        return _plain(home, caller, served, messages, answer_id, on_text, stopped)
    parts = _parts(home, caller, served, retriever_over(home, caller, stores) if stores else None)
    return _from_flow(home, caller, served, flow, parts, messages, answer_id, on_text, stopped)


def _parts(home: Home, caller: Key, served: Served, retriever: Retriever | None) -> ServedParts:
    if retriever is None:
        return parts_of(home, served, who=caller.id)
    return ServedParts(home, who=caller.id, engine=served.engine, engines=served.engines, retriever=retriever)


def _from_flow(
    home: Home, caller: Key, served: Served, flow: Flow, parts: ServedParts, messages: Messages,
    answer_id: str, on_text: Callable[[str], None], stopped: Stopped,
) -> dict[str, Any]:  # fmt: skip
    conversation = conversation_from(messages)
    answer = run(flow, conversation, parts, on_text=on_text, stopped=stopped)
    if not stopped():
        keep_answer(home, caller, answer_id, served, messages, answer, latency_ms=answer.latency_ms)
        answer_in_shadow(home, answer_id, served, conversation, 0)
    return {"id": answer_id, "model": served.id, "text": answer.text, **_told(answer)}


def _plain(
    home: Home, caller: Key, served: Served, messages: Messages, answer_id: str,
    on_text: Callable[[str], None], stopped: Stopped,
) -> dict[str, Any]:  # fmt: skip
    assert served.engine is not None, "what is no flow is an engine"
    begun, said = time.perf_counter(), ""
    usage: Mapping[str, int] = {}
    engine = PooledEngine(home.pool, served.engine, who=caller.id)
    for chunk in engine.chat({"messages": messages}, stopped=stopped):
        usage = chunk.get("usage") or usage
        piece = "".join(choice["delta"].get("content") or "" for choice in chunk.get("choices", ()))
        said += piece
        on_text(piece)
    latency_ms = (time.perf_counter() - begun) * 1000
    if not stopped():
        keep_answer(home, caller, answer_id, served, messages, said, latency_ms=latency_ms)
    counted = {name: usage.get(name, 0) for name in ("prompt_tokens", "completion_tokens")}
    return {"id": answer_id, "model": served.id, "text": said, "latency_ms": latency_ms, "usage": counted}


def _told(answer: Answer) -> dict[str, Any]:
    """Return what belongs to a flow's answer beside its text."""
    return {
        "refused": answer.refused,
        "unsupported": list(answer.unsupported),
        "citations": [asdict(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "timings_ms": dict(answer.timings_ms),
        "latency_ms": answer.latency_ms,
        "usage": usage_of(answer),
        "provenance": provenance(answer),
    }


def _hit(hit: Any) -> dict[str, Any]:
    chunk = hit.chunk
    return {
        "rank": hit.rank, "score": hit.score, "cosine": hit.cosine, "bm25": hit.bm25,
        "document_id": chunk.document_id, "title": chunk.title, "start": chunk.start, "end": chunk.end,
        "text": chunk.text, "page": chunk.page, "heading_path": list(chunk.heading_path),
    }  # fmt: skip
