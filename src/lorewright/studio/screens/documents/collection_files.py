"""A collection made in the studio, and files brought into it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nicegui import events, ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.dialogs import ask_text
from lorewright.studio.parts.drop import drop_zone
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.visit import Visit, tell
from lorewright.whole_files import pieces_of
from lorewright.workspace.collections.batches import create_batch
from lorewright.workspace.collections.changes import create_store
from lorewright.workspace.collections.files import upload_file
from lorewright.workspace.collections.store_files import Attachment

Again = Callable[[], Any]


def new_collection_button(visit: Visit, again: Again) -> None:
    """Show a button that makes a collection and asks for its files."""

    async def make() -> None:
        name = await ask_text(t("New collection"), t("Name"), yes=t("Create"))
        if not name:
            return
        store = await visit.attempt(lambda: create_store(visit.server, visit.caller, name=name))
        if store:
            again()
            add_files(visit, store.id, name, again)

    button = ui.button(t("New collection"), icon="create_new_folder", on_click=make)
    button.props("outline no-caps").classes("lw-start")


def add_files(visit: Visit, store_id: str, name: str, again: Again) -> None:
    """Ask for files; they are indexed in the background once they are all here."""
    limit = visit.server.workspace.settings.serve.max_upload_mb
    with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("Add files to {name}", name=name))
        muted(t("They are searched in chats and by clients that choose this collection."))
        status = Text("p", "", classes="lw-muted").props('role="status"')

        async def take(event: events.MultiUploadEventArguments) -> None:
            with TemporaryDirectory() as folder:
                saved = [(file.name, Path(folder) / str(number)) for number, file in enumerate(event.files)]
                for file, (_, path) in zip(event.files, saved, strict=True):
                    await file.save(path)
                n_added = await visit.attempt(_add, visit, store_id, saved)
            uploader.reset()
            if n_added:
                status.set_text(tn("{n} file is being indexed.", "{n} files are being indexed.", n_added))
                tell(tn("Added {n} file.", "Added {n} files.", n_added))
                again()

        uploader = Uploader(
            multiple=True, max_file_size=int(limit * 1e6), on_multi_upload=take,
            on_rejected=lambda: ui.notify(
                t("At most {limit} MB per file.", limit=f"{limit:g}"), type="warning"
            ),
        ).props(f"flat bordered aria-label=\"{t('Files')}\"").classes("lw-drop lw-full")  # fmt: skip
        uploader.add_slot("header", drop_zone(t("Drop files here"), t("Choose files")))
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("unelevated no-caps")


def _add(visit: Visit, store_id: str, saved: Sequence[tuple[str, Path]]) -> int:
    """Return how many files were brought in; nothing is attached where one of them cannot be."""
    server, caller = visit.server, visit.caller
    files = [
        upload_file(server, caller, pieces_of(path), filename=name, purpose="assistants")
        for name, path in saved
    ]
    n_tokens = server.workspace.settings.retrieval.chunk_tokens
    create_batch(server, caller, store_id, [Attachment(file.id, {}, n_tokens) for file in files])
    return len(files)
