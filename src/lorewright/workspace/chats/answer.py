"""One model's answer in a chat: streamed as it is written, with its sources and how it came about."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.flows import Answer, Flow, retrieves
from lorewright.knowledge import ComparesTexts
from lorewright.knowledge.support import unsupported_sentences
from lorewright.models import Judge, Stopped, never, usage_json
from lorewright.progress import silent
from lorewright.settings import DEFAULT_CHAT_MODEL
from lorewright.workspace.answering.answer import answer_with_flow
from lorewright.workspace.answering.answer_json import usage_of
from lorewright.workspace.answering.disagreements import disagreements_json
from lorewright.workspace.answering.file_search import FileSearch, FileSearchOptions, file_search
from lorewright.workspace.answering.served_models import ServedModel, parts_of
from lorewright.workspace.answering.traces import model_trace
from lorewright.workspace.chats.answer_with_tools import flow_with_tools, model_with_tools
from lorewright.workspace.chats.closest import closest_passages, why_refused
from lorewright.workspace.chats.evidence import chat_evidence, retrieved
from lorewright.workspace.chats.tools import ChatTools
from lorewright.workspace.collections.stores import DOMAIN
from lorewright.workspace.domain.readable import readable
from lorewright.workspace.openai.chat_completions import ChatRequest, begin_chat, chat_chunks
from lorewright.workspace.openai.chat_completions import PendingCompletion as Completion
from lorewright.workspace.server.server import Server

MAX_TOKENS = 1024
WARM = 0.7
"""The temperature at which the same question is asked again: at 0 it would be answered in the same words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPrompt:
    """What a model is asked: `messages` end with the question; `variation` asks the same once more.

    `stores` are searched instead of what the model searches by itself, `files` besides it; `tools` are
    servers whose tools it may call.
    """

    model: str
    messages: Sequence[Mapping[str, Any]]
    stores: Sequence[str] = ()
    tools: Sequence[str] = ()
    files: str = ""
    variation: int = 0


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """An answer as JSON, what a chat shows of it, and how it came about, for who wants to know more."""

    answer: dict[str, Any]
    evidence: dict[str, Any]


def chat_turn(
    server: Server,
    caller: Caller,
    prompt: ModelPrompt,
    *,
    on_text: Callable[[str], None] = silent,
    stopped: Stopped = never,
) -> ModelAnswer:
    """Return a model's answer, counted and kept as the API's are, so that it can be judged.

    `on_text` hears it as it is written; what a flow returns may differ and takes its place. One
    that was stopped is not kept.
    """
    server.gate.enter(caller)
    pending = begin_chat(server, caller, _request(prompt))
    search = _search(server, caller, pending.served, prompt)
    flow = search.flow if search else pending.served.flow
    tools = ChatTools(server, caller, prompt.tools) if prompt.tools else None
    if flow is None and tools is not None:
        return _with_tools(server, caller, pending, tools, on_text, stopped)
    if flow is None:
        return _from_engine(server, caller, pending, on_text, stopped)
    if prompt.variation and not pending.served.deployment:  # what is deployed answers as it is
        flow = _warm(flow)
    return _from_flow(server, caller, pending, flow, search, tools, prompt.variation, on_text, stopped)


def _request(prompt: ModelPrompt) -> ChatRequest:
    return ChatRequest(
        model=prompt.model,
        messages=[dict(message) for message in prompt.messages],
        max_tokens=MAX_TOKENS,
        temperature=WARM if prompt.variation else None,
        seed=prompt.variation or None,
    )


def _search(server: Server, caller: Caller, served: ServedModel, prompt: ModelPrompt) -> FileSearch | None:
    """Return how stores are searched: those chosen, or the model's own, and the chat's files."""
    is_searching = served.flow is None or retrieves(served.flow)
    chosen = list(prompt.stores)
    if not is_searching or not (chosen or prompt.files):
        return None
    if not chosen and served.flow is not None and not readable(server.workspace, caller).is_nothing:
        chosen.append(DOMAIN)
    options = FileSearchOptions(collections=[*chosen, *filter(None, [prompt.files])])
    return file_search(server, caller, prompt.model, served, options)


def _warm(flow: Flow) -> Flow:
    """Return a flow that says the same in other words each time."""
    nodes = [
        replace(node, params={**node.params, "temperature": node.params.get("temperature") or WARM})
        if node.kind == "generate"
        else node
        for node in flow.nodes
    ]
    return replace(flow, nodes=tuple(nodes))


def _from_engine(
    server: Server, caller: Caller, pending: Completion, on_text: Callable[[str], None], stopped: Stopped
) -> ModelAnswer:
    started, text, is_cut = time.perf_counter(), "", False
    usage: dict[str, int] = {}
    for chunk in chat_chunks(server, caller, pending, stopped=stopped):
        for choice in chunk["choices"]:
            piece = choice["delta"].get("content") or ""
            text += piece
            is_cut = is_cut or choice.get("finish_reason") == "length"
            on_text(piece)
        usage = chunk.get("usage") or usage
    latency_ms = (time.perf_counter() - started) * 1000
    evidence = model_trace(
        pending.request.model, pending.request.messages, latency_ms=latency_ms, usage=usage
    )
    shown_answer = {
        "id": pending.id,
        "text": text,
        "is_cut": is_cut,
        "latency_ms": latency_ms,
        "usage": usage,
        "made_of": [],
    }
    return ModelAnswer(shown_answer, evidence)


def _from_flow(
    server: Server, caller: Caller, pending: Completion, flow: Flow, search: FileSearch | None,
    tools: ChatTools | None, seed: int, on_text: Callable[[str], None], stopped: Stopped,
) -> ModelAnswer:  # fmt: skip
    served = pending.served
    parts = parts_of(server, served, caller, retriever=search.retriever if search else None)
    ask = partial(
        answer_with_flow, server, caller, parts=parts, seed=seed, is_traced=False, on_text=on_text,
        stopped=stopped,
    )  # fmt: skip
    if tools is None:
        answer = ask(pending.answer(), flow=flow, has_shadow=search is None and not seed)
    else:
        answer = flow_with_tools(pending.answer(), flow, tools, ask, stopped)
        if not stopped():
            made_of = parts.sources(flow)
            pending.answer().keep(server, caller, answer, latency_ms=answer.latency_ms, made_of=made_of)
    names: dict[str, str] = {}
    if search:  # files of stores have ids: people know their names
        document_ids = {str(hit["document_id"]) for hit in retrieved(answer)}
        names = {document_id: search.retriever.filename(document_id) for document_id in document_ids}
    body = _answer_json(pending.id, answer, names, parts.judge(), _style_words(flow))
    sources = parts.sources(flow)
    body |= {"made_of": None if sources is None else sorted(sources)}
    is_small = server.workspace.settings.models.chat == DEFAULT_CHAT_MODEL and not _quotes_only(flow)
    if retrieves(flow) and (is_small or answer.refused):
        retriever = search.retriever if search else parts.retriever()
        likeness = retriever.likeness if isinstance(retriever, ComparesTexts) else None
        question = str(pending.request.messages[-1]["content"])
        body["passages"] = closest_passages(question, answer.hits, likeness=likeness, names=names)
    body["disagreements"] = disagreements_json(
        server.workspace, str(pending.request.messages[-1]["content"]), answer.hits, names=names
    )
    if answer.refused:
        body["why_refused"] = why_refused(answer, retrieved(answer))
    body["is_searching"], body["is_small"] = retrieves(flow), is_small
    evidence = chat_evidence(flow, answer, names)
    calls = [*evidence.get("calls", ()), *(tools.log if tools else ())]
    return ModelAnswer(body, evidence | {"calls": calls})


def _with_tools(
    server: Server, caller: Caller, pending: Completion, tools: ChatTools, on_text: Callable[[str], None],
    stopped: Stopped,
) -> ModelAnswer:  # fmt: skip
    """Return what a model answers once it calls no tool any more."""
    said = model_with_tools(server, caller, pending.request, tools, on_text, stopped)
    if not stopped():
        pending.answer().keep(server, caller, said.text, latency_ms=said.latency_ms, usage=said.usage)
    usage = usage_json(said.usage)
    shown = {
        "id": pending.id, "text": said.text, "is_cut": said.is_cut, "latency_ms": said.latency_ms,
        "usage": usage, "made_of": [],
    }  # fmt: skip
    trace = model_trace(pending.request.model, said.messages, latency_ms=said.latency_ms, usage=usage)
    return ModelAnswer(shown, trace | {"calls": tools.log})


def _quotes_only(flow: Flow) -> bool:
    """Whether no model writes anything: the answer is the documents' own words already."""
    return any(node.kind == "quote" for node in flow.nodes)


def _style_words(flow: Flow) -> frozenset[str]:
    """Return the words that a flow's answers have for their form."""
    return frozenset(word for node in flow.nodes for word in node.params.get("style_words", ()))


def _answer_json(
    answer_id: str,
    answer: Answer,
    names: Mapping[str, str],
    judge: Judge | None,
    style_words: frozenset[str],
) -> dict[str, Any]:
    """Return what a chat shows of a flow's answer; `names` are those of files that have ids instead."""
    is_judged = bool(answer.hits) and not answer.refused
    marked = (
        unsupported_sentences(
            answer.text,
            answer.hits,
            answer.citations,
            claims=answer.unsupported,
            judge=judge,
            style_words=style_words,
        )
        if is_judged
        else ()
    )
    return {
        "id": answer_id,
        "text": answer.text,
        "refused": answer.refused,
        "is_cut": answer.finish_reason == "length",
        "unsupported": [list(place) for place in marked],
        "claims": list(answer.unsupported),
        "left_out": dict(answer.left_out),
        "citations": [
            asdict(citation) | {"name": names.get(citation.document_id, citation.document_id)}
            for citation in answer.citations
        ],
        "latency_ms": answer.latency_ms,
        "usage": usage_of(answer),
    }
