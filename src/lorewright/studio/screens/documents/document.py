"""One document: its text and chunks, what is written of it, its versions; edited and deleted."""

from urllib.parse import quote

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.documents.page_picture import is_drawable
from lorewright.jobs import Job
from lorewright.studio.address import address
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.page_view import PageView
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.documents.delete import ask_delete
from lorewright.studio.screens.documents.edit import show_editor
from lorewright.studio.screens.documents.metadata import show_about
from lorewright.studio.screens.documents.restrictions import open_restrictions
from lorewright.studio.screens.documents.stylesheet import load_documents_stylesheet, state_badge, view_path
from lorewright.studio.screens.documents.sync import start_sync
from lorewright.studio.screens.documents.text import show_text
from lorewright.studio.screens.documents.versions import show_versions
from lorewright.studio.visit import Visit
from lorewright.workspace.collections.source_text import source_page
from lorewright.workspace.documents.editing import is_editable
from lorewright.workspace.documents.states import DocumentFile, find_document_file


async def show(visit: Visit, document: str = "", part: str = "", start: str = "", end: str = "") -> None:
    """Show one document; `start` and `end` are characters of its text, to be marked and shown first."""
    load_documents_stylesheet()
    server = visit.server
    file = await visit.attempt(lambda: find_document_file(server.workspace, visit.caller, document))
    if file is None:
        empty(
            "description", t("Document not found"), document,
            action=t("All documents"), on_click=lambda: ui.navigate.to("/documents"),
        )  # fmt: skip
        return
    with heading(file.title):
        _actions(visit, file)
    _where(file)
    progress = ui.element("div").classes("lw-full doc-maybe")
    _state(visit, file, progress)
    _parts(file, part, may_edit=visit.may("documents"))
    if not file.is_known and part != "edit":
        if file.state == "failed":
            empty("error", t("No text"), t("This file could not be read. Replace it, or try again."))
        else:
            empty("hourglass_top", t("No text yet"), t("It has not been read yet. Index it to see its text."))
    elif part == "about":
        await show_about(visit, file)
    elif part == "versions":
        await show_versions(visit, file, lambda job: follow(visit, job, file.id, progress))
    elif part == "edit":
        await show_editor(visit, file, progress)
    elif part == "pages" and is_drawable(file.id):
        with card():
            PageView(visit, lambda page: source_page(server, visit.caller, file.id, page), name=file.title)
    else:
        await show_text(visit, file, part == "chunks", _number(start), _number(end))


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _actions(visit: Visit, file: DocumentFile) -> None:
    if file.state != "removed":
        link = ui.element("a").classes("lw-button")
        path = f"/lorewright/v1/document-files/original?document={quote(file.id, safe='')}"
        link.props["href"] = address(path)
        link.props["download"] = file.id.rpartition("/")[2]
        with link:
            Text("span", t("Download original"))
    if visit.may("admin"):
        ui.button(t("Access"), icon="lock", on_click=lambda: open_restrictions(visit, file.id)).props(
            "outline no-caps"
        )
    if not visit.may("documents"):
        return

    async def delete() -> None:
        if await ask_delete(visit, [file.id]):
            ui.navigate.to("/documents")

    if is_editable(file.id) and file.state != "removed":
        ui.button(t("Edit"), icon="edit", on_click=lambda: ui.navigate.to(view_path(file.id, "edit"))).props(
            "outline no-caps"
        )
    ui.button(t("Delete"), icon="delete", on_click=delete).props("flat no-caps color=negative")


def _where(file: DocumentFile) -> None:
    """Show where the document lies, each folder a way back."""
    with ui.element("nav").classes("doc-path").props(f'aria-label="{t("Folder")}"'):
        ui.link(t("Documents"), "/documents")
        parts = file.id.split("/")
        for depth, name in enumerate(parts[:-1], start=1):
            Text("span", "/").props('aria-hidden="true"')
            ui.link(name, f"/documents?folder={quote('/'.join(parts[:depth]), safe='')}")
        Text("span", "/").props('aria-hidden="true"')
        Text("span", parts[-1])


def _state(visit: Visit, file: DocumentFile, progress: ui.element) -> None:
    async def read_again() -> None:
        job = await visit.attempt(start_sync, visit, [file.id])
        if job:
            follow(visit, job, file.id, progress)

    with ui.element("div").classes("lw-row doc-state-row"):
        state_badge(file.state)
        facts = [size_text(file.size_bytes)] if file.state != "removed" else []
        facts += [moment_text(file.changed_at), tn("{n} character", "{n} characters", file.n_characters)]
        Text("span", " · ".join(facts), classes="lw-muted")
        if file.state in ("failed", "changed", "waiting") and visit.may("documents"):
            label = t("Try again") if file.state == "failed" else t("Index now")
            ui.button(label, icon="refresh", on_click=read_again).props("flat dense no-caps")
    if file.reason:
        Text("p", file.reason, classes="lw-error").props('role="alert"')


def follow(visit: Visit, job: Job, document_id: str, place: ui.element) -> None:
    """Show how far the reading of a document is, then its text again."""

    def over(done: Job) -> None:
        if done.state == "finished":
            ui.navigate.to(view_path(document_id))
            ui.navigate.reload()

    with place, ui.element("div").classes("lw-card"):
        JobProgress(visit, job.id, title=t("Reading the document"), on_over=over)


def _parts(file: DocumentFile, chosen: str, *, may_edit: bool) -> None:
    pages = {"pages": t("Pages")} if is_drawable(file.id) else {}
    names = {
        "": t("Text"), **pages, "chunks": t("Chunks"), "about": t("Metadata"), "versions": t("Versions"),
    }  # fmt: skip
    if may_edit and chosen == "edit":
        names["edit"] = t("Edit")
    with ui.element("nav").classes("lw-row").props(f'aria-label="{t("Sections of the document")}"'):
        for part, name in names.items():
            link = ui.link(name, view_path(file.id, part)).classes("lw-chip lw-tab")
            if part == chosen:
                link.props('aria-current="page"')
