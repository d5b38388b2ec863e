"""A place to drop documents on: they land in the domain's folder and are read and indexed at once."""

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from nicegui import events, ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.visit import Visit
from lorewright.whole_files import pieces_of
from lorewright.workspace.documents.uploads import upload_documents


def drop_documents(visit: Visit, *, on_over: Callable[[Job], object]) -> None:
    """Show the place; `on_over` is called with every job that added what was dropped."""
    limit = visit.server.workspace.settings.serve.max_upload_mb

    async def take(event: events.MultiUploadEventArguments) -> None:
        with TemporaryDirectory() as folder:
            saved = [(file.name, Path(folder) / str(number)) for number, file in enumerate(event.files)]
            for file, (_, path) in zip(event.files, saved, strict=True):
                await file.save(path)
            job = await visit.attempt(_upload, visit, saved)
        uploader.reset()
        if job:
            with progress:
                title = tn("Adding {n} document", "Adding {n} documents", len(saved))
                JobProgress(visit, job.id, title=title, on_over=on_over)

    uploader = Uploader(
        multiple=True, max_file_size=int(limit * 1e6), on_multi_upload=take,
        on_rejected=lambda: ui.notify(t("At most {limit} MB per file.", limit=f"{limit:g}"), type="warning"),
    ).props(f"flat bordered aria-label=\"{t('Files')}\"").classes("lw-drop")  # fmt: skip
    uploader.add_slot("header", drop_zone(t("Drop files here"), t("Choose files")))
    progress = ui.element("div").classes("lw-full")


def _upload(visit: Visit, saved: Sequence[tuple[str, Path]]) -> Job:
    files = [(name, pieces_of(path)) for name, path in saved]
    return upload_documents(visit.server, visit.caller, files, is_replacing=True)[1]


def drop_zone(label: str, choose: str) -> str:
    """Return the template of an uploader's head that has names: what to drop, and a button instead."""
    return (
        f'<div class="lw-drop-zone"><span>{escape(label)}</span>'
        f'<q-btn outline no-caps icon="upload_file" label="{escape(choose)}" @click="props.pickFiles" />'
        '<span class="lw-unseen"><q-uploader-add-trigger /></span></div>'
    )
