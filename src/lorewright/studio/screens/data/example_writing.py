"""Examples to learn from, written by hand: a question and its answer, without a file."""

from nicegui import ui

from lorewright.errors import LorewrightError
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit
from lorewright.workspace.dataset.written_examples import add_example

N_TO_BEGIN = 3


def show(visit: Visit) -> None:
    """Let examples be written, each with the answer as it should be given."""
    head(visit, "/data/examples/new")
    if not visit.may("tune"):
        empty("lock", t("You need the 'tune' permission."), t("Ask an administrator."))
        return
    _Writing(visit)


class _Writing:
    """The examples on the page; each is saved for itself, what is wrong stays to be fixed."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._rows: list[_Row] = []
        self._n_saved = 0
        description = t(
            "Write the answer exactly as it should be given: its tone and form are what is learned. "
            "Facts that change belong into documents."
        )
        with card(t("Write examples"), description):
            self._place = ui.element("div").classes("lw-stack")
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Save examples"), icon="save", on_click=self._save).props("unelevated no-caps")
                ui.button(t("Add another"), icon="add", on_click=self._add).props("flat no-caps")
                ui.link(t("Import a file instead"), "/data/import").classes("lw-button")
            self._status = ui.element("div").classes("lw-stack").props('role="status"')
        for _ in range(N_TO_BEGIN):
            self._add()

    def _add(self) -> None:
        with self._place:
            self._rows.append(_Row(self._visit, len(self._rows) + 1))

    async def _save(self) -> None:
        written = [row for row in self._rows if row.is_written]
        for row in written:
            self._n_saved += await row.save()
        self._status.clear()
        with self._status:
            if not written and not self._n_saved:
                muted(t("Write at least one example."))
            elif self._n_saved:
                saved = tn("{n} example saved.", "{n} examples saved.", self._n_saved)
                Text("p", saved, classes="lw-strong lw-pre")
                with ui.element("div").classes("lw-actions"):
                    ui.link(t("View examples"), "/data").classes("lw-button")


class _Row:
    """One example: what is asked, and the answer to learn."""

    def __init__(self, visit: Visit, number: int) -> None:
        self._visit, self._is_saved = visit, False
        with ui.element("fieldset").classes("dat-write") as self._whole:
            Text("legend", t("Example {n}", n=number), classes="lw-unseen")
            self._question = ui.input(t("Question {n}", n=number)).props("outlined dense").classes("lw-full")
            self._answer = ui.textarea(t("Answer {n}", n=number))
            self._answer.props("outlined dense autogrow rows=1").classes("lw-full")
            self._wrong = Text("p", "", classes="lw-error").props('role="alert"')

    @property
    def is_written(self) -> bool:
        """Whether there is something to save."""
        texts = (str(one.value or "").strip() for one in (self._question, self._answer))
        return not self._is_saved and any(texts)

    async def save(self) -> bool:
        """Save the example; say beside it what is wrong, if anything is."""
        question, answer = str(self._question.value or ""), str(self._answer.value or "")
        visit = self._visit

        def add() -> str:
            try:
                add_example(visit.server, visit.caller, question, answer)
            except LorewrightError as error:
                return f"{error} {error.hint}".strip()
            return ""

        problem = await visit.attempt(add)
        self._wrong.set_text(problem or "")
        if problem is None or problem:
            return False
        self._is_saved = True
        self._whole.clear()
        with self._whole, ui.element("div").classes("lw-row"):
            badge(t("saved"), "good")
            Text("span", question, classes="lw-strong")
        return True
