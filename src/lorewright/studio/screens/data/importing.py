"""A file of examples or questions brought in: dropped, its columns named, tried out, then taken."""

import shutil
from functools import partial
from pathlib import Path

from nicegui import events, ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.cleanup import ElementWithCleanup
from lorewright.studio.parts.drop import drop_zone
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import muted
from lorewright.studio.parts.uploader import Uploader
from lorewright.studio.screens.data.column_mapping import MappingForm
from lorewright.studio.screens.data.import_preview import show_trial
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit, tell, tell_error
from lorewright.workspace.dataset.importing import (
    Trial,
    import_rows,
    incoming_folder,
    preview_import,
    read_incoming,
)
from lorewright.workspace.dataset.table import Side


def show(visit: Visit, side: str = "examples") -> None:
    """Let a file be dropped; `side` is where its rows go unless the visitor says otherwise."""
    head(visit, "/data/import")
    if not visit.may("tune"):
        empty("lock", t("You need the 'tune' permission."), t("Ask an administrator."))
        return
    _Import(visit, "questions" if side == "questions" else "examples")


class _Import:
    """A file on its way into the dataset; it lies in a folder of its own until the page goes."""

    def __init__(self, visit: Visit, side: Side) -> None:
        self._visit, self._side = visit, side
        self._folder = incoming_folder(visit.server.workspace, visit.caller)
        self._path: Path | None = None
        self._trial: Trial | None = None
        self._n_tried = 0
        limit = visit.server.workspace.settings.serve.max_upload_mb
        too_large = t("At most {limit} MB per file.", limit=f"{limit:g}")
        self._uploader = Uploader(
            max_file_size=int(limit * 1e6), on_upload=self._take,
            on_rejected=lambda: tell_error(too_large, t("Split it into smaller files.")),
        )  # fmt: skip
        self._uploader.props(
            f'flat bordered aria-label="{t("File")}" accept=".jsonl,.json,.csv,.tsv,.parquet,.xlsx,.xlsm"'
        ).classes("lw-drop")
        description = t("Drop a .jsonl, .json, .csv or .tsv file here")
        self._uploader.add_slot("header", drop_zone(description, t("Choose a file")))
        with ui.element("div").classes("lw-row"):
            muted(t("One row for each question with its answer. The columns may have other names."))
            example = csv_button("example", lambda: _example(self._side))
            example.set_text(t("Download an example file"))
            example.props["aria-label"] = t("Download an example file")
        self._below = ElementWithCleanup("div", partial(shutil.rmtree, self._folder, ignore_errors=True))
        self._below.classes("lw-stack")

    async def _take(self, event: events.UploadEventArguments) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._name = event.file.name
        suffix = Path(self._name.replace("\\", "/")).suffix.lower()
        self._path = self._folder / f"incoming{suffix if suffix.isascii() and len(suffix) < 8 else ''}"
        await event.file.save(self._path)
        self._uploader.reset()
        preview = await self._visit.attempt(read_incoming, self._path)
        self._below.clear()
        if preview is None:
            return
        with self._below:
            with card(t("Column mapping"), t("File: {name}", name=self._name)):
                if preview.unclear:
                    muted(t("The columns could not be mapped by name. Choose them below."))
                sides = {
                    "examples": t("Examples (for training)"),
                    "questions": t("Held-out questions (for measuring)"),
                }
                self._target = ui.radio(sides, value=self._side, on_change=self._try).props("inline")
                self._target.props["aria-label"] = t("Use rows as")
                self._form = MappingForm(preview, self._try)
            self._result = ui.element("div").classes("lw-stack").props('aria-live="polite"')
            with ui.element("div").classes("lw-actions lw-sticky"):
                self._go = ui.button(t("Import"), icon="download_done", on_click=self._import)
                self._go.props("unelevated no-caps")
                ui.link(t("Cancel"), "/data").classes("lw-button")
        await self._try()

    async def _try(self) -> None:
        """Try what the fields say; of several tries under way the last one counts."""
        self._n_tried += 1
        mine = self._n_tried
        self._side = "questions" if self._target.value == "questions" else "examples"
        mapping, path = self._form.value(), self._path
        self._go.set_enabled(False)
        if mapping is None or path is None:
            self._result.clear()
            with self._result:
                muted(
                    t("Choose the columns with the question and the answer, or the column with the messages.")
                )
            return
        trial = await self._visit.attempt(
            lambda: preview_import(
                self._visit.server.workspace, self._visit.caller, path, mapping, self._side
            )
        )
        if mine != self._n_tried or trial is None:
            return
        self._result.clear()
        with self._result:
            show_trial(trial, self._side)
        n = len(trial.examples)
        self._go.set_enabled(bool(n))
        self._go.set_text(tn("Import {n} row", "Import {n} rows", n))

    async def _import(self) -> None:
        mapping, path, server = self._form.value(), self._path, self._visit.server
        if mapping is None or path is None:
            return
        self._go.set_enabled(False)
        version = await self._visit.attempt(
            lambda: import_rows(server, self._visit.caller, path, mapping, self._side, name=self._name)
        )
        self._go.set_enabled(True)
        if version:
            tell(version.why)
            ui.navigate.to("/data" if self._side == "examples" else "/data/questions")


def _example(side: Side) -> Table:
    """Return a small table of the kind that is taken here: to be filled in by somebody who has none."""
    rows = [
        (t("How many days of leave do I have?"), t("28 days a year.")),
        (t("What may a hotel cost?"), t("120 euros a night.")),
    ]
    if side == "questions":
        rows.append((t("Who founded the company?"), ""))
    return ("question", "answer"), rows
