"""A document of plain text changed in the browser: its file is written, read and indexed again."""

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import muted
from lorewright.studio.screens.documents.stylesheet import view_path
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.documents.editing import edit_document, read_source
from lorewright.workspace.documents.states import DocumentFile


async def show_editor(visit: Visit, file: DocumentFile, progress: ui.element) -> None:
    """Show what stands in the file, to be changed and saved."""
    source = await visit.attempt(lambda: read_source(visit.server, visit.caller, file.id))
    if source is None:
        return
    description = t(
        "You are editing the file itself. Saving re-indexes it and keeps the previous text as a version."
    )
    with card(t("Text of the file"), description):
        field = ui.textarea(value=source.text).props(f'outlined aria-label="{t("Text of the file")}"')
        field.classes("lw-full doc-editor")
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: ui.navigate.to(view_path(file.id))).props("flat no-caps")
            save = ui.button(t("Save and index"), icon="save").props("unelevated no-caps")
            muted(t("Ctrl+S also saves."))

    async def keep() -> None:
        if field.value == source.text:
            tell(t("No changes."))
            return
        save.set_enabled(False)
        job = await visit.attempt(
            lambda: edit_document(
                visit.server, visit.caller, file.id, field.value, file_hash=source.file_hash
            )
        )
        if job is None:
            save.set_enabled(True)
            return
        tell(t("Saved."))

        def over() -> None:
            ui.navigate.to(view_path(file.id))

        with progress, ui.element("div").classes("lw-card"):
            JobProgress(visit, job.id, title=t("Reading the document"), on_over=lambda _: over())

    save.on_click(keep)
    field.on("keydown.ctrl.s.prevent", keep)
    field.on("keydown.meta.s.prevent", keep)
