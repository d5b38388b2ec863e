"""Documents: what the domain knows, file by file; brought in, kept in step with the disk, taken out."""

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.heading import heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.documents.access import access_button
from lorewright.studio.screens.documents.collections import show_collections
from lorewright.studio.screens.documents.drop import drop_files
from lorewright.studio.screens.documents.file_list import DocumentList
from lorewright.studio.screens.documents.restrictions import restrictions_button
from lorewright.studio.screens.documents.stylesheet import load_documents_stylesheet
from lorewright.studio.screens.documents.sync import ask_sync, offer_rebuild, start_sync
from lorewright.studio.screens.documents.web_pages import web_pages_button
from lorewright.studio.visit import Visit, tell, warn
from lorewright.workspace.collections.stores import DOMAIN
from lorewright.workspace.documents.listing import sees_documents
from lorewright.workspace.documents.rebuild import needs_rebuild
from lorewright.workspace.documents.states import document_files
from lorewright.workspace.server.jobs import list_jobs, n_problems


async def show(visit: Visit, part: str = "", folder: str = "") -> None:
    """Show the domain's documents, or with `part=collections` what clients made of their files."""
    load_documents_stylesheet()
    description = t("The documents of this domain. A document can be retrieved and cited once it is indexed.")
    with heading(t("Documents"), description):
        ui.button(t("Retrieval test"), icon="troubleshoot").props("outline no-caps").on_click(
            lambda: ui.navigate.to("/documents/test")
        )
        if visit.may("admin"):
            access_button(visit, DOMAIN, visit.server.name)
            restrictions_button(visit)
        actions = ui.element("div").classes("lw-actions")
    _parts(part)
    if part == "collections":
        await show_collections(visit)
    else:
        await _Documents(visit, actions, folder).show()


def _parts(chosen: str) -> None:
    with ui.element("div").classes("lw-row"):
        for part, name in (("", t("Documents of this domain")), ("collections", t("Collections"))):
            link = ui.link(name, f"/documents?part={part}" if part else "/documents")
            link.classes("lw-chip lw-tab")
            if part == chosen:
                link.props('aria-current="page"')


class _Documents:
    """The page of the domain's own documents."""

    def __init__(self, visit: Visit, actions: ui.element, folder: str) -> None:
        self._visit, self._actions, self._folder = visit, actions, folder

    async def show(self) -> None:
        visit = self._visit
        files = await visit.attempt(lambda: document_files(visit.server.workspace, visit.caller))
        if files is None:
            return
        if not sees_documents(visit.server.workspace, visit.caller):
            Text("p", t("You have no access to the documents of this domain."), classes="lw-muted")
            return
        await offer_rebuild(
            visit,
            await visit.attempt(lambda: needs_rebuild(visit.server.workspace, visit.caller)) or "",
            self._follow,
        )
        drop = drop_files(visit, self._uploaded) if visit.may("documents") else None
        self._jobs = ui.element("div").classes("lw-stack lw-full doc-maybe")
        self._list = DocumentList(visit, files, folder=self._folder, on_job=self._follow, drop=drop)
        if visit.may("documents"):
            with self._actions:
                if visit.may("admin"):
                    web_pages_button(visit, self._follow)
                ui.button(t("Sync"), icon="sync", on_click=self._sync).props("unelevated no-caps")
        for job in list_jobs(visit.server, visit.caller, kind="add"):
            if not job.is_over:
                self._follow(job, t("Adding documents"))

    async def _sync(self) -> None:
        job = await ask_sync(self._visit)
        if job:
            self._follow(job, t("Syncing with disk"))

    async def _uploaded(self, ids: list[str]) -> None:
        job = await self._visit.attempt(start_sync, self._visit, ids)
        if job:
            self._follow(job, t("Indexing uploads"))
        await self._list.reload()

    def _follow(self, job: Job, title: str) -> None:
        """Show how far a job is, and the list again when it is over."""

        async def over(done: Job) -> None:
            await self._list.reload()
            if done.state == "finished":
                text = _result_text(done.result)
                warn(text) if n_problems(done) else tell(text)
                discard(box)

        with self._jobs, ui.element("div").classes("lw-card") as box:
            JobProgress(self._visit, job.id, title=title, on_over=over)


def _result_text(result: dict[str, object]) -> str:
    """Return what a job brought, in a line."""
    summary = t(
        "{new} new, {changed} changed, {removed} removed.",
        new=result["n_new"], changed=result["n_changed"], removed=result["n_removed"],
    )  # fmt: skip
    n_failed = len(result["unreadable"])  # type: ignore[arg-type]
    return f"{summary} {t('{n} could not be read.', n=n_failed)}" if n_failed else summary
