"""The rows of a page: what is asked, what is answered, what it is used for, and what was found."""

from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import events, ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import icon_button, row_actions
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.data.stylesheet import finding_name, finding_tone, part_name
from lorewright.studio.screens.data.view import PAGE, DataView
from lorewright.workspace.dataset.table import DataRow

LONGEST = 400


class Rows:
    """One page of rows; those that may be changed can be opened, chosen and deleted."""

    def __init__(
        self,
        view: DataView,
        *,
        may_change: bool,
        on_open: Callable[[DataRow], object],
        on_delete: Callable[[list[DataRow]], Awaitable[None]],
    ) -> None:
        self._view, self._may_change = view, may_change
        self._on_open, self._on_delete = on_open, on_delete
        self._whole = ui.element("div").classes("lw-stack")

    def show(self) -> None:
        """Show the page that the view looks at."""
        self._whole.clear()
        with self._whole:
            if not self._view.rows:
                empty("filter_alt_off", t("No matching rows"), t("Change the search or the filters."))
                return
            with card():
                self._pager()
                self._table()
                if len(self._view.page) > 10:
                    self._pager()
                csv_button("dataset", self._as_table)

    def _as_table(self) -> Table:
        """Return all rows that match, not those of this page alone."""
        heads = (t("File"), t("Line"), t("Question"), t("Answer"), t("Split"), t("Findings"))
        rows = (
            (
                row.placed.file,
                row.placed.number,
                row.question,
                row.answer,
                "" if row.is_broken else part_name(row.part),
                ", ".join(dict.fromkeys(finding_name(finding.kind) for finding in row.findings)),
            )
            for row in self._view.rows
        )
        return heads, rows

    def _pager(self) -> None:
        n, first = len(self._view.rows), self._view.place + 1
        last = min(n, self._view.place + PAGE)
        with ui.element("div").classes("dat-pager"):
            text = t("{first}–{last} of {n}", first=f"{first:,}", last=f"{last:,}", n=f"{n:,}")  # noqa: RUF001
            Text("span", text, classes="lw-muted").props('role="status"')
            if self._may_change:
                self._delete = ui.button(t("Delete selected"), icon="delete", on_click=self._delete_chosen)
                self._delete.props("flat dense no-caps color=negative")
                self._show_chosen()
            if n > PAGE:
                with row_actions():
                    back = icon_button("chevron_left", t("Previous page"), lambda: self._turn(-1))
                    back.set_enabled(self._view.place > 0)
                    onward = icon_button("chevron_right", t("Next page"), lambda: self._turn(1))
                    onward.set_enabled(last < n)

    def _table(self) -> None:
        region = ui.element("div").classes("lw-scroll lw-full")
        region.props(f'tabindex="0" role="region" aria-label="{t("Rows")}"')
        with region, ui.element("table").classes("lw-table dat-rows"):
            with ui.element("thead"), ui.element("tr"):
                if self._may_change:
                    with ui.element("th").props('scope="col"'):
                        ui.label(t("Select")).classes("lw-unseen")
                Text("th", t("Question")).props('scope="col"')
                Text("th", t("Answer")).props('scope="col"')
                Text("th", t("Split and findings"), classes="dat-col-what").props('scope="col"')
                Text("th", t("Actions"), classes="dat-col-act").props('scope="col"')
            with ui.element("tbody"):
                for number, row in enumerate(self._view.page, self._view.place + 1):
                    self._row(number, row)

    def _row(self, number: int, row: DataRow) -> None:
        with ui.element("tr"):
            if self._may_change:
                with ui.element("td"):
                    box = ui.checkbox(on_change=lambda event: self._choose(row, event))
                    box.props(f'dense aria-label="{t("Select row {n}", n=number)}"')
            with ui.element("td"):
                Text("p", row.question[:LONGEST], classes="dat-text")
                where = f"{row.placed.file}, {row.placed.number}"
                Text("p", where, classes="lw-muted lw-small")
            with ui.element("td"):
                if row.is_broken:
                    Text("p", row.findings[0].message, classes="lw-error")
                else:
                    Text("p", row.answer[:LONGEST], classes="dat-text")
            with ui.element("td"), ui.element("div").classes("dat-marks"):
                if not row.is_broken:
                    badge(part_name(row.part), "good" if row.part in ("train", "held out") else "plain")
                for kind in dict.fromkeys(finding.kind for finding in row.findings):
                    badge(finding_name(kind), finding_tone(kind))
            with ui.element("td"), row_actions():
                icon = "edit" if self._may_change else "visibility"
                label = t("Edit row {n}", n=number) if self._may_change else t("View row {n}", n=number)
                icon_button(icon, label, lambda: self._on_open(row))
                if self._may_change:
                    icon_button("delete", t("Delete row {n}", n=number), lambda: self._on_delete([row]))

    def _choose(self, row: DataRow, event: events.ValueChangeEventArguments[Any]) -> None:
        (self._view.chosen.add if event.value else self._view.chosen.discard)(row.key)
        self._show_chosen()

    def _show_chosen(self) -> None:
        n = len(self._view.chosen)
        self._delete.set_visibility(bool(n))
        self._delete.set_text(tn("Delete {n} selected row", "Delete {n} selected rows", n))

    async def _delete_chosen(self) -> None:
        await self._on_delete([row for row in self._view.page if row.key in self._view.chosen])

    def _turn(self, n_pages: int) -> None:
        self._view.turn(n_pages)
        self.show()
