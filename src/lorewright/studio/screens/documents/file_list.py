"""The files of the domain as a list: filtered by folder, words and state, a page at a time."""

from collections.abc import Callable

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.documents.delete import ask_delete
from lorewright.studio.screens.documents.drop import DropPlace
from lorewright.studio.screens.documents.folder_tree import FolderTree, folder_counts
from lorewright.studio.screens.documents.row import heads, show_row
from lorewright.studio.screens.documents.stylesheet import state_name
from lorewright.studio.screens.documents.sync import start_sync
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.states import STATES, DocumentFile, State, counts_of, document_files

PAGE = 50
Follow = Callable[[Job, str], None]


class DocumentList:
    """The list with its filters; `on_job` hears of jobs that are started from it."""

    def __init__(
        self, visit: Visit, files: list[DocumentFile], *, folder: str, on_job: Follow, drop: DropPlace | None
    ) -> None:
        self._visit, self._files, self._follow, self._drop = visit, files, on_job, drop
        self._folder, self._words, self._first = folder, "", 0
        self._state: State | None = None
        self._picked: set[str] = set()
        self._empty = ui.element("div").classes("lw-full doc-maybe")
        with ui.element("div").classes("doc-body lw-full") as self._body:
            self._tree = FolderTree(folder, self._choose)
            with ui.element("div").classes("lw-stack"):
                self._tools()
                self._place = ui.element("section").classes("lw-card doc-list")
                self._place.props(f'aria-label="{t("Documents")}"')
        self._show_all()

    async def reload(self) -> None:
        """Look at files and index again."""
        visit = self._visit
        files = await visit.attempt(lambda: document_files(visit.server.workspace, visit.caller))
        if files is not None:
            self._files = files
            self._picked &= {file.id for file in files}
            self._show_all()

    def _tools(self) -> None:
        def search() -> None:
            self._words, self._first = field.value.strip().lower(), 0
            self._show_list()

        field = ui.input(placeholder=t("Search by name or title"), on_change=search)
        field.props(f'outlined dense clearable debounce=200 aria-label="{t("Search documents")}"')
        with field.add_slot("prepend"):
            ui.icon("search").props('aria-hidden="true"')
        self._chips = (
            ui.element("div")
            .classes("doc-filters")
            .props(f'role="group" aria-label="{t("Filter by state")}"')
        )

    def _choose(self, folder: str) -> None:
        self._folder, self._first = folder, 0
        self._picked.clear()
        if self._drop:
            self._drop.into(folder)
        self._show_chips()
        self._show_list()

    def _show_all(self) -> None:
        self._empty.clear()
        self._body.set_visibility(bool(self._files))
        if not self._files:
            with self._empty:
                description = t("Drop files or folders above, or copy them to the documents folder and sync.")
                empty("description", t("No documents yet"), description)
            return
        self._tree.show(folder_counts(file.id for file in self._files))
        self._show_chips()
        self._show_list()

    def _show_chips(self) -> None:
        counts = counts_of(file for file in self._files if self._is_here(file))
        if self._state and not counts[self._state]:
            self._state = None
        self._chips.clear()
        with self._chips:
            self._chip(t("All"), sum(counts.values()), None)
            for state in STATES:
                if counts[state]:
                    self._chip(state_name(state), counts[state], state)

    def _chip(self, name: str, n: int, state: State | None) -> None:
        def choose() -> None:
            self._state, self._first = state, 0
            self._show_chips()
            self._show_list()

        chip = Text("button", f"{name} {n:,}", classes="lw-chip").props("type=button").on("click", choose)
        chip.props["aria-pressed"] = "true" if state == self._state else "false"

    def _is_here(self, file: DocumentFile) -> bool:
        return not self._folder or file.id.startswith(f"{self._folder}/")

    def _visible_files(self) -> list[DocumentFile]:
        return [
            file
            for file in self._files
            if self._is_here(file)
            and (self._state is None or file.state == self._state)
            and (self._words in file.id.lower() or self._words in file.title.lower())
        ]

    def _show_list(self) -> None:
        files = self._visible_files()
        self._first = min(self._first, max(0, len(files) - 1) // PAGE * PAGE)
        page = files[self._first : self._first + PAGE]
        self._place.clear()
        with self._place:
            if self._visit.may("documents"):
                self._picked_bar(files)
            heads()
            for file in page:
                show_row(
                    file, is_picked=file.id in self._picked, may_change=self._visit.may("documents"),
                    on_pick=self._pick, on_retry=self._retry, on_delete=self._delete,
                )  # fmt: skip
            if not files:
                Text("p", t("No matching documents"), classes="lw-muted doc-list-head")
            self._foot(len(files), len(page))
            if files:
                csv_button("documents", self._as_table)

    def _as_table(self) -> Table:
        """Return all documents that match, not those of this page alone."""
        heads = (t("Document"), t("Title"), t("State"), t("Bytes"), t("Characters"), t("Reason"))
        rows = (
            (file.id, file.title, file.state, file.size_bytes, file.n_characters, file.reason)
            for file in self._visible_files()
        )
        return heads, rows

    def _picked_bar(self, files: list[DocumentFile]) -> None:
        with ui.element("div").classes("doc-list-head"):
            names = {file.id for file in files}
            box = ui.element("input").props("type=checkbox")
            box.props["aria-label"] = t("Select all {n}", n=len(names))
            if names and names <= self._picked:
                box.props["checked"] = True
            box.on("change", lambda event: self._pick_all(names if event.args else set()),
                   js_handler="(event) => emit(event.target.checked)")  # fmt: skip
            n = len(self._picked)
            label = tn("{n} selected", "{n} selected", n) if n else t("Select all")
            Text("span", label, classes="lw-muted lw-grow").props('role="status"')
            if n:
                picked = sorted(self._picked)
                ui.button(t("Re-index"), icon="refresh", on_click=lambda: self._retry(picked)).props(
                    "flat dense no-caps"
                )
                ui.button(t("Delete"), icon="delete", on_click=lambda: self._delete(picked)).props(
                    "flat dense no-caps color=negative"
                )

    def _pick_all(self, names: set[str]) -> None:
        self._picked = set(names)
        self._show_list()

    def _pick(self, name: str, *, is_picked: bool) -> None:
        self._picked = self._picked | {name} if is_picked else self._picked - {name}
        self._show_list()

    async def _retry(self, names: list[str]) -> None:
        present = [file.id for file in self._files if file.id in set(names) and file.state != "removed"]
        job = await self._visit.attempt(start_sync, self._visit, present)
        if job:
            self._follow(job, tn("Reading {n} document", "Reading {n} documents", len(present)))

    async def _delete(self, names: list[str]) -> None:
        if await ask_delete(self._visit, names):
            await self.reload()

    def _foot(self, n: int, n_shown: int) -> None:
        def go(to: int) -> None:
            self._first = to
            self._show_list()

        with ui.element("div").classes("doc-list-foot"):
            last = self._first + n_shown
            range_text = t(
                "{first}-{last} of {n}", first=f"{min(self._first + 1, n):,}", last=f"{last:,}", n=f"{n:,}"
            )
            Text("span", range_text, classes="lw-grow")
            for label, to, is_there in (
                (t("Previous"), self._first - PAGE, self._first > 0),
                (t("Next"), self._first + PAGE, last < n),
            ):
                button = ui.button(label, on_click=lambda to=to: go(to)).props("flat dense no-caps")
                button.set_enabled(is_there)
