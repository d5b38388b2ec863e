"""An earlier version brought back, once it was seen what that changes."""

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.screens.documents.difference import show_difference
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.documents.states import DocumentFile
from lorewright.workspace.documents.versions import Version, restore_document, version_differences


async def ask_restore(visit: Visit, file: DocumentFile, version: Version, current: Version) -> Job | None:
    """Return the job that indexes a restored version, `None` where the visitor thought better of it."""
    server, number = visit.server, version.number
    lines = await visit.attempt(
        lambda: version_differences(server.workspace, visit.caller, file.id, current.number, number)
    )
    if lines is None:
        return None
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog doc-restore"):
        h2(t("Restore version {n}?", n=number))
        muted(
            t("The following will change. The current text is kept as a version and can be restored later.")
        )
        with ui.element("div").classes("doc-preview"):
            show_difference(lines)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            restore = ui.button(t("Restore version {n}", n=number), on_click=lambda: dialog.submit("yes"))
            restore.props("unelevated no-caps")
    is_wanted = await dialog
    discard(dialog)
    if not is_wanted:
        return None
    job = await visit.attempt(
        lambda: restore_document(server, visit.caller, file.id, number, current=current.number)
    )
    if job:
        tell(t("Version {n} restored.", n=number))
    return job
