"""One row, opened: what was found, its fields to change, and how it stands in its file."""

from collections.abc import Awaitable, Callable

from nicegui import ui

from lorewright.datasets.editing import Edit
from lorewright.evaluation.question_json import question_from_json
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.data.question_form import QuestionForm
from lorewright.studio.screens.data.stylesheet import finding_name, finding_tone
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.dataset.editing import edit_question, edit_row, raw_text, rewrite_row
from lorewright.workspace.dataset.table import DataRow, DataTable
from lorewright.workspace.dataset.versions import DataVersion
from lorewright.workspace.documents.listing import document_ids

MOST_NAMES = 300


def open_row(visit: Visit, table: DataTable, row: DataRow, on_saved: Callable[[], Awaitable[None]]) -> None:
    """Show a row in a dialog; what is saved is written into its file."""
    _Row(visit, table, row, on_saved)


class _Row:
    def __init__(
        self, visit: Visit, table: DataTable, row: DataRow, on_saved: Callable[[], Awaitable[None]]
    ) -> None:
        self._visit, self._row, self._on_saved = visit, row, on_saved
        self._may_change = visit.may("tune")
        self._is_form = not row.is_broken
        self._question: QuestionForm | None = None
        self._dialog = ui.dialog(value=True)
        with self._dialog, ui.card().classes("lw-dialog dat-dialog"):
            h2(t("{file}, row {n}", file=row.placed.file, n=row.placed.number))
            self._findings(table)
            if self._is_form and row.side == "questions":
                known = self._known_documents()
                question = question_from_json(row.placed.row)
                self._question = QuestionForm(question, known, may_change=self._may_change)
            elif self._is_form:
                self._form()
            self._as_text()
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Close"), on_click=self._dialog.close).props("flat no-caps")
                if self._may_change:
                    ui.button(t("Save"), on_click=self._save).props("unelevated no-caps")

    def _known_documents(self) -> list[str]:
        """Return the names to complete while somebody types."""
        visit = self._visit
        return document_ids(visit.server.workspace, visit.caller, limit=MOST_NAMES)

    def _findings(self, table: DataTable) -> None:
        for finding in self._row.findings:
            with ui.element("div").classes("lw-stack lw-tight"):
                badge(finding_name(finding.kind), finding_tone(finding.kind))
                Text("p", finding.message)
                other = table.like(finding) if finding.other_id else None
                if other:
                    with ui.element("div").classes("dat-like"):
                        where = f"{other.placed.file}, {other.placed.number}"
                        Text("span", where, classes="lw-muted lw-small")
                        Text("span", other.question[:600], classes="lw-pre")
                        Text("span", other.answer[:600], classes="lw-pre lw-strong")

    def _form(self) -> None:
        example = self._row.placed.value
        assert example is not None  # a form is made of readable rows only
        self._example = example
        for turn in [turn for turn in example.prompt if turn.role == "system"] + list(example.turns[:-1]):
            with ui.element("div").classes("dat-like"):
                Text("span", turn.role, classes="lw-muted lw-small")
                Text("span", turn.content[:2000], classes="lw-pre")
        lock = "" if self._may_change else " readonly"
        self._question_field = ui.textarea(t("Question"), value=example.question).props(
            f"outlined autogrow{lock}"
        )
        self._answer = ui.textarea(t("Answer"), value=example.completion).props(f"outlined autogrow{lock}")
        known = self._known_documents()
        self._documents = ui.input(
            t("Source documents (comma-separated)"), value=", ".join(example.document_ids),
            autocomplete=known,
        ).props(f"outlined dense{lock}")  # fmt: skip
        self._answerable = ui.switch(t("Answerable (off: the answer is a correct refusal)"),
                                     value=example.answerable)  # fmt: skip
        self._answerable.set_enabled(self._may_change)

    def _as_text(self) -> None:
        self._text: ui.textarea | None = None
        self._text_before = ""
        if self._is_form:
            with ui.expansion(t("In the file")).classes("lw-full") as expansion:
                holder = ui.element("div")

            async def fill() -> None:
                if self._text is None:
                    with holder:
                        await self._fill_text()

            expansion.on_value_change(fill)
        else:
            holder = ui.element("div")

            async def fill_now() -> None:
                with holder:
                    await self._fill_text()

            ui.timer(0, fill_now, once=True)

    async def _fill_text(self) -> None:
        workspace = self._visit.server.workspace
        text = await self._visit.attempt(lambda: raw_text(workspace, self._visit.caller, self._row))
        if text is None:
            return
        if not self._is_form and self._may_change:
            muted(t("Edit the raw text of the row."))
        self._text_before = text
        lock = "" if self._may_change else " readonly"
        self._text = ui.textarea(t("Raw text of the row"), value=text).props(f"outlined autogrow{lock}")
        self._text.classes("dat-raw lw-full")

    async def _save(self) -> None:
        saved = await self._visit.attempt(self._write)
        if saved:
            self._dialog.close()
            tell(t("Saved."))
            await self._on_saved()

    def _write(self) -> DataVersion | bool:
        server, caller = self._visit.server, self._visit.caller
        if self._text is not None and self._text.value != self._text_before:
            return rewrite_row(server, caller, self._row, str(self._text.value))
        if not self._is_form:
            return True
        if self._question is not None:
            return edit_question(server, caller, self._row, self._question.edit)
        names = str(self._documents.value or "").split(",")
        edit = Edit(
            question=str(self._question_field.value or ""),
            completion=str(self._answer.value or ""),
            document_ids=tuple(name.strip() for name in names if name.strip()),
            answerable=bool(self._answerable.value),
        )
        return edit_row(server, caller, self._row, edit)
