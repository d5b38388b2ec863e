"""The flow editor's page: a flow on a canvas, tried out in place, saved, measured and deployed."""

import asyncio
import json
from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from urllib.parse import quote

from nicegui import background_tasks, ui

from lorewright.errors import Overtaken
from lorewright.flows import flow_to_json
from lorewright.studio.flow_editor import Changed, FlowEditor, Layout, Refused
from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import ask_text
from lorewright.studio.parts.stylesheets import load_stylesheet
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.flows.menu import FlowMore
from lorewright.studio.screens.flows.parameter_values import offered_kinds, servers_by_name
from lorewright.studio.screens.flows.problems import CanRun
from lorewright.studio.screens.flows.trial import FlowRun
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.flows.catalogue import all_arms, all_own_flows
from lorewright.workspace.flows.drafts import FlowDraft, keep_draft, new_draft, open_draft, save_version
from lorewright.workspace.flows.tool_servers import offered_tools


async def show(visit: Visit, name: str = "", arm: str = "") -> None:
    """Show one flow: a draft to change, or an arm to look at."""
    ui.page_title(f"{name or arm} · {t('Flows')} · Lorewright")
    load_stylesheet("flows")
    if arm:
        arms = await visit.attempt(lambda: all_arms(visit.server.workspace, visit.caller)) or {}
        if arm in arms:
            FlowPage(visit, FlowDraft(arm, flow_to_json(arms[arm]), {}, 0, "", 0.0), is_arm=True)
        return
    draft = await visit.attempt(lambda: open_draft(visit.server, visit.caller, name))
    if draft:
        FlowPage(visit, draft, is_arm=False)


class FlowPage:
    """One open flow. Every change is kept as a draft at once; saving makes a version of it."""

    def __init__(self, visit: Visit, draft: FlowDraft, *, is_arm: bool) -> None:
        self.visit, self.name = visit, draft.name
        self.is_fixed = is_arm or not visit.may("deploy")
        self._revision = draft.revision
        self._waiting: Changed | None = None
        self._is_keeping = False
        self._keeping: asyncio.Task[None] | None = None
        known = servers_by_name(visit.server.workspace.settings.tools)
        with ui.element("div").classes("lw-fill lw-flow"):
            with ui.element("div").classes("lw-flow-bar"):
                self._bar(is_arm=is_arm)
            self._overtaken = ui.element("div").classes("lw-note lw-warn lw-row").props('role="alert"')
            self._overtaken.set_visibility(False)
            with ui.element("div").classes("lw-flow-body"):
                self.editor = FlowEditor(
                    offered_kinds(known, ()), draft.flow, cast(Layout, dict(draft.layout)),
                    readonly=self.is_fixed,
                    on_change=self._take, on_run_from=self._run_from, on_open_output=self._open_output,
                    on_refused=self._refused,
                )  # fmt: skip
                self.run = FlowRun(self)
        self._can_run.check()
        background_tasks.create(self._offer())

    async def _offer(self) -> None:
        """Offer what can be named here, once the tool servers have told what they have."""

        def offered() -> list[dict[str, Any]]:
            server = self.visit.server
            caller = self.visit.caller
            names = [*all_arms(server.workspace, caller), *all_own_flows(server.workspace, caller)]
            servers = [] if self.is_fixed else offered_tools(server, caller)
            return offered_kinds(servers, [name for name in names if name != self.name])

        kinds = await self.visit.attempt(offered)
        if kinds and not self.editor.is_deleted:
            self.editor.set_kinds(kinds)

    def _bar(self, *, is_arm: bool) -> None:
        ui.link(t("Flows"), "/flows").classes("lw-button")
        Text("h1", self.name, classes="lw-h2 lw-clip")
        self._can_run = CanRun(self)
        ui.element("div").classes("lw-grow")
        ui.button(t("Try it"), icon="play_arrow", on_click=lambda: self.run.toggle()).props("outline no-caps")
        more = FlowMore(self)
        if is_arm:
            copy = ui.button(t("Use as template"), on_click=more.copy).props("unelevated no-caps")
            copy.set_visibility(self.visit.may("deploy"))
            return
        if not self.is_fixed:
            ui.button(t("Save"), icon="save", on_click=self.save).props("unelevated no-caps")
        more.menu()

    def _take(self, changed: Changed) -> None:
        """Keep what was changed; changes that come while one is written are kept with the next."""
        self._waiting = changed
        if not self._is_keeping:
            self._keeping = background_tasks.create(self._keep())
        self._can_run.check()

    def take_whole(self) -> None:
        """Keep what is on the canvas now, put there from outside of the editor."""
        self._take(Changed(self.editor.flow, self.editor.layout))

    async def _keep(self) -> None:
        self._is_keeping = True
        try:
            while (changed := self._waiting) is not None:
                self._waiting = None
                work = partial(
                    keep_draft, self.visit.server, self.visit.caller, self.name, changed.flow, changed.layout,
                    revision=self._revision,
                )  # fmt: skip
                with self.visit.errors_shown():
                    kept = await self._kept(work)
                    if kept is None:
                        return
                    self._revision = kept.revision
        finally:
            self._is_keeping = False

    async def _kept(self, work: Any) -> FlowDraft | None:
        def attempt() -> FlowDraft | Overtaken:
            try:
                return cast(FlowDraft, work())
            except Overtaken as error:
                return error

        kept = await self.visit.attempt(attempt)
        if isinstance(kept, Overtaken):
            self._show_overtaken(kept)
            return None
        return kept

    def _show_overtaken(self, error: Overtaken) -> None:
        """Say that somebody else changed the flow, and offer both ways out: nothing is lost."""
        self._overtaken.clear()
        self._overtaken.set_visibility(True)
        with self._overtaken:
            ui.label(f"{error} {error.hint}").classes("lw-grow")
            ui.button(t("Use their version"), on_click=self._take_theirs).props("outline dense no-caps")
            ui.button(t("Save mine as a copy"), on_click=self._keep_mine).props("outline dense no-caps")

    async def _take_theirs(self) -> None:
        draft = await self.visit.attempt(lambda: open_draft(self.visit.server, self.visit.caller, self.name))
        if draft:
            self._revision = draft.revision
            self.editor.set_flow(draft.flow, cast(Layout, dict(draft.layout)))
            self._overtaken.set_visibility(False)
            self._can_run.check()

    async def _keep_mine(self) -> None:
        flow, name = self.editor.flow, f"{self.name}-mine"
        draft = await self.visit.attempt(
            lambda: new_draft(self.visit.server, self.visit.caller, flow, name=name)
        )
        if draft:
            ui.navigate.to(f"/flows/edit?name={quote(draft.name)}")

    async def save(self) -> None:
        """Save the draft as a version that is measured, deployed and served."""
        await self.editor.settle()
        if self._keeping is not None:
            await self._keeping
        note, visit = "", self.visit
        saved = await visit.attempt(lambda: all_own_flows(visit.server.workspace, visit.caller))
        if saved is None:
            return
        if self.name in saved:
            note = await ask_text(t("What changed?"), t("Note (optional)"), " ")
            if not note and note != "":
                return
        version = await self.visit.attempt(
            lambda: save_version(self.visit.server, self.visit.caller, self.name, note=note.strip())
        )
        if version:
            tell(t("Saved as version {n}.", n=version.number))

    async def _run_from(self, node: str) -> None:
        await self.run.from_node(node)

    def _open_output(self, node: str) -> None:
        self.run.show_output(node)

    def _refused(self, refused: Refused) -> None:
        """Nothing to do: the editor itself says why, in place."""

    def export(self) -> str:
        """Return the flow with its layout as a file's text."""
        content: Mapping[str, Any] = {"flow": self.editor.flow, "layout": self.editor.layout}
        return json.dumps(content, indent=2, ensure_ascii=False)
