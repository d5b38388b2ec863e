"""From a conversation to an answer: runs a flow."""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Literal

from lorewright.errors import InvalidFlow, UserError
from lorewright.flows.answer import Answer, Draft, Provenance
from lorewright.flows.branches import Branches
from lorewright.flows.calls import check_calls
from lorewright.flows.deep_calls import call_deep
from lorewright.flows.draft_stream import DraftStream
from lorewright.flows.flow import Flow
from lorewright.flows.flow_json import flow_hash
from lorewright.flows.kinds import Called, OnStep, Running, ignore_step
from lorewright.flows.options import AnswerOptions
from lorewright.flows.parameters import build
from lorewright.flows.parts import Parts
from lorewright.flows.trace import to_trace
from lorewright.messages import Conversation, last_user_turn
from lorewright.models import Stopped, Usage, never

NodeState = Literal["waiting", "running", "done", "failed", "skipped"]

OnNode = Callable[[str, NodeState, float, Mapping[str, Any]], None]
"""Called as `on_node(node_id, state, ms, trace)`; `ms` and `trace` are those of `Answer` once it is done.

Every node begins as `waiting`, and waits again while another one runs for it. What was not needed, not
on the branch that was taken, or not reached before a failure ends as `skipped`.
"""


def ignore_text(text: str) -> None:
    """Listen to nothing."""


def ignore_state(node_id: str, state: NodeState, ms: float, trace: Mapping[str, Any]) -> None:
    """Watch nothing."""


def run(
    flow: Flow,
    conversation: Conversation,
    parts: Parts,
    *,
    on_text: Callable[[str], None] = ignore_text,
    stopped: Stopped = never,
    seed: int = 0,
    on_node: OnNode = ignore_state,
    on_checked: Callable[[str], None] | None = None,
    options: AnswerOptions | None = None,
    on_step: OnStep = ignore_step,
) -> Answer:
    """Return what the flow answers to the last user turn of `conversation`, written as `options` say.

    `on_text` hears the model's text piece by piece; the answer that is returned may differ from
    it: citation markers are taken out, and an ungrounded text may have become a refusal. `on_checked`
    hears only what the nodes behind the model let through so far: the beginning of the answer,
    unless they withhold the whole at its end. `on_step` hears of the steps of agents. When
    `stopped()` becomes true, the text so far is the answer. A node that turns out not to be
    needed, or lies on a branch that is not taken, does not run: its time is 0 and its trace empty.
    """
    check_calls(flow, parts.flow)
    if not last_user_turn(conversation).strip():
        raise UserError("The conversation contains no question.", hint="End it with a user message.")
    started = time.perf_counter()
    stream = DraftStream(on_checked)

    def hear(piece: str) -> None:
        on_text(piece)
        stream.hear(piece)

    running = Running(
        conversation,
        parts,
        hear,
        stopped,
        seed,
        {},
        call_nothing,
        options=options or AnswerOptions(),
        stream=stream,
        on_step=on_step,
    )
    work = _Work(flow, calling(running), on_node)
    try:
        draft = work.answer()
    finally:
        work.say_skipped()
    made_by = {"model": "", "weights": "", "adapter": "", "index_version": "", "prompt_hash": ""}
    return Answer(
        arm=flow.name,
        text=draft.text,
        citations=draft.citations,
        hits=draft.hits,
        usage=sum(running.spent, draft.usage),
        latency_ms=(time.perf_counter() - started) * 1000,
        timings_ms=work.timings_ms,
        provenance=Provenance(**(made_by | running.made_by), flow_hash=flow_hash(flow), seed=seed),
        refused=draft.refused,
        unsupported=draft.unsupported,
        calls=draft.calls,
        finish_reason="stop" if draft.refused else draft.finish_reason,
        trace=work.trace,
        left_out=dict(running.left_out),
        node_usage=work.usage,
        nearest=draft.nearest if draft.refused else (),
    )


def calling(running: Running) -> Running:
    """Return the same with which other flows can be called; who calls has looked at `check_calls`."""

    def call(name: str, conversation: Conversation) -> Called:
        flow = running.parts.flow(name)
        work = _Work(flow, replace(running, conversation=conversation, call=call), ignore_state)
        return Called(work.answer(), work.nodes(flow))

    return replace(running, call=call)


def call_nothing(name: str, conversation: Conversation) -> Called:
    """Call nothing: `calling` puts what calls in its place."""
    raise NotImplementedError(name, conversation)


class _Work:
    """One run of a flow: every node runs at most once, when a value of it is asked for."""

    def __init__(self, flow: Flow, running: Running, on_node: OnNode) -> None:
        self.timings_ms = {node.id: 0.0 for node in flow.nodes}
        self.trace: dict[str, Any] = {node.id: {} for node in flow.nodes}
        self._answer = next(node.id for node in flow.nodes if node.kind == "answer")
        self._kinds = {node.id: build(node) for node in flow.nodes}
        kinds = {node_id: type(kind) for node_id, kind in self._kinds.items()}
        self._branches = Branches(flow, kinds, self._all_of)
        self._outputs: dict[str, Mapping[str, Any]] = {}
        self._running = running
        self._on_node = on_node
        self._failed: set[str] = set()
        self._at_work: list[str] = []
        self._inner_ms = 0.0  # time of the nodes that the node at work has waited for
        self.usage: dict[str, Usage] = {}
        self._inner_spent = Usage()  # what those nodes asked of a model besides
        for node_id in self._kinds:
            self._say(node_id, "waiting")

    def answer(self) -> Draft:
        """Return what the flow ends in."""
        if not self._branches.runs(self._answer):
            raise InvalidFlow("Nothing reaches the answer.", hint="Connect every branch to the answer.")
        draft: Draft = self._all_of(self._answer)["answer"]
        return draft

    def nodes(self, flow: Flow) -> list[dict[str, Any]]:
        """Return every node with its time and what it put out, in the order of the flow, as JSON."""
        return [
            {
                "id": node.id,
                "kind": node.kind,
                "time_ms": self.timings_ms[node.id],
                "outputs": self.trace[node.id],
            }
            for node in flow.nodes
        ]

    def say_skipped(self) -> None:
        """Tell of every node that did not run to its end."""
        for node_id in self._kinds:
            if node_id not in self._outputs and node_id not in self._failed:
                self._say(node_id, "skipped")

    def _all_of(self, node_id: str) -> Mapping[str, Any]:
        """Return what leaves a node, by port."""
        if node_id not in self._outputs:
            if self._at_work:
                self._say(self._at_work[-1], "waiting")
            self._at_work.append(node_id)
            self._say(node_id, "running")
            try:
                call_deep(len(self._at_work), partial(self._run, node_id))
            except BaseException:
                if not self._failed:  # where it happened, not the nodes that waited for it
                    self._failed.add(node_id)
                    self._say(node_id, "failed")
                raise
            self._at_work.pop()
            self._say(node_id, "done")
            if self._at_work:
                self._say(self._at_work[-1], "running")
        return self._outputs[node_id]

    def _run(self, node_id: str) -> None:
        started = time.perf_counter()
        outer_ms, self._inner_ms = self._inner_ms, 0.0
        outer_spent, self._inner_spent = self._inner_spent, Usage()
        spent_before = sum(self._running.spent, Usage())
        running = replace(self._running, notes={})
        outputs = self._kinds[node_id].run(partial(self._taken, node_id), running)
        whole_ms = (time.perf_counter() - started) * 1000
        self.timings_ms[node_id] = whole_ms - self._inner_ms
        self._inner_ms = outer_ms + whole_ms
        spent = sum(self._running.spent, Usage()) - spent_before
        self._note_usage(node_id, outputs, spent - self._inner_spent)
        self._inner_spent = outer_spent + spent
        self._outputs[node_id] = outputs
        self.trace[node_id] = {port: to_trace(value) for port, value in outputs.items()} | running.notes

    def _note_usage(self, node_id: str, outputs: Mapping[str, Any], spent: Usage) -> None:
        """Note the tokens of a node: what it asked besides, and the draft that it wrote itself."""
        is_writing = not any(port.type == "draft" for port in self._kinds[node_id].inputs.values())
        if is_writing:
            spent = sum((draft.usage for draft in outputs.values() if isinstance(draft, Draft)), spent)
        if spent != Usage():
            self.usage[node_id] = spent

    def _taken(self, node_id: str, port: str) -> Any:
        """Return what enters a node at a port, or `None` where nothing is delivered."""
        source = self._branches.source(node_id, port)
        return None if source is None else self._all_of(source[0])[source[1]]

    def _say(self, node_id: str, state: NodeState) -> None:
        self._on_node(node_id, state, self.timings_ms[node_id], self.trace[node_id])
