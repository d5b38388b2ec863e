"""Agent: a task to give, and the runs so far."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nicegui import ui

from lorewright.errors import BadParameter, NotFound
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.agent.examples import example_tasks, some_titles
from lorewright.studio.screens.agent.tool_words import can_use, tool_words
from lorewright.studio.visit import Visit
from lorewright.workspace.agents.drivers import has_fixed_steps
from lorewright.workspace.agents.records import AgentRun, run_in
from lorewright.workspace.agents.runs import RunRequest, list_runs, start_run, tool_list

N_SHOWN = 50
FIXED_STEPS = (
    "The chat model is small, so the steps are fixed: a task is cut into its questions, each is looked up in "
    "the documents, and what can be calculated is. With a larger model, the agent plans by itself."
)


async def show(visit: Visit) -> None:
    """Show where a task is given, and the latest runs."""
    with heading(t("Agent"), t("Plans, searches, calculates and calls tools, and shows each step.")):
        pass
    tools = await visit.attempt(lambda: tool_list(visit.server, visit.caller)) or []
    is_planned = bool(await visit.attempt(_is_planned, visit))
    titles = await visit.attempt(some_titles, visit) if visit.may("read") else []
    TaskForm(visit, tools, example_tasks(titles or [], is_planned=is_planned), is_planned=is_planned)
    await _show_runs(visit)


def _is_planned(visit: Visit) -> bool:
    """Return whether the steps of an agent are fixed."""
    try:
        return has_fixed_steps(visit.server, visit.caller)
    except (NotFound, BadParameter):  # there is no driver, or not for this visitor: starting a run says so
        return False


class TaskForm:
    """The box for a task, tasks to begin with, and what the agent may do and use."""

    def __init__(
        self,
        visit: Visit,
        tools: Sequence[Mapping[str, Any]],
        tasks: Sequence[str],
        *,
        is_planned: bool,
    ) -> None:
        self._visit = visit
        self._usual = visit.server.workspace.settings.agent.max_steps
        with card():
            self._task = ui.textarea(t("What is to be done?")).props("outlined autogrow autofocus")
            self._task.classes("lw-full agent-task").on("keydown.ctrl.enter", self._begin)
            self._task.on("keydown.meta.enter", self._begin)
            if tasks:
                self._show_tasks(tasks)
            with ui.element("div").classes("lw-row"):
                ui.button(t("Start"), icon="play_arrow", on_click=self._begin).props("unelevated no-caps")
                muted(t("Ctrl+Enter starts, too.")).classes("lw-small")
            if is_planned:
                muted(t(FIXED_STEPS)).classes("lw-small")
            self._show_limits(tools)

    def _show_tasks(self, tasks: Sequence[str]) -> None:
        with (
            ui.element("div")
            .classes("lw-row agent-examples")
            .props(f'role="group" aria-label="{t("Examples")}"')
        ):
            Text("span", t("For example:"), classes="lw-muted lw-small")
            for task in tasks:
                with ui.element("button").classes("lw-chip agent-example").props('type="button"') as button:
                    Text("span", task)
                button.on("click", partial(self._take, task))

    def _show_limits(self, tools: Sequence[Mapping[str, Any]]) -> None:
        with ui.expansion(t("Tools and limits")).classes("lw-full"):
            if tools:
                muted(t("It can {list}.", list=", ".join(can_use(tools)))).classes("lw-small")
            self._asking = (
                ui.select(
                    {tool["name"]: tool_words(str(tool["name"])).name for tool in tools},
                    multiple=True,
                    label=t("Ask me before it may"),
                    value=[tool["name"] for tool in tools if tool["needs_approval"]],
                )
                .props("outlined dense use-chips")
                .classes("lw-full")
            )
            self._steps = ui.number(t("Maximum steps"), value=self._usual, min=1, max=200)
            self._steps.props("outlined dense")
            muted(t("A run that reaches a limit ends with what it found.")).classes("lw-small")

    def _take(self, task: str) -> None:
        self._task.set_value(task)
        self._task.run_method("focus")

    async def _begin(self) -> None:
        request = RunRequest(
            task=str(self._task.value or " "),
            approve=list(self._asking.value or ()),
            budget={"steps": float(self._steps.value or self._usual)},
        )
        visit = self._visit
        run = await visit.attempt(lambda: start_run(visit.server, visit.caller, request))
        if run is not None:
            ui.navigate.to(f"/agent/{run.id}")


async def _show_runs(visit: Visit) -> None:
    page = await visit.attempt(lambda: list_runs(visit.server, visit.caller, limit=N_SHOWN))
    runs = [run_in(record) for record in page.records] if page else []
    with card(t("Runs")):
        if not runs:
            muted(t("None yet. The steps, the sources and the answer of each task stay here."))
            return
        table(t("Runs"), (t("Task"), t("State"), t("Started"), t("Result")), [_row(run) for run in runs])


def _row(run: AgentRun) -> Sequence[Cell]:
    result = " ".join(str(run.outcome.get("text") or run.outcome.get("reason") or "").split())
    return (
        lambda: ui.link(run.task[:80], f"/agent/{run.id}").classes("agent-name"),
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
