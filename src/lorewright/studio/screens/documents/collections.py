"""Collections of files beside the documents: made here or over the API, and how each file stands."""

from typing import Any

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.storage import Record
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.table import Cell, icon_button, row_actions, table
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.documents.access import open_access
from lorewright.studio.screens.documents.collection_files import add_files, new_collection_button
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.collections.changes import delete_store
from lorewright.workspace.collections.store_files import list_store_files
from lorewright.workspace.collections.stores import DOMAIN, facts_of_store, list_stores

_PAGE = 50


async def show_collections(visit: Visit) -> None:
    """Show every collection that the visitor may see, but the domain's own."""

    @ui.refreshable
    async def collections() -> None:
        stores = await visit.attempt(_read, visit)
        if stores is None:
            return
        if visit.may("stores") and visit.may("files"):
            new_collection_button(visit, collections.refresh)
        if not stores:
            description = t(
                "A collection holds files that only those chats and clients search that choose it. API "
                "clients create them as vector stores."
            )
            empty("inventory_2", t("No collections yet"), description)
            return
        heads = (t("Name"), t("State"), t("Files"), t("Size"), t("Used"), t("Actions"))
        with card():
            table(t("Collections"), heads, [_row(visit, one, collections.refresh) for one in stores])

    await collections()


def _read(visit: Visit) -> list[dict[str, Any]]:
    caller = visit.caller
    stores = [store for store in list_stores(visit.server, caller) if store.id != DOMAIN]
    facts = {store.id: facts_of_store(visit.server, caller, store) for store in stores}
    return [
        {
            "store": store,
            "counts": facts[store.id].counts,
            "status": facts[store.id].status,
            "size": facts[store.id].usage_bytes,
        }
        for store in reversed(stores)
    ]


def _row(visit: Visit, one: dict[str, Any], again: Any) -> list[Cell]:
    store: Record = one["store"]
    name = str(store.body.get("name") or store.id)
    tones: dict[str, tuple[str, Tone]] = {
        "completed": (t("ready"), "good"), "in_progress": (t("indexing"), "busy"),
        "expired": (t("expired"), "warn"),
    }  # fmt: skip

    async def remove() -> None:
        description = t(
            "Its chunks are deleted. The uploaded files are kept and can be added to another collection."
        )
        if await confirm(t("Delete {name}?", name=name), description, t("Delete"), is_harmful=True):
            if await visit.attempt(_remove, visit, store.id):
                tell(t("Deleted {name}.", name=name))
            again()

    def named() -> None:
        Text("div", name, classes="lw-strong")
        Text("div", store.id, classes="lw-muted lw-mono lw-short")

    def actions() -> None:
        with row_actions():
            if visit.may("stores") and visit.may("files"):
                icon_button(
                    "note_add", t("Add files to {name}", name=name),
                    lambda: add_files(visit, store.id, name, again),
                )  # fmt: skip
            icon_button("list", t("Files of {name}", name=name), lambda: _files(visit, store, name))
            if visit.may("admin"):
                icon_button(
                    "group", t("Access to {name}", name=name), lambda: open_access(visit, store.id, name)
                )
            icon_button("delete", t("Delete {name}", name=name), remove)

    counts = one["counts"]
    files = tn("{n} file", "{n} files", counts["total"])
    if counts["failed"]:
        files += ", " + t("{n} failed", n=counts["failed"])
    return [
        named, lambda: badge(*tones[one["status"]]), files, size_text(one["size"]),
        ago_text(store.body["last_active_at"]), actions,
    ]  # fmt: skip


def _remove(visit: Visit, store_id: str) -> bool:
    delete_store(visit.server, visit.caller, store_id)
    return True


async def _files(visit: Visit, store: Record, name: str) -> None:
    """Show the files of a collection with their states and reasons."""
    page = await visit.attempt(
        lambda: list_store_files(visit.server, visit.caller, store.id, limit=_PAGE, order="asc")
    )
    if page is None:
        return
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        h2(t("Files of {name}", name=name))
        if page.records:
            heads = (t("File"), t("State"), t("Attributes"))
            table(t("Files of {name}", name=name), heads, [_file(file) for file in page.records])
            if page.has_more:
                muted(t("Only the first {n} are shown. Use the API to list all.", n=_PAGE))
        else:
            muted(t("No files."))
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")


def _file(file: Record) -> list[Cell]:
    tones: dict[str, Tone] = {"completed": "good", "in_progress": "busy", "failed": "bad"}
    names = {"completed": t("ready"), "in_progress": t("indexing"), "failed": t("failed")}

    def state() -> None:
        badge(names.get(file.label, file.label), tones.get(file.label, "plain"))
        if file.body.get("last_error"):
            Text("div", str(file.body["last_error"]["message"]), classes="lw-error lw-small")

    written = ", ".join(f"{key}: {value}" for key, value in file.body["attributes"].items())
    return [str(file.body["filename"]), state, written]
