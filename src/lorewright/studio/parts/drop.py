"""A place to drop documents on: they land in the domain's folder and are read and indexed at once."""

from collections.abc import Callable
from html import escape
from pathlib import Path

from nicegui import events, ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.files import attachment_path
from lorewright.workspace.server.jobs import start_job


def drop_documents(visit: Visit, *, on_over: Callable[[Job], object]) -> None:
    """Show the place; `on_over` is called with every job that added what was dropped."""
    limit = visit.server.workspace.settings.serve.max_upload_mb

    async def take(event: events.MultiUploadEventArguments) -> None:
        for file in event.files:
            target = await visit.attempt(_place, visit, file.name)
            if target is None:
                return
            await file.save(target)
        n = len(event.files)
        job = await visit.attempt(
            start_job, visit.server, visit.caller, "add", {"paths": [], "is_sync": True}
        )
        uploader.reset()
        if job:
            with progress:
                title = tn("Adding {n} document", "Adding {n} documents", n)
                JobProgress(visit, job.id, title=title, on_over=on_over)

    uploader = Uploader(
        multiple=True, max_file_size=int(limit * 1e6), on_multi_upload=take,
        on_rejected=lambda: ui.notify(t("At most {limit} MB a file.", limit=f"{limit:g}"), type="warning"),
    ).props(f"flat bordered aria-label=\"{t('Files')}\"").classes("lw-drop")  # fmt: skip
    uploader.add_slot("header", drop_zone(t("Drop files here"), t("Choose files")))
    progress = ui.element("div").classes("lw-full")


def _place(visit: Visit, name: str) -> Path:
    visit.caller.need("documents")
    return attachment_path(visit.server.workspace, name)


def drop_zone(says: str, choose: str) -> str:
    """Return the template of an uploader's head that has names: what to drop, and a button instead."""
    return (
        f'<div class="lw-drop-zone"><span>{escape(says)}</span>'
        f'<q-btn outline no-caps icon="upload_file" label="{escape(choose)}" @click="props.pickFiles" />'
        '<span class="lw-unseen"><q-uploader-add-trigger /></span></div>'
    )
