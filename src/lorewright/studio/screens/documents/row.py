"""One file in the list of documents: its name, its state with the reason, and what can be done with it."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.documents.stylesheet import state_badge, view_path
from lorewright.workspace.documents.states import DocumentFile

Act = Callable[[list[str]], Awaitable[None]]


class Pick(Protocol):
    """Hears that a file was chosen or left."""

    def __call__(self, name: str, *, is_picked: bool) -> None:
        """Take note of it."""


def heads() -> None:
    """Show the names of the columns."""
    with ui.element("div").classes("doc-row doc-heads").props('aria-hidden="true"'):
        for head in ("", t("Name"), t("State"), t("Size"), t("Changed"), ""):
            Text("span", head)


def show_row(
    file: DocumentFile, *, is_picked: bool, may_change: bool, on_pick: Pick, on_retry: Act, on_delete: Act
) -> None:
    """Show one file."""
    with ui.element("div").classes("doc-row"):
        if may_change:
            _box(file, on_pick, is_picked=is_picked)
        else:
            ui.icon("description").props('aria-hidden="true"').classes("lw-muted")
        with ui.element("div").classes("doc-name"):
            if file.is_known:
                ui.link(file.title, view_path(file.id))
            else:
                Text("span", file.title, classes="lw-strong")
            versions = [tn("{n} version", "{n} versions", file.n_versions)] if file.n_versions > 1 else []
            Text("span", " · ".join([file.id, *versions]), classes="lw-muted lw-small")
            if file.reason:
                Text("span", file.reason, classes="doc-reason")
        with ui.element("div").classes("doc-state"):
            state_badge(file.state)
        Text("span", size_text(file.size_bytes) if file.state != "removed" else "", classes="doc-small")
        Text("span", ago_text(file.changed_at), classes="doc-small")
        with ui.element("div").classes("doc-more"):
            if may_change:
                _menu(file, on_retry, on_delete)


def _box(file: DocumentFile, on_pick: Pick, *, is_picked: bool) -> None:
    box = ui.element("input").props("type=checkbox")
    box.props["aria-label"] = t("Select {name}", name=file.id)
    if is_picked:
        box.props["checked"] = True
    box.on(
        "change",
        lambda event: on_pick(file.id, is_picked=bool(event.args)),
        js_handler="(event) => emit(event.target.checked)",
    )


def _menu(file: DocumentFile, on_retry: Act, on_delete: Act) -> None:
    if file.state == "failed":
        retry = ui.button(icon="refresh", on_click=lambda: on_retry([file.id])).props("flat round dense")
        retry.props["aria-label"] = t("Retry {name}", name=file.id)
        return
    with ui.button(icon="more_vert").props("flat round dense") as more:
        more.props["aria-label"] = t("More actions for {name}", name=file.id)
        with ui.menu().props("auto-close"):
            if file.is_known:
                ui.menu_item(t("Open"), lambda: ui.navigate.to(view_path(file.id)))
            if file.state != "removed":
                ui.menu_item(t("Re-index"), lambda: on_retry([file.id]))
            ui.menu_item(t("Delete"), lambda: on_delete([file.id]))
