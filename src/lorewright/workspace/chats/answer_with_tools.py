"""An answer in a chat whose model may call tools: asked again with what they gave back, until it answers."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lorewright.access import Caller
from lorewright.flows import Answer, Flow
from lorewright.models import Stopped, Usage, usage_in
from lorewright.workspace.answering.answer import PendingAnswer
from lorewright.workspace.answering.flow_options import flow_options, flow_with_functions, spoken
from lorewright.workspace.chats.tools import ChatTools
from lorewright.workspace.openai.chat_completions import ChatRequest, begin_chat, chat_chunks
from lorewright.workspace.openai.joined_chunks import join_chunks
from lorewright.workspace.server.server import Server

Calls = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelText:
    """What a model said at last; `messages` are what it was shown then, `usage` that of all rounds."""

    text: str
    is_cut: bool
    usage: Usage
    latency_ms: float
    messages: Sequence[Mapping[str, Any]]


def model_with_tools(
    server: Server,
    caller: Caller,
    request: ChatRequest,
    tools: ChatTools,
    on_text: Callable[[str], None],
    stopped: Stopped,
) -> ModelText:
    """Return what a model by itself says once it calls nothing more."""
    started, usage, messages = time.perf_counter(), Usage(), request.messages
    last: Mapping[str, Any] = {}

    def reply(turns: list[dict[str, Any]]) -> tuple[str, Calls]:
        nonlocal usage, messages, last
        messages, chunks = list(turns), []
        asked = request.model_copy(update={"messages": messages, "tools": tools.functions})
        pending = begin_chat(server, caller, asked, is_kept=False)
        for chunk in chat_chunks(server, caller, pending, stopped=stopped):
            chunks.append(chunk)
            for choice in chunk["choices"]:
                on_text(choice["delta"].get("content") or "")
        whole = join_chunks(chunks)
        usage += usage_in(whole.get("usage") or {})
        last = whole["choices"][0]
        return last["message"].get("content") or "", last["message"].get("tool_calls") or ()

    tools.ask(messages, reply, stopped)
    return ModelText(
        text=str(last["message"].get("content") or ""), is_cut=last["finish_reason"] == "length",
        usage=usage, latency_ms=(time.perf_counter() - started) * 1000, messages=messages,
    )  # fmt: skip


def flow_with_tools(
    pending: PendingAnswer, flow: Flow, tools: ChatTools, ask: Callable[..., Answer], stopped: Stopped
) -> Answer:
    """Return what a flow answers once its model calls nothing more; it took the time of all rounds.

    `ask` answers with a flow as `answer_with_flow` does; no round is kept.
    """
    answers: list[Answer] = []

    def reply(turns: list[dict[str, Any]]) -> tuple[str, Calls]:
        options = flow_options({"tools": tools.functions}, turns, model=pending.served.id)
        asked = flow_with_functions(flow, options)
        conversation = spoken(turns)
        unkept = replace(pending, is_kept=False)
        answers.append(ask(unkept, flow=asked, conversation=conversation, options=options))
        return answers[-1].text, answers[-1].calls

    tools.ask(pending.messages, reply, stopped)
    return replace(answers[-1], latency_ms=sum(answer.latency_ms for answer in answers))
