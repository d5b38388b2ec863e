"""What else can be done with a flow: versions, files, a copy, a measurement, a deployment, a snippet."""

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast
from urllib.parse import quote

from nicegui import ui

from lorewright.flows import flow_difference
from lorewright.studio.flow_editor import Layout
from lorewright.studio.i18n import t
from lorewright.studio.parts.api_snippets import KEY_PLACEHOLDER, snippet_texts
from lorewright.studio.parts.copied import snippets
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.person_names import person_name
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.studio.screens.flows.contract import OpenFlow
from lorewright.studio.screens.flows.screen import rename_copy
from lorewright.studio.visit import tell, tell_error
from lorewright.workspace.flows.catalogue import all_own_flows
from lorewright.workspace.flows.drafts import FlowVersion, versions_of_flow


class FlowMore:
    """The actions of a flow beside editing it."""

    def __init__(self, page: OpenFlow) -> None:
        self._page = page

    def menu(self) -> None:
        """Show the actions behind one button."""
        visit = self._page.visit
        with ui.button(icon="more_horiz").props(f'flat round aria-label="{t("More")}"'), ui.menu():
            if visit.may("evaluate"):
                _item(t("Measure this flow"), self.measure)
            if visit.may("deploy"):
                _item(t("Deploy this flow"), self.deploy)
                _item(t("Versions"), self.versions)
                _item(t("Copy"), self.copy)
            _item(t("Export as JSON"), self.export)
            _item(t("Call it over the API"), self.snippet)

    async def copy(self) -> None:
        """Begin another flow with what this one is now."""
        await rename_copy(self._page.visit, self._page.editor.flow, self._page.name)

    def export(self) -> None:
        """Give the flow as a file."""
        name = json.dumps(f"{self._page.name}.json")
        ui.run_javascript(f"lorewright.download({name}, {json.dumps(self._page.export())})")

    async def measure(self) -> None:
        """Lead to the form that compares the saved flow with base and rag, and says how long that takes."""
        if await self._is_saved():
            ui.navigate.to(f"/compare/new?arm={quote(self._page.name)}")

    async def deploy(self) -> None:
        """Lead to the form that deploys the saved flow."""
        if await self._is_saved():
            ui.navigate.to(f"/deployments?arm={quote(self._page.name)}")

    async def _is_saved(self) -> bool:
        visit = self._page.visit
        saved = await visit.attempt(lambda: all_own_flows(visit.server.workspace, visit.caller))
        if saved is None or self._page.name in saved:
            return saved is not None
        tell_error(
            t("This flow has not been saved."),
            t("Save it first. Only saved versions can be measured and deployed."),
        )
        return False

    def snippet(self) -> None:
        """Show how a program calls the saved flow."""
        visit = self._page.visit
        model = f"{visit.server.name}/{self._page.name}"
        with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
            h2(t("Call it over the API"))
            muted(
                t("The saved version is available under this model name. Deploy it to get a permanent name.")
            )
            snippets(t("Language"), snippet_texts(visit.base_url, model, KEY_PLACEHOLDER))
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")

    async def versions(self) -> None:
        """Show the versions that were saved, what each changed, and a way back to each."""
        visit, name = self._page.visit, self._page.name
        saved_versions = await visit.attempt(lambda: versions_of_flow(visit.server, visit.caller, name)) or []
        with (
            visit.client.content,
            ui.dialog(value=True) as dialog,
            ui.card().classes("lw-dialog lw-dialog-wide"),
        ):
            h2(t("Versions"))
            if not saved_versions:
                muted(t("No saved versions yet."))
            previous = {one.number: before for before, one in pairwise(saved_versions)}
            for one in reversed(saved_versions):
                self._version(one, previous.get(one.number), dialog)
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")

    def _version(self, one: FlowVersion, before: FlowVersion | None, dialog: ui.dialog) -> None:
        def back() -> None:
            self._page.editor.set_flow({**one.flow, "name": self._page.name}, cast(Layout, dict(one.layout)))
            self._page.take_whole()
            dialog.close()
            tell(t("Version {n} is on the canvas. Save it to use it.", n=one.number))

        with ui.element("section").classes("lw-card"):
            with ui.element("div").classes("lw-row"):
                h3(t("Version {n}", n=one.number))
                muted(t("{who}, {when}", who=person_name(one.by), when=moment_text(one.at)))
                ui.element("div").classes("lw-grow")
                button = ui.button(t("Restore"), on_click=back).props("outline dense no-caps")
                button.props(f'aria-label="{t("Restore version {n}", n=one.number)}"')
            if one.note:
                Text("p", one.note, classes="lw-pre")
            changes = flow_difference(before.flow, one.flow) if before else (t("First version."),)
            for sentence in changes[:30]:
                Text("p", sentence, classes="lw-small lw-pre")


def _item(text: str, on_click: Callable[[], Any]) -> None:
    ui.menu_item(text, on_click).props('role="menuitem"')
