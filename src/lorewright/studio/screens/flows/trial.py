"""Trying a flow out next to its canvas: a question, every node's state as it runs, and what it put out."""

import asyncio
from collections.abc import Mapping
from typing import Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.errors import Cancelled
from lorewright.flows import flow_from_json
from lorewright.messages import Message
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.studio.screens.flows.contract import OpenFlow
from lorewright.studio.screens.flows.node_outputs import in_short, show_outputs
from lorewright.workspace.answering.flow_trials import run_from, try_flow

Outputs = dict[str, dict[str, Any]]


class FlowRun:
    """The panel beside the canvas; it remembers what every node put out in the last run."""

    def __init__(self, page: OpenFlow) -> None:
        self._page = page
        self._outputs: Outputs = {}
        self._times: dict[str, float] = {}
        self._is_stopped = False
        with ui.element("aside").classes("lw-flow-side").props(f'aria-label="{t("Try it")}"') as self._panel:
            with ui.element("div").classes("lw-row"):
                h2(t("Try it"))
                ui.element("div").classes("lw-grow")
                close = ui.button(icon="close", on_click=self.toggle).props("flat round dense")
                close.props(f'aria-label="{t("Close")}"')
            self._question = ui.textarea(t("Question")).props("outlined dense autogrow")
            self._question.on("keydown.ctrl.enter", self.whole)
            with ui.element("div").classes("lw-actions"):
                self._go = ui.button(t("Run all"), icon="play_arrow", on_click=self.whole)
                self._go.props("unelevated no-caps")
                self._stop = ui.button(t("Stop"), icon="stop", on_click=self._end).props("outline no-caps")
                self._stop.set_visibility(False)
            muted(t("Run a single node again from its menu, with the same inputs.")).classes("lw-small")
            self._result = ui.element("div").classes("lw-stack").props('aria-live="polite"')
        self._panel.set_visibility(False)

    def toggle(self) -> None:
        """Open or close the panel."""
        self._panel.set_visibility(not self._panel.visible)

    async def whole(self) -> None:
        """Run the whole flow on the question."""
        await self._page.editor.settle()
        visit, flow, hear = self._page.visit, self._page.editor.flow, self._hear()

        def work() -> Mapping[str, Any]:
            parsed = flow_from_json(flow)
            messages = (Message(role="user", content=str(self._question.value or "")),)
            return try_flow(
                visit.server, visit.caller, parsed, messages, stopped=lambda: self._is_stopped, on_node=hear
            )

        self._outputs, self._times = {}, {}
        result = await self._work(work)
        if result:
            self._outputs = {node["id"]: dict(node["outputs"]) for node in result["nodes"]}
            self._show_answer(result["answer"])

    async def from_node(self, node: str) -> None:
        """Run a node and what is behind it again."""
        self._panel.set_visibility(True)
        visit, flow, outputs = self._page.visit, self._page.editor.flow, dict(self._outputs)
        hear = self._hear()

        def work() -> Outputs:
            parsed = flow_from_json(flow)
            messages = (Message(role="user", content=str(self._question.value or "")),)
            return run_from(
                visit.server, visit.caller, parsed, node, outputs, messages,
                stopped=lambda: self._is_stopped, on_node=hear,
            )  # fmt: skip

        kept = await self._work(work)
        if kept is not None:
            self._outputs = kept
            self.show_output(node)

    async def _work(self, work: Any) -> Any:
        self._is_stopped = False
        self._go.set_enabled(False)
        self._stop.set_visibility(True)
        try:
            return await self._page.visit.attempt(_ending(work))
        finally:
            self._go.set_enabled(True)
            self._stop.set_visibility(False)

    def _end(self) -> None:
        self._is_stopped = True

    def _hear(self) -> Any:
        """Return what hears of nodes in the thread that runs them, and draws them on the page."""
        loop, editor = asyncio.get_running_loop(), self._page.editor

        def draw(node: str, state: str, ms: float, trace: Mapping[str, Any]) -> None:
            if state == "skipped":
                editor.set_state(node, None)
                return
            drawn: dict[str, Any] = {"status": state}
            if state == "done":
                self._outputs[node], self._times[node] = dict(trace), ms
                drawn |= {"ms": ms, "output": in_short(trace)}
            editor.set_state(node, drawn)  # type: ignore[arg-type]

        def hear(node: str, state: str, ms: float, trace: Mapping[str, Any]) -> None:
            loop.call_soon_threadsafe(draw, node, state, ms, dict(trace))

        return hear

    def _show_answer(self, answer: Mapping[str, Any]) -> None:
        self._result.clear()
        with self._result:
            h3(t("Answer"))
            if answer["refused"]:
                badge(t("refused"), "warn")
            Text("p", str(answer["text"]), classes="lw-pre")
            for sentence in answer["unsupported"]:
                Text("p", t("Unsupported: {sentence}", sentence=sentence), classes="lw-error")
            usage = answer["usage"]
            facts = [
                seconds_text(answer["latency_ms"] / 1000),
                t("{n} tokens in", n=usage["prompt_tokens"]),
                t("{n} out", n=usage["completion_tokens"]),
            ]
            muted(" · ".join(facts)).classes("lw-small")
            for number, one in enumerate(answer["annotations"], start=1):
                cited = one["url_citation"]
                Text("p", f"[{number}] {cited['title']}: {cited['quote']}"[:400], classes="lw-small lw-pre")

    def show_output(self, node: str) -> None:
        """Show everything that a node put out in the last run."""
        self._panel.set_visibility(True)
        self._result.clear()
        with self._result:
            h3(node)
            if node not in self._outputs:
                muted(t("No output yet."))
                return
            if node in self._times:
                muted(seconds_text(self._times[node] / 1000))
            show_outputs(self._outputs[node])


def _ending(work: Any) -> Any:
    """Return the work as one that a stop ends without an error."""

    def done() -> Any:
        try:
            return work()
        except Cancelled:
            return None

    return done
