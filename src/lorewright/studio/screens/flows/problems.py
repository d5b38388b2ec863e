"""Whether the flow on the canvas can run, and if not, why: found out again after every change."""

from typing import Any

from nicegui import background_tasks, ui

from lorewright.errors import LorewrightError
from lorewright.flows import flow_from_json, problems
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.flows.contract import OpenFlow
from lorewright.workspace.flows.catalogue import check_flow

N_TOLD = 20


class CanRun:
    """A mark that says it, with the reasons behind a button."""

    def __init__(self, page: OpenFlow) -> None:
        self._page = page
        self._place = ui.element("div").classes("lw-row").props('aria-live="polite"')
        self._is_checking = self._is_unchecked = False

    def check(self) -> None:
        """Find out whether the flow can run; changes made meanwhile are looked at together."""
        self._is_unchecked = True
        if not self._is_checking:
            self._is_checking = True
            background_tasks.create(self._checked())

    async def _checked(self) -> None:
        try:
            while self._is_unchecked:
                self._is_unchecked = False
                messages = await self._page.visit.attempt(self._problems, self._page.editor.flow)
                if messages is None or self._place.is_deleted:
                    return
                self._show(messages)
        finally:
            self._is_checking = False

    def _problems(self, values: dict[str, Any]) -> list[str]:
        """Return everything that keeps the flow from running, in words."""
        try:
            flow = flow_from_json(values)
            messages = [f"{problem} {problem.hint}" for problem in problems(flow)]
            if not messages:
                check_flow(self._page.visit.server.workspace, self._page.visit.caller, flow)
            return messages
        except LorewrightError as error:
            return [f"{error} {error.hint}"]

    def _show(self, messages: list[str]) -> None:
        self._place.clear()
        with self._place:
            if not messages:
                badge(t("can run"), "good")
                return
            badge(t("cannot run yet"), "warn")
            why = ui.button(t("Why?"), on_click=lambda: self._tell(messages))
            why.props("flat dense no-caps")

    def _tell(self, messages: list[str]) -> None:
        with self._page.visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
            h2(t("Why it cannot run"))
            for problem in messages[:N_TOLD]:
                Text("p", problem, classes="lw-pre")
            if len(messages) > N_TOLD:
                muted(tn("and {n} more", "and {n} more", len(messages) - N_TOLD))
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")
