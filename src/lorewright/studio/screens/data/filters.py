"""The filters above the rows: a search, the files, and every finding with its count."""

from collections.abc import Callable
from typing import Any

from nicegui import events, ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.data.stylesheet import FINDINGS, finding_name, part_name
from lorewright.studio.screens.data.view import DataView


class Filters:
    """Fields that change what a view looks at; `on_change` is called with what changed."""

    def __init__(self, view: DataView, on_change: Callable[..., None]) -> None:
        self._view, self._on_change = view, on_change
        with ui.element("div").classes("dat-filters").props(f'role="search" aria-label="{t("Filters")}"'):
            search = ui.input(t("Search")).props("outlined dense clearable debounce=300 type=search")
            search.classes("dat-search").on_value_change(self._search)
            self._file = ui.select([], label=t("File"), on_change=self._pick_file).props("outlined dense")
            self._file.classes("dat-file")
            self._part = ui.select({}, label=t("Split"), on_change=self._pick_part).props("outlined dense")
            self._part.classes("dat-file")
        self._chips = (
            ui.element("div").classes("dat-filters").props(f'role="group" aria-label="{t("Findings")}"')
        )

    def show(self) -> None:
        """Show how many rows each filter leaves."""
        counted, look = self._view.counted, self._view.look
        files = {"": t("All files")} | {name: f"{name} ({n:,})" for name, n in counted.files.items()}
        self._file.set_options(files, value=look.file if look.file in files else "")
        self._file.set_visibility(len(counted.files) > 1)
        parts = {"": t("Any split")} | {
            name: f"{part_name(name)} ({n:,})" for name, n in counted.parts.items()
        }
        self._part.set_options(parts, value=look.part if look.part in parts else "")
        self._part.set_visibility(len(counted.parts) > 1)
        self._chips.clear()
        with self._chips:
            kinds = [kind for kind in FINDINGS if counted.findings.get(kind) or kind == look.finding]
            if kinds:
                self._chip("", t("All rows"), sum(counted.parts.values()))
            for kind in kinds:
                self._chip(kind, finding_name(kind), counted.findings.get(kind, 0))

    def _chip(self, kind: str, name: str, n: int) -> None:
        is_on = self._view.look.finding == kind
        chip = ui.element("button").classes("lw-chip")
        chip.props["aria-label"] = f"{name} {n:,}"
        with chip.props(f'type=button aria-pressed="{str(is_on).lower()}"'):
            Text("span", name)
            Text("span", f"{n:,}", classes="dat-chip-n")
        chip.on("click", lambda: self._on_change(finding=kind))

    def _search(self, event: events.ValueChangeEventArguments[Any]) -> None:
        self._on_change(search=str(event.value or ""))

    def _pick_file(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if (event.value or "") != self._view.look.file:
            self._on_change(file=event.value or "")

    def _pick_part(self, event: events.ValueChangeEventArguments[Any]) -> None:
        if (event.value or "") != self._view.look.part:
            self._on_change(part=event.value or "")
