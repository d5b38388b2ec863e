"""Data: the examples and the held-out questions, what is wrong with them, and how they are divided."""

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import empty, loading
from lorewright.studio.parts.text import muted
from lorewright.studio.screens.data.filters import Filters
from lorewright.studio.screens.data.row_dialog import open_row
from lorewright.studio.screens.data.rows import Rows
from lorewright.studio.screens.data.split import show_split
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.screens.data.view import DataView
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.editing import delete_rows
from lorewright.workspace.dataset.table import DataRow, Side
from lorewright.workspace.documents.listing import count_documents

MANY = 1000


async def show(visit: Visit) -> None:
    """Show the examples."""
    head(visit, "/data")
    await _Screen(visit, "examples").begin()


async def show_questions(visit: Visit) -> None:
    """Show the held-out questions."""
    head(visit, "/data/questions")
    await _Screen(visit, "questions").begin()


class _Screen:
    """One side of the dataset: its split, its filters and its rows."""

    def __init__(self, visit: Visit, side: Side) -> None:
        self._visit, self._side = visit, side
        self._view = DataView(visit, side)
        self._whole = ui.element("div").classes("lw-stack")
        with self._whole:
            loading()

    async def begin(self) -> None:
        """Read the data and show it; then look for near duplicates by meaning, if that is quick."""
        is_read = await self._view.load()
        self._whole.clear()
        table = self._view.table
        with self._whole:
            if not is_read or table is None:
                empty("error", t("The dataset could not be read."))
                return
            if not table.of(self._side):
                self._show_empty()
                return
            self._split = ui.element("div").classes("lw-stack")
            self._filters = Filters(self._view, self._changed)
            self._told = ui.element("div").props('role="status"')
            self._rows = Rows(
                self._view, may_change=self._visit.may("tune"), on_open=self._open, on_delete=self._delete
            )
        self._show_all()
        if self._side == "examples" and not table.material.is_by_meaning:
            await self._offer_meaning(len(table.rows))

    def _show_empty(self) -> None:
        if self._side == "examples":
            description = t("Import a .jsonl, .json, .csv or .tsv file with questions and answers, or accept "
"corrections from chats.")  # fmt: skip
            title = t("No examples yet")
        else:
            description = t("Part of the examples, if there are any, is held out instead. Separate questions "
"measure better.")  # fmt: skip
            title = t("No held-out questions yet")
        may_change, path = self._visit.may("tune"), f"/data/import?side={self._side}"
        if self._side == "questions" and may_change:
            empty(
                "quiz", title, description, action=t("Suggest questions from the documents"),
                on_click=lambda: ui.navigate.to("/data/suggested"),
                also=(t("Write five questions"), "/data/questions/new"), more=((t("Import a file"), path),),
            )  # fmt: skip
            return
        write = (t("Write examples"), "/data/examples/new") if may_change else None
        empty("dataset", title, description, action=t("Import a file") if may_change else "",
              on_click=lambda: ui.navigate.to(path), also=write)  # fmt: skip

    def _show_all(self) -> None:
        table = self._view.table
        if table is None:
            return
        self._split.clear()
        with self._split:
            show_split(table, self._side)
        self._filters.show()
        self._rows.show()

    def _changed(self, **look: str) -> None:
        self._view.change(**look)
        self._filters.show()
        self._rows.show()

    async def _offer_meaning(self, n_rows: int) -> None:
        visit = self._visit
        if n_rows <= MANY and count_documents(visit.server.workspace, visit.caller):
            await self._look_by_meaning()
            return
        with self._told, ui.element("div").classes("lw-row"):
            muted(t("Near-duplicates and leaks were detected by shared words."))
            ui.button(
                t("Also detect by meaning"), icon="manage_search", on_click=self._look_by_meaning
            ).props("outline dense no-caps")

    async def _look_by_meaning(self) -> None:
        self._told.clear()
        with self._told:
            muted(t("Detecting near-duplicates and leaks by meaning …"))
        failed = await self._view.look_by_meaning()
        self._told.clear()
        if failed:
            with self._told:
                muted(t("Not detected by meaning: {reason}", reason=failed))
        self._show_all()

    def _open(self, row: DataRow) -> None:
        table = self._view.table
        if table is not None:
            open_row(self._visit, table, row, self._again)

    async def _delete(self, rows: list[DataRow]) -> None:
        title = tn("Delete {n} row?", "Delete {n} rows?", len(rows))
        description = t("They are removed from their files. The previous version is kept under Versions.")
        if not await confirm(title, description, t("Delete"), is_harmful=True):
            return
        server = self._visit.server
        if await self._visit.attempt(lambda: delete_rows(server, self._visit.caller, rows)):
            tell(tn("{n} row deleted.", "{n} rows deleted.", len(rows)))
            await self._again()

    async def _again(self) -> None:
        """Show what the files hold now."""
        self._view.chosen.clear()
        if await self._view.load() and self._view.table:
            if not self._view.table.of(self._side):
                await self.begin()
                return
            self._show_all()
            if self._side == "examples" and not self._view.table.material.is_by_meaning:
                await self._offer_meaning(len(self._view.table.rows))
