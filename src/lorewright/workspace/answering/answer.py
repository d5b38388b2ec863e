"""The one way to answer: run, trace, name the pages, keep, and let a shadow answer too."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from lorewright.access import Caller
from lorewright.deployments import version_name
from lorewright.documents import page_at
from lorewright.errors import NotFound, Transient
from lorewright.flows import Answer, AnswerOptions, Flow
from lorewright.flows.kinds import OnStep, ignore_step
from lorewright.messages import Conversation
from lorewright.models import PooledEngine, Stopped, Usage, never, usage_in
from lorewright.progress import silent
from lorewright.workspace.answering.kept_answers import keep_answer, keep_shadow
from lorewright.workspace.answering.messages import conversation_from
from lorewright.workspace.answering.served_models import (
    ServedModel,
    ServedParts,
    parts_of,
    served_version,
)
from lorewright.workspace.answering.traces import flow_trace, keep_trace, model_trace
from lorewright.workspace.answering.tracing import chatted, run
from lorewright.workspace.deployments.records import stored_deployment
from lorewright.workspace.server.server import Server


def unheard(_documents: Collection[str] | None) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingAnswer:
    """An answer in the making: the id its caller will know it by, who answers, and what was asked.

    `messages` is the conversation as its caller sent it. Without `is_kept` nothing of the answer
    is kept and no shadow answers too; without `is_stored` only what counts is kept, no words.
    """

    id: str
    served: ServedModel
    messages: Sequence[Mapping[str, Any]]
    is_kept: bool = True
    is_stored: bool = True
    on_keep: Callable[[Callable[[], None]], None] | None = None
    """Takes what keeps the answer, for where another one may follow and only the last is kept."""
    on_sources: Callable[[Collection[str] | None], None] = field(default=unheard)
    """Hears which documents the answer was made of, kept or not; `None` where they are not all known."""

    def keep(
        self,
        server: Server,
        caller: Caller,
        answer: Answer | str,
        *,
        latency_ms: float,
        usage: Usage | None = None,
        made_of: Collection[str] | None = (),
    ) -> None:
        """Keep the answer, so that its caller may say later what they think of it.

        `made_of` are the documents that were found for it, `None` where they are not all known;
        `usage` are the tokens of a text.
        """
        self.on_sources(made_of)
        if not self.is_kept:
            return
        keep = partial(
            keep_answer, server, caller, self.id, self.served, self.messages, answer,
            latency_ms=latency_ms, usage=usage, made_of=made_of, is_stored=self.is_stored,
        )  # fmt: skip
        if self.on_keep is None:
            keep()
        else:
            self.on_keep(keep)


def answer_with_flow(
    server: Server,
    caller: Caller,
    pending: PendingAnswer,
    *,
    flow: Flow | None = None,
    parts: ServedParts | None = None,
    conversation: Conversation | None = None,
    seed: int = 0,
    has_shadow: bool = True,
    is_traced: bool = True,
    options: AnswerOptions | None = None,
    on_text: Callable[[str], None] = silent,
    on_checked: Callable[[str], None] | None = None,
    on_step: OnStep = ignore_step,
    stopped: Stopped = never,
) -> Answer:
    """Return what a flow answers: that of the model, on its own parts, unless others are given.

    The answer is traced, its citations name their pages, and unless it was stopped it is kept, with its
    trace where it `is_traced`, and the deployment's shadow answers too. `on_text` hears the draft as it
    is written, `on_checked` only what its checks let through, `on_step` each step of an
    agent. `options` say how the text is to be written.
    """
    flow = flow or pending.served.flow
    assert flow is not None, "what is no flow is an engine"
    conversation = conversation_from(pending.messages) if conversation is None else conversation
    parts = parts or parts_of(server, pending.served, caller)
    answer = run(
        flow, conversation, parts, on_text=on_text, on_checked=on_checked, options=options, on_step=on_step,
        stopped=stopped, seed=seed,
    )  # fmt: skip
    answer = on_their_pages(server, answer)
    if not stopped():
        pending.keep(server, caller, answer, latency_ms=answer.latency_ms, made_of=parts.sources(flow))
        if is_traced and pending.is_kept and pending.is_stored:
            keep_trace(server, pending.id, flow_trace(flow, answer))
        if has_shadow and pending.is_kept:
            answer_in_shadow(server, caller, pending.id, pending.served, conversation, seed)
    return answer


def answer_with_engine(
    server: Server,
    caller: Caller,
    pending: PendingAnswer,
    request: Mapping[str, Any],
    *,
    kept_text: Callable[[str], str] = str,
    ended: Callable[[], bool] = lambda: False,
    stopped: Stopped = never,
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a model's chat completion for `request`, traced; unless stopped it is kept.

    `kept_text` returns what is kept of the text that the model said; once `ended()`, the caller has
    heard enough, and the answer is whole. Raises `Transient` where the
    model ended without saying why: its answer is not whole.
    """
    assert pending.served.engine is not None, "what is no engine is a flow"
    engine = PooledEngine(server.pool, pending.served.engine, who=caller.id)
    started, text, is_ended = time.perf_counter(), "", False
    usage: Mapping[str, Any] = {}
    for chunk in chatted(pending.served.id, engine.chat(dict(request), stopped=lambda: stopped() or ended())):
        for choice in chunk.get("choices") or ():
            text += (choice.get("delta") or {}).get("content") or ""
            is_ended = is_ended or bool(choice.get("finish_reason"))
        usage = chunk.get("usage") or usage
        yield chunk
    if stopped():
        return
    if not is_ended and not ended():
        raise Transient(f"{pending.served.id} stopped before its answer was complete.", hint="Try again.")
    latency_ms = (time.perf_counter() - started) * 1000
    pending.keep(
        server, caller, kept_text(text), latency_ms=latency_ms, usage=usage_in(usage) if usage else None
    )
    if pending.is_kept and pending.is_stored:
        messages = request.get("messages") or pending.messages
        trace = model_trace(pending.served.id, messages, latency_ms=latency_ms, usage=usage)
        keep_trace(server, pending.id, trace)


def on_their_pages(server: Server, answer: Answer) -> Answer:
    """Return an answer whose citations name the page of their passage.

    A chunk knows the page it begins on, and may go over several.
    """
    paged = {citation.document_id for citation in answer.citations if citation.page is not None}
    if not paged:
        return answer
    documents = [server.workspace.documents.find(document_id) for document_id in sorted(paged)]
    starts = {document.id: document.page_starts for document in documents if document is not None}
    return replace(
        answer,
        citations=tuple(
            replace(
                citation,
                page=page_at(starts.get(citation.document_id, ()), citation.start) or citation.page,
            )
            for citation in answer.citations
        ),
    )


def answer_in_shadow(
    server: Server, caller: Caller, answer_id: str, live: ServedModel, conversation: Conversation, seed: int
) -> None:
    """Let the shadow of the deployment that gave an answer answer the same, later, and keep what it says.

    Nothing happens where there is no shadow, or where the caller asked for one version by number.
    """
    if not live.deployment or live.role == "named":
        return
    try:
        shadow = stored_deployment(server.workspace, live.deployment).shadow
    except NotFound:
        return  # removed while it answered
    if shadow:
        server.shadow_queue.do(
            lambda: _answer(server, caller, answer_id, live.deployment, shadow, conversation, seed)
        )


def _answer(
    server: Server,
    caller: Caller,
    answer_id: str,
    deployment: str,
    number: int,
    conversation: Conversation,
    seed: int,
) -> None:
    served = served_version(server, caller, deployment, number)
    assert served.flow is not None
    parts = parts_of(server, served, caller, who=f"shadow {version_name(deployment, number)}")
    answer = run(served.flow, conversation, parts, seed=seed)
    keep_shadow(server, answer_id, served, [turn.to_json() for turn in conversation], answer)
