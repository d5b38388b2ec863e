"""From a conversation to an answer: runs a flow."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from lorewright.errors import UserError
from lorewright.flows.answer import Answer, Provenance
from lorewright.flows.check import check
from lorewright.flows.draft import Draft
from lorewright.flows.flow import Flow
from lorewright.flows.flow_json import flow_hash
from lorewright.flows.kinds import Running
from lorewright.flows.parameters import build
from lorewright.flows.parts import Parts
from lorewright.flows.trace import to_trace
from lorewright.messages import Conversation, last_user_turn
from lorewright.models import Stopped, never


def unheard(text: str) -> None:
    """Listen to nothing."""


def run(
    flow: Flow,
    conversation: Conversation,
    parts: Parts,
    *,
    on_text: Callable[[str], None] = unheard,
    stopped: Stopped = never,
    seed: int = 0,
) -> Answer:
    """Return what the flow answers to the last user turn of `conversation`.

    `on_text` hears the model's text piece by piece; the answer that is returned may differ from
    it: citation markers are taken out, and an ungrounded text may have become a refusal. When
    `stopped()` becomes true, the text so far is the answer. A node that turns out not to be
    needed does not run: its time is 0 and its trace empty.
    """
    check(flow)
    if not last_user_turn(conversation).strip():
        raise UserError("The conversation holds no question.", hint="End it with a user's turn.")
    begun = time.perf_counter()
    running = Running(conversation, parts, on_text, stopped, seed, {})
    work = _Work(flow, running)
    draft: Draft = work.value(next(node.id for node in flow.nodes if node.kind == "answer"), "answer")
    made_by = {"model": "", "weights": "", "adapter": "", "index_version": "", "prompt_hash": ""}
    return Answer(
        arm=flow.name,
        text=draft.text,
        citations=draft.citations,
        hits=draft.hits,
        usage=draft.usage,
        latency_ms=(time.perf_counter() - begun) * 1000,
        timings_ms=work.timings_ms,
        provenance=Provenance(**(made_by | running.made_by), flow_hash=flow_hash(flow), seed=seed),
        refused=draft.refused,
        unsupported=draft.unsupported,
        trace=work.trace,
    )


class _Work:
    """One run of a flow: every node runs at most once, when a value of it is asked for."""

    def __init__(self, flow: Flow, running: Running) -> None:
        self.timings_ms = {node.id: 0.0 for node in flow.nodes}
        self.trace: dict[str, Any] = {node.id: {} for node in flow.nodes}
        self._kinds = {node.id: build(node) for node in flow.nodes}
        self._sources = {
            (edge.target, edge.target_port): (edge.source, edge.source_port) for edge in flow.edges
        }
        self._outputs: dict[str, Mapping[str, Any]] = {}
        self._running = running
        self._inner_ms = 0.0  # time of the nodes that the node at work has waited for

    def value(self, node_id: str, port: str) -> Any:
        """Return what leaves a node at a port."""
        if node_id not in self._outputs:
            self._run(node_id)
        return self._outputs[node_id][port]

    def _run(self, node_id: str) -> None:
        begun = time.perf_counter()
        outer_ms, self._inner_ms = self._inner_ms, 0.0
        outputs = self._kinds[node_id].run(partial(self._taken, node_id), self._running)
        whole_ms = (time.perf_counter() - begun) * 1000
        self.timings_ms[node_id] = whole_ms - self._inner_ms
        self._inner_ms = outer_ms + whole_ms
        self._outputs[node_id] = outputs
        self.trace[node_id] = {port: to_trace(value) for port, value in outputs.items()}

    def _taken(self, node_id: str, port: str) -> Any:
        """Return what enters a node at a port, or `None` where nothing is connected."""
        source = self._sources.get((node_id, port))
        return None if source is None else self.value(*source)
