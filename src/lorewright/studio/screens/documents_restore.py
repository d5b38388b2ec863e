"""An earlier version brought back, once it was seen what that changes."""

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.screens.documents_difference import show_difference
from lorewright.studio.visit import Visit, tell
from lorewright.studio.words import t
from lorewright.workspace.document_history import Version, version_differences
from lorewright.workspace.document_restore import restore_document
from lorewright.workspace.document_states import DocumentFile


async def restore_asked(visit: Visit, file: DocumentFile, version: Version, current: Version) -> Job | None:
    """Return the job that indexes a restored version, `None` where the visitor thought better of it."""
    home, number = visit.home, version.number
    lines = await visit.attempt(
        lambda: version_differences(home.workspace, visit.caller, file.id, current.number, number)
    )
    if lines is None:
        return None
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog doc-restore"):
        h2(t("Restore version {n}?", n=number))
        muted(t("This is what changes. What the document says now stays a version and can come back too."))
        with ui.element("div").classes("doc-preview"):
            show_difference(lines)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            restore = ui.button(t("Restore version {n}", n=number), on_click=lambda: dialog.submit("yes"))
            restore.props("unelevated no-caps")
    is_wanted = await dialog
    dialog.delete()
    if not is_wanted:
        return None
    job = await visit.attempt(
        lambda: restore_document(home, visit.caller, file.id, number, current=current.number)
    )
    if job:
        tell(t("Version {n} is back.", n=number))
    return job
