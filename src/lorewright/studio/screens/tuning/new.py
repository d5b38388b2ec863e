"""A new run: one dial, the tree behind it, and what it will take, before it begins."""

from typing import Any

from nicegui import ui

from lorewright.settings import Effort
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.tuning.estimate import show_plan
from lorewright.studio.screens.tuning.recipe_tree import Tree
from lorewright.studio.screens.tuning.stylesheet import adapter_name, load_tuning_stylesheet
from lorewright.studio.visit import Visit
from lorewright.workspace.dataset.rows import data_table
from lorewright.workspace.dataset.table import DataTable
from lorewright.workspace.documents.listing import count_documents
from lorewright.workspace.tuning.plan import Dials, TuningPlan, plan_tuning
from lorewright.workspace.tuning.runs import start_tuning
from lorewright.workspace.tuning.tune import adapter_kinds

EFFORTS: tuple[Effort, ...] = ("fast", "balanced", "thorough")


async def show(visit: Visit) -> None:
    """Let the dials be turned, say what that takes, and begin."""
    load_tuning_stylesheet()
    with heading(t("New run"), t("Choose an effort. All other settings follow from it and can be changed.")):
        pass
    if not visit.may("tune"):
        empty("lock", t("You need the 'tune' permission."), t("Ask an administrator."))
        return
    wait = loading()
    table = await visit.attempt(lambda: data_table(visit.server, visit.caller))
    discard(wait)
    if table is None:
        return
    if not table.of("examples"):
        description = t("Tuning needs examples. Import some, or accept corrections from chats.")
        empty("dataset", t("No examples yet"), description, action=t("Go to Data"),
              on_click=lambda: ui.navigate.to("/data"))  # fmt: skip
        return
    await _Form(visit, table).changed()


class _Form:
    """The dials; what they would take follows every change."""

    def __init__(self, visit: Visit, table: DataTable) -> None:
        self._visit, self._table = visit, table
        settings = visit.server.workspace.settings
        self._effort: Effort = settings.effort
        self._n_planned = 0
        has_documents = count_documents(visit.server.workspace, visit.caller) > 0
        with card(t("Effort")):
            self._choices: dict[Effort, ui.element] = {}
            group = ui.element("div").classes("tun-dial").props("role=radiogroup")
            group.props["aria-label"] = t("Effort")
            with group:
                for effort in EFFORTS:
                    self._choice(effort)
            usual = adapter_kinds(settings, table.material, has_documents=has_documents)
            kinds: dict[str, str] = {"": t("Both adapters") if has_documents else adapter_name(usual[0])}
            if has_documents:
                kinds |= {kind: adapter_name(kind) for kind in usual}
            self._only = ui.select(kinds, value="", label=t("Adapters to train"), on_change=self.changed)
            self._only.props("outlined dense")
        with (
            card(),
            ui.expansion(t("Advanced settings"), icon="account_tree").classes("lw-full"),
        ):
            self._tree = Tree(settings.tuning, self.changed)
        self._plan = ui.element("div").classes("lw-stack").props('aria-live="polite"')
        with ui.element("div").classes("lw-actions"):
            self._go = ui.button(t("Start"), icon="play_arrow", on_click=self._start)
            self._go.props("unelevated no-caps")
            ui.link(t("Cancel"), "/tuning").classes("lw-button")
        self._mark()

    def _choice(self, effort: Effort) -> None:
        names = {"fast": t("Fast"), "balanced": t("Balanced"), "thorough": t("Thorough")}
        descriptions = {
            "fast": t("Two epochs over at most 200 examples. For a quick check."),
            "balanced": t("Three epochs over at most 1,000 examples. Right for most domains."),
            "thorough": t("Five epochs over all examples. For the best quality."),
        }
        button = ui.element("button").classes("tun-choice").props("type=button role=radio")
        with button:
            Text("span", names[effort], classes="lw-strong")
            Text("span", descriptions[effort], classes="lw-muted lw-small")

        async def pick() -> None:
            self._effort = effort
            self._mark()
            await self.changed()

        button.on("click", pick)
        # As in every group of radio buttons: one of them takes the focus, arrows move it.
        button.on("keydown.right.prevent", lambda: self._move(effort, 1))
        button.on("keydown.down.prevent", lambda: self._move(effort, 1))
        button.on("keydown.left.prevent", lambda: self._move(effort, -1))
        button.on("keydown.up.prevent", lambda: self._move(effort, -1))
        self._choices[effort] = button

    async def _move(self, effort: Effort, by: int) -> None:
        self._effort = EFFORTS[(EFFORTS.index(effort) + by) % len(EFFORTS)]
        self._mark()
        ui.run_javascript(f"getHtmlElement({self._choices[self._effort].id})?.focus()")
        await self.changed()

    def _mark(self) -> None:
        for effort, button in self._choices.items():
            is_on = effort == self._effort
            button.props(f'aria-checked="{str(is_on).lower()}" tabindex={0 if is_on else -1}')

    def _dials(self) -> Dials:
        return Dials(effort=self._effort, tuning=self._tree.value())

    async def changed(self, *_: Any) -> None:
        """Plan again; of several plans under way the last one counts."""
        self._n_planned += 1
        mine = self._n_planned
        plan = await self._visit.attempt(self._planned)
        if plan is None or mine != self._n_planned:
            return
        self._plan.clear()
        with self._plan:
            show_plan(plan, self._table)
        self._go.set_enabled(not plan.problems)

    def _planned(self) -> TuningPlan:
        visit, only = self._visit, str(self._only.value or "") or None
        return plan_tuning(visit.server.workspace, visit.caller, self._table, self._dials(), only=only)

    async def _start(self) -> None:
        self._go.set_enabled(False)
        server, only = self._visit.server, str(self._only.value or "") or None
        job = await self._visit.attempt(
            lambda: start_tuning(server, self._visit.caller, self._dials(), only=only)
        )
        self._go.set_enabled(True)
        if job:
            ui.navigate.to("/tuning")
