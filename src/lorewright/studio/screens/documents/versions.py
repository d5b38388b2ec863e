"""What a document said before: its versions, and the difference between two of them."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.documents.difference import show_difference
from lorewright.studio.screens.documents.restore import ask_restore
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.states import DocumentFile
from lorewright.workspace.documents.versions import (
    Version,
    version_differences,
    version_text,
    versions_of,
)

Follow = Callable[[Job], None]


async def show_versions(visit: Visit, file: DocumentFile, on_job: Follow) -> None:
    """Show the versions, and between two of them what went and what came.

    `on_job` hears of the job that a restored version starts.
    """
    versions = await visit.attempt(lambda: versions_of(visit.server.workspace, visit.caller, file.id))
    if versions is None:
        return
    with card(t("Versions"), t("Previous texts are kept up to the storage limit.")):
        for version in versions:
            _row(visit, file, version, versions[0], on_job)
    readable = [version for version in versions if version.has_text]
    if len(readable) > 1:
        _Compare(visit, file, readable)


def _row(visit: Visit, file: DocumentFile, version: Version, current: Version, on_job: Follow) -> None:
    kinds = {"new": t("added"), "changed": t("changed"), "removed": t("removed")}

    async def read() -> None:
        text = await visit.attempt(
            lambda: version_text(visit.server.workspace, visit.caller, file.id, version.number)
        )
        if text is not None:
            _show_text(version.number, text)

    async def restore() -> None:
        job = await ask_restore(visit, file, version, current)
        if job:
            on_job(job)

    with ui.element("div").classes("doc-version"):
        Text("span", t("Version {n}", n=version.number), classes="lw-strong")
        Text("span", f"{kinds[version.kind]}, {moment_text(version.at)}", classes="lw-muted")
        Text("span", version.text_hash[:12], classes="lw-mono lw-muted lw-grow")
        if version.is_current:
            badge(t("current"), "good")
        elif version.has_text:
            _button(t("View"), read, version)
            if version.can_return and visit.may("documents"):
                _button(t("Restore…"), restore, version)
        elif version.kind != "removed":
            Text("span", t("text not stored"), classes="lw-muted")


def _button(label: str, act: Callable[[], Awaitable[None]], version: Version) -> None:
    button = ui.button(label, on_click=act).props("flat dense no-caps")
    button.props["aria-label"] = f"{label.rstrip('…')}: {t('version {n}', n=version.number)}"


def _show_text(number: int, text: str) -> None:
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Version {n}", n=number))
        with ui.element("div").classes("doc-preview").props('tabindex="0"'):
            Text("div", text[:100_000], classes="doc-body-text")
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")


class _Compare:
    """Two versions and what is between them."""

    def __init__(self, visit: Visit, file: DocumentFile, readable: list[Version]) -> None:
        self._visit, self._file = visit, file
        names = {one.number: t("Version {n}, {at}", n=one.number, at=moment_text(one.at)) for one in readable}
        with card(t("What changed")):
            with ui.element("div").classes("lw-fields"):
                self._old = _choice(t("From"), names, readable[1].number)
                self._new = _choice(t("To"), names, readable[0].number)
            self._place = ui.element("div").classes("lw-full")
        self._old.on_value_change(self._show)
        self._new.on_value_change(self._show)
        ui.timer(0, self._show, once=True)

    async def _show(self) -> None:
        visit, name = self._visit, self._file.id
        old, new = int(self._old.value), int(self._new.value)
        lines = await visit.attempt(
            lambda: version_differences(visit.server.workspace, visit.caller, name, old, new)
        )
        self._place.clear()
        with self._place:
            if not lines:
                muted(t("No differences."))
                return
            show_difference(lines)


def _choice(label: str, names: dict[int, str], chosen: int) -> ui.select:
    return ui.select(names, value=chosen, label=label).props("outlined dense")
