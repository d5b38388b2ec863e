"""One run of an agent: its plan, its steps as they happen, its sub-agents and files, and its result."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from lorewright.agents.outcome import Approval, pending_approvals
from lorewright.amounts import usd_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.agent.result import show_result
from lorewright.studio.screens.agent.screen import run_badge
from lorewright.studio.screens.agent.steps import show_plan, show_steps
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.agents.learning import rate_run
from lorewright.workspace.agents.records import AgentRun
from lorewright.workspace.agents.runs import (
    continue_run,
    decide,
    edit_plan,
    find_run,
    run_entries,
    run_entry,
    run_file,
    run_files,
    stop_run,
)

LOOK_EVERY_SECONDS = 1.0


async def show(visit: Visit, agent_run_id: str) -> None:
    """Show a run; while it goes on, what is new follows."""
    run = await visit.attempt(lambda: find_run(visit.server, visit.caller, agent_run_id))
    if run is None:
        empty("search_off", t("Run not found."), also=(t("All runs"), "/agent"))
        return
    RunPage(visit, run)


class RunPage:
    """A run in sight; looks for what is new once a second until it is over or waits."""

    def __init__(self, visit: Visit, run: AgentRun) -> None:
        self._visit, self._run = visit, run
        self._seen: tuple[int, str] = (-1, "")
        with heading(t("Agent")):
            ui.link(t("All runs"), "/agent").classes("lw-button")
            self._stop = ui.button(t("Stop"), icon="stop", on_click=self._halt).props("outline no-caps")
        with card(t("Task")):
            Text("p", run.task, classes="lw-pre")
            self._state = ui.element("div").classes("lw-row").props('aria-live="polite"')
        self._approvals = ui.element("div").classes("lw-full")
        self._result = ui.element("div").classes("lw-full")
        with ui.element("div").classes("agent-body"):
            self._steps = ui.element("div").classes("lw-stack")
            with ui.element("div").classes("lw-stack"):
                self._plan = ui.element("div").classes("lw-full")
                self._files = ui.element("div").classes("lw-full")
        self._timer = ui.timer(LOOK_EVERY_SECONDS, self._look)

    async def _look(self) -> None:
        """Show what is new; stop once nothing more will come by itself."""
        loaded = await self._visit.attempt(self._read)
        if loaded is None:
            self._timer.deactivate()
            return
        run, entries, files = loaded
        if (len(entries), run.state) != self._seen:
            self._seen, self._run = (len(entries), run.state), run
            self._show(entries, files)
        if run.is_over or run.state == "waiting":
            self._timer.deactivate()

    def _read(self) -> tuple[AgentRun, list[dict[str, Any]], list[str]]:
        server, caller, run_id = self._visit.server, self._visit.caller, self._run.id
        run = find_run(server, caller, run_id)
        return run, run_entries(server, caller, run_id), run_files(server, caller, run_id)

    def _show(self, entries: Sequence[dict[str, Any]], files: Sequence[str]) -> None:
        run = self._run
        for place in (self._state, self._approvals, self._result, self._plan, self._steps, self._files):
            place.clear()
        self._stop.set_visibility(not run.is_over)
        with self._state:
            run_badge(run.state)
            if spent := run.outcome.get("spent"):
                muted(_spent_text(spent))
        with self._approvals:
            self._show_approvals(pending_approvals(entries))
        with self._result:
            self._show_result()
        with self._plan:
            show_plan(entries, None if run.is_over else self._edit)
        with self._steps, card(t("Steps")):
            is_going_on = not run.is_over and run.state != "waiting"
            show_steps(entries, self._rerun if run.is_over else None, self._entry, is_going_on=is_going_on)
        with self._files:
            self._show_files(files)

    def _show_approvals(self, waiting_calls: Sequence[Approval]) -> None:
        if self._run.state != "waiting" or not waiting_calls:
            return
        with card(t("Waiting for you"), t("The agent goes on once you have decided on every call.")):
            for waiting in waiting_calls:
                call_id = waiting.call_id
                with ui.element("div").classes("lw-row"):
                    call = f"{waiting.tool} {json.dumps(waiting.arguments, ensure_ascii=False)}"
                    Text("p", call, classes="lw-mono lw-pre lw-grow")
                    ui.button(
                        t("Approve"), on_click=lambda _, one=call_id: self._decide(one, is_approved=True)
                    ).props("unelevated no-caps")
                    ui.button(
                        t("Deny"), on_click=lambda _, one=call_id: self._decide(one, is_approved=False)
                    ).props("outline no-caps")

    def _show_result(self) -> None:
        outcome = self._run.outcome
        if not outcome.get("text") and not outcome.get("reason"):
            return
        with card(t("Answer")):
            show_result(outcome)
            self._show_rating()
            if self._run.state in ("stopped", "failed"):
                ui.button(t("Continue"), icon="play_arrow", on_click=self._continue).props("outline no-caps")

    def _show_rating(self) -> None:
        """Show what somebody thinks of the run, and take it."""
        if not self._run.is_over:
            return
        thumbs = (("up", "thumb_up", t("Good run")), ("down", "thumb_down", t("Bad run")))
        with ui.element("div").classes("lw-row"):
            for thumb, icon, name in thumbs:
                is_set = self._run.thumb == thumb
                wanted = "" if is_set else thumb
                button = icon_button(icon if is_set else f"{icon}_off_alt", name, partial(self._rate, wanted))
                button.props(f"aria-pressed={'true' if is_set else 'false'}")
            muted(t("A driver can be tuned on runs that were rated good."))

    async def _rate(self, thumb: str) -> None:
        rated = await self._visit.attempt(
            lambda: rate_run(self._visit.server, self._visit.caller, self._run.id, thumb)
        )
        if rated is not None:
            self._seen = (-1, "")
            self._timer.activate()

    def _show_files(self, files: Sequence[str]) -> None:
        if not files:
            return
        with card(t("Working files")):
            for name in files:
                with ui.expansion(name).classes("lw-full") as expansion:
                    text = Text("pre", "", classes="lw-mono lw-pre")
                expansion.on_value_change(
                    lambda event, one=name, place=text: self._fill(one, place) if event.value else None
                )

    async def _entry(self, n: int) -> dict[str, Any] | None:
        return await self._visit.attempt(
            lambda: run_entry(self._visit.server, self._visit.caller, self._run.id, n)
        )

    async def _fill(self, name: str, place: Text) -> None:
        read = await self._visit.attempt(
            lambda: run_file(self._visit.server, self._visit.caller, self._run.id, name)
        )
        place.text = (read or "")[:50_000]

    async def _decide(self, call_id: str, *, is_approved: bool) -> None:
        decided = await self._visit.attempt(
            lambda: decide(self._visit.server, self._visit.caller, self._run.id, {call_id: is_approved})
        )
        if decided is not None:
            self._seen = (-1, "")
            self._timer.activate()

    async def _edit(self, lines: str) -> None:
        items = [line.strip() for line in lines.splitlines() if line.strip()]
        edited = await self._visit.attempt(
            lambda: edit_plan(self._visit.server, self._visit.caller, self._run.id, items)
        )
        if edited is not None:
            tell(t("The agent reads the new plan before its next step."))

    async def _halt(self) -> None:
        stopped = await self._visit.attempt(
            lambda: stop_run(self._visit.server, self._visit.caller, self._run.id)
        )
        if stopped is not None:
            self._timer.activate()
            tell(t("It stops after the step it is at."))

    async def _continue(self) -> None:
        budget = {"steps": float(self._visit.server.workspace.settings.agent.max_steps * 2)}
        going = await self._visit.attempt(
            lambda: continue_run(self._visit.server, self._visit.caller, self._run.id, budget=budget)
        )
        if going is not None:
            self._timer.activate()

    async def _rerun(self, n: int) -> None:
        again = await self._visit.attempt(
            lambda: continue_run(self._visit.server, self._visit.caller, self._run.id, from_entry=n)
        )
        if again is not None:
            ui.navigate.to(f"/agent/{again.id}")


def _spent_text(spent: Mapping[str, Any]) -> str:
    """Return what a run took; fixed steps ask no model what to do, and take no tokens for that."""
    n = int(spent["steps"])
    steps = t("1 step") if n == 1 else t("{n} steps", n=n)
    if not spent["tokens"]:
        return steps
    return t(
        "{steps}, {tokens} tokens, {usd}",
        steps=steps,
        tokens=f"{spent['tokens']:,}",
        usd=usd_text(float(spent["usd"])),
    )
