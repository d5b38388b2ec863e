"""Keeping the index in step with the disk: what would change, then the change."""

from collections.abc import Callable
from uuid import uuid4

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, h2, h3, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.states import DocumentFile, State, document_files
from lorewright.workspace.documents.uploads import read_again
from lorewright.workspace.server.jobs import start_job

_N_NAMED = 12

Follow = Callable[[Job, str], None]


async def ask_sync(visit: Visit) -> Job | None:
    """Show what a sync would change; return the job that does it, or `None` where nobody wants it."""
    files = await visit.attempt(lambda: document_files(visit.server.workspace, visit.caller))
    if files is None:
        return None
    with ui.dialog() as dialog, ui.card().classes("lw-dialog"):
        h2(t("Sync with the documents folder"))
        is_any = _preview(files)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            label = t("Sync now") if is_any else t("Check again")
            ui.button(label, on_click=lambda: dialog.submit("yes")).props("unelevated no-caps autofocus")
    answer = await dialog
    discard(dialog)
    return await visit.attempt(start_sync, visit) if answer else None


def start_sync(visit: Visit, document_ids: list[str] | None = None, *, is_rebuild: bool = False) -> Job:
    """Return the job that reads and indexes some files, or looks at the whole folder."""
    caller = visit.caller
    if document_ids is not None:
        return read_again(visit.server, caller, document_ids)
    order: dict[str, object] = {"paths": [], "is_sync": True}
    # A rebuild that was stopped goes on; a sync that runs may have passed what is new already.
    order |= {"is_rebuild": True} if is_rebuild else {"upload": uuid4().hex}
    return start_job(visit.server, caller, "add", order)


async def offer_rebuild(visit: Visit, reason: str, follow: Follow) -> None:
    """Say why nothing can be added to the index, if nothing can, and offer to build it again."""
    if not reason:
        return

    async def go() -> None:
        job = await visit.attempt(start_sync, visit, is_rebuild=True)
        if job:
            button.set_enabled(False)
            follow(job, t("Rebuilding the index"))

    description = t(
        "The existing index is used until the new one is complete; after a change of the "
        "embedding model it only supports keyword search. Nothing can be added to it in the "
        "meantime."
    )
    with card(t("The index does not match the settings"), description) as whole:
        whole.props('role="alert"')
        Text("p", reason, classes="lw-mono lw-pre")
        if visit.may("documents"):
            button = ui.button(t("Rebuild index"), icon="build", on_click=go)
            button.props("unelevated no-caps").classes("lw-start")


def _preview(files: list[DocumentFile]) -> bool:
    """Show what would be read, read again and let go; return whether that is anything."""
    is_anything = False
    with ui.element("div").classes("doc-preview").props('tabindex="0"'):
        for state, label in _state_texts().items():
            named = [file.id for file in files if file.state == state]
            if not named:
                continue
            is_anything = True
            with ui.element("div"):
                h3(f"{label} ({len(named):,})")
                with ui.element("ul"):
                    for name in named[:_N_NAMED]:
                        Text("li", name)
                if len(named) > _N_NAMED:
                    muted(tn("and {n} more", "and {n} more", len(named) - _N_NAMED))
        if not is_anything:
            muted(t("The index is up to date with the folder."))
    return is_anything


def _state_texts() -> dict[State, str]:
    return {
        "waiting": t("Will be indexed"),
        "changed": t("Will be re-indexed"),
        "removed": t("Will be removed with earlier versions (file deleted)"),
        "failed": t("Will be retried"),
    }
