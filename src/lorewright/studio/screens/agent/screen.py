"""Agent: a task to give, and the runs so far."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import muted
from lorewright.studio.visit import Visit
from lorewright.workspace.agents.records import AgentRun, run_in
from lorewright.workspace.agents.runs import RunRequest, list_runs, start_run, tool_list

N_SHOWN = 50


async def show(visit: Visit) -> None:
    """Show where a task is given, and the latest runs."""
    with heading(t("Agent"), t("Plans, searches, calculates and calls tools, and shows each step.")):
        pass
    tools = await visit.attempt(lambda: tool_list(visit.server, visit.caller)) or []
    with card(t("Task")):
        task = ui.textarea(t("What is to be done?")).props("outlined autogrow").classes("lw-full")
        with ui.expansion(t("Tools and limits")).classes("lw-full"):
            asking = ui.select(
                [tool["name"] for tool in tools],
                multiple=True,
                label=t("Ask me before these tools"),
                value=[tool["name"] for tool in tools if tool["needs_approval"]],
            ).props("outlined dense use-chips")
            usual = visit.server.workspace.settings.agent.max_steps
            steps = ui.number(t("Maximum steps"), value=usual, min=1, max=200).props("outlined dense")
            muted(t("A run that reaches a limit ends with what it found."))

        async def begin() -> None:
            request = RunRequest(
                task=str(task.value or " "),
                approve=list(asking.value or ()),
                budget={"steps": float(steps.value or usual)},
            )
            run = await visit.attempt(lambda: start_run(visit.server, visit.caller, request))
            if run is not None:
                ui.navigate.to(f"/agent/{run.id}")

        ui.button(t("Start"), icon="play_arrow", on_click=begin).props("unelevated no-caps").classes(
            "lw-start"
        )
    await _show_runs(visit)


async def _show_runs(visit: Visit) -> None:
    page = await visit.attempt(lambda: list_runs(visit.server, visit.caller, limit=N_SHOWN))
    runs = [run_in(record) for record in page.records] if page else []
    if not runs:
        empty("smart_toy", t("No runs yet"), t("Give a task above: its steps and its result stay here."))
        return
    with card(t("Runs")):
        table(t("Runs"), (t("Task"), t("State"), t("Started"), t("Result")), [_row(run) for run in runs])


def _row(run: AgentRun) -> Sequence[Cell]:
    result = " ".join(str(run.outcome.get("text") or run.outcome.get("reason") or "").split())
    return (
        lambda: ui.link(run.task[:80], f"/agent/{run.id}"),
        lambda: run_badge(run.state),
        ago_text(run.created_at),
        result[:100],
    )


def run_badge(state: str) -> ui.element:
    """Show the state of a run."""
    tones: dict[str, Tone] = {
        "finished": "good", "failed": "bad", "stopped": "warn", "waiting": "warn", "running": "busy",
    }  # fmt: skip
    names = {
        "queued": t("queued"), "running": t("running"), "finished": t("done"), "failed": t("failed"),
        "stopped": t("stopped"), "waiting": t("waiting for you"),
    }  # fmt: skip
    return badge(names.get(state, state), tones.get(state, "plain"))
