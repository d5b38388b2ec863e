"""Answers as spans: one per answer, and one per node of a flow, for whoever has set up OpenTelemetry.

Names and attributes follow its conventions for generative AI (0.1.0, in development). Without an
SDK all this costs nothing and goes nowhere.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from opentelemetry import trace
from opentelemetry.trace import SpanKind, Tracer

from lorewright import flows
from lorewright.flows import Answer, AnswerOptions, Flow, OnNode, Parts, ignore_state
from lorewright.flows.kinds import OnStep, ignore_step
from lorewright.messages import Conversation
from lorewright.models import Stopped, Usage, never, usage_in
from lorewright.progress import silent

NANOSECONDS_A_MS = 1_000_000


def run(
    flow: Flow,
    conversation: Conversation,
    parts: Parts,
    *,
    stopped: Stopped = never,
    seed: int = 0,
    on_node: OnNode = ignore_state,
    on_text: Callable[[str], None] = silent,
    on_checked: Callable[[str], None] | None = None,
    options: AnswerOptions | None = None,
    on_step: OnStep = ignore_step,
    tracer: Tracer | None = None,
) -> Answer:
    """Return what a flow answers, as `flows.run` does, and tell the tracer of it afterwards."""
    begun_ns = time.time_ns()
    answer = flows.run(
        flow, conversation, parts, on_text=on_text, stopped=stopped, seed=seed, on_node=on_node,
        on_checked=on_checked, options=options, on_step=on_step,
    )  # fmt: skip
    _tell(tracer or trace.get_tracer("lorewright"), flow, answer, begun_ns)
    return answer


def chatted(
    model: str, chunks: Iterable[dict[str, Any]], *, tracer: Tracer | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the chunks of a chat completion, and tell the tracer of it when they end, however they do."""
    begun_ns, usage = time.time_ns(), Usage()
    try:
        for chunk in chunks:
            if chunk.get("usage"):
                usage = usage_in(chunk["usage"])
            yield chunk
    finally:
        attributes = {"gen_ai.operation.name": "chat", **_of_model(model, usage)}
        active_tracer = tracer or trace.get_tracer("lorewright")
        active_tracer.start_span(f"chat {model}", start_time=begun_ns, attributes=attributes).end()


def _tell(tracer: Tracer, flow: Flow, answer: Answer, begun_ns: int) -> None:
    """Make the spans of an answer; what was said is not part of them.

    Nodes lie end to end in the order of the flow: their times are their own, without those of
    the nodes that they waited for.
    """
    whole = tracer.start_span(
        f"invoke_workflow {flow.name}",
        kind=SpanKind.INTERNAL,
        start_time=begun_ns,
        attributes={"gen_ai.operation.name": "invoke_workflow", "gen_ai.agent.name": flow.name}
        | _model(answer)
        | {"lorewright.refused": answer.refused, "lorewright.n_citations": len(answer.citations)},
    )
    within, at_ns = trace.set_span_in_context(whole), begun_ns
    for node in flow.nodes:
        end_ns = at_ns + round(answer.timings_ms[node.id] * NANOSECONDS_A_MS)
        if end_ns > at_ns:  # a node that was not needed has no time
            name, attributes = _node(node.kind, node.id, answer)
            tracer.start_span(name, context=within, start_time=at_ns, attributes=attributes).end(end_ns)
        at_ns = end_ns
    whole.end(begun_ns + round(answer.latency_ms * NANOSECONDS_A_MS))


def _node(kind: str, node_id: str, answer: Answer) -> tuple[str, dict[str, Any]]:
    """Return name and attributes of the span of a node."""
    known = {"lorewright.node.id": node_id, "lorewright.node.kind": kind}
    if kind == "generate":
        model = answer.provenance.model
        return f"chat {model}", {"gen_ai.operation.name": "chat", **_model(answer), **known}
    if kind in ("retrieve", "rerank"):
        return f"retrieval {node_id}", {"gen_ai.operation.name": "retrieval", **known}
    return f"{kind} {node_id}", known


def _model(answer: Answer) -> dict[str, Any]:
    """Return what the conventions say of the model of an answer and its tokens."""
    return _of_model(answer.provenance.model, answer.usage)


def _of_model(model: str, usage: Usage) -> dict[str, Any]:
    return {
        "gen_ai.provider.name": "lorewright",
        "gen_ai.request.model": model,
        "gen_ai.response.model": model,
        "gen_ai.usage.input_tokens": usage.prompt_tokens,
        "gen_ai.usage.output_tokens": usage.completion_tokens,
    }
