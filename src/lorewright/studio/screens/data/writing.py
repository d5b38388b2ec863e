"""Held-out questions written by hand: five to begin with, so that documents alone can be compared."""

from nicegui import ui

from lorewright.errors import LorewrightError
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.data.stylesheet import head
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.plan import plan_comparison, time_needed
from lorewright.workspace.comparisons.start import start_comparison
from lorewright.workspace.dataset.judged_questions import add_question
from lorewright.workspace.dataset.question_choice import comparison_order
from lorewright.workspace.documents.listing import document_ids

N_TO_BEGIN = 5
MAX_OFFERED = 500
"""Documents to choose from; of a larger domain the rest are typed by their name."""


async def show(visit: Visit) -> None:
    """Let questions be written, each with its right answer and the document that holds it."""
    head(visit, "/data/questions/new")
    if not visit.may("tune"):
        empty("lock", t("You need the 'tune' permission."), t("Ask an administrator."))
        return
    names = await visit.attempt(lambda: document_ids(visit.server.workspace, visit.caller, limit=MAX_OFFERED))
    if names is not None:
        _Writing(visit, names)


class _Writing:
    """The questions on the page; each is saved for itself, what is wrong stays to be mended."""

    def __init__(self, visit: Visit, names: list[str]) -> None:
        self._visit, self._names = visit, names
        self._rows: list[_Row] = []
        self._n_saved = 0
        description = t(
            "Write what people will ask, as they would ask it, with the correct answer as short as possible. "
            "The questions measure every arm and never train one."
        )
        with card(t("Write questions"), description):
            self._place = ui.element("div").classes("lw-stack")
            with ui.element("div").classes("lw-actions"):
                if visit.may("evaluate"):
                    ui.button(t("Save and compare"), icon="play_arrow", on_click=self._compare).props(
                        "unelevated no-caps"
                    )
                ui.button(t("Save questions"), icon="save", on_click=self._save).props("outline no-caps")
                ui.button(t("Add another"), icon="add", on_click=self._add).props("flat no-caps")
                ui.link(t("Import a file instead"), "/data/import?side=questions").classes("lw-button")
            self._status = ui.element("div").classes("lw-stack").props('role="status"')
        for _ in range(N_TO_BEGIN):
            self._add()

    def _add(self) -> None:
        with self._place:
            self._rows.append(_Row(self._visit, len(self._rows) + 1, self._names))

    async def _compare(self) -> None:
        """Save the questions and measure every arm; where that trains first, show how long it takes."""
        await self._save()
        if not self._n_saved or any(row.is_written for row in self._rows):
            return
        visit = self._visit
        plan = await visit.attempt(plan_comparison, visit.server.workspace, visit.caller)
        if plan is None:
            return
        arms, n = plan.usual_arms, plan.questions.n
        is_drilled = bool(plan.n_drilled)
        if not arms or time_needed(plan, arms, n, is_drilled=is_drilled).tuning_seconds:
            ui.navigate.to("/compare/new")
            return
        order = comparison_order(arms, limit=0, is_drilled=is_drilled)
        job = await visit.attempt(start_comparison, visit.server, visit.caller, order)
        if job:
            ui.navigate.to(f"/compare/run/{job.id}")

    async def _save(self) -> None:
        written = [row for row in self._rows if row.is_written]
        for row in written:
            self._n_saved += await row.save()
        self._status.clear()
        with self._status:
            if not written and not self._n_saved:
                muted(t("Write at least one question."))
            elif self._n_saved:
                _next_step(self._visit, self._n_saved)


def _next_step(visit: Visit, n_saved: int) -> None:
    saved = tn("{n} question saved.", "{n} questions saved.", n_saved)
    few = t("A few questions show how it works; from about 50 on, differences become visible.")
    Text("p", saved, classes="lw-strong lw-pre")
    muted(few)
    with ui.element("div").classes("lw-actions"):
        if visit.may("evaluate"):
            ui.link(t("New comparison"), "/compare/new").classes("lw-button lw-button-main")
        ui.link(t("View questions"), "/data/questions").classes("lw-button")


class _Row:
    """One question: what is asked, the right answer, and the document with it."""

    def __init__(self, visit: Visit, number: int, names: list[str]) -> None:
        self._visit, self._is_saved = visit, False
        with ui.element("fieldset").classes("dat-write") as self._whole:
            Text("legend", t("Question {n}", n=number), classes="lw-unseen")
            self._question = ui.input(t("Question {n}", n=number)).props("outlined dense").classes("lw-full")
            with ui.element("div").classes("dat-write-right"):
                self._answer = ui.textarea(t("Correct answer {n}", n=number))
                self._answer.props("outlined dense autogrow rows=1")
                self._document = ui.select(
                    ["", *names] if names else [""], value="", label=t("Document with answer {n}", n=number),
                    with_input=True, new_value_mode="add-unique" if len(names) >= MAX_OFFERED else None,
                ).props("outlined dense")  # fmt: skip
            self._is_refused = ui.checkbox(
                t("No document answers it: the correct answer is a refusal"), on_change=self._refusal
            )
            self._wrong = Text("p", "", classes="lw-error").props('role="alert"')

    def _refusal(self) -> None:
        for field in (self._answer, self._document):
            field.set_enabled(not self._is_refused.value)

    @property
    def is_written(self) -> bool:
        """Whether there is something to save."""
        return not self._is_saved and any(
            str(one.value or "").strip() for one in (self._question, self._answer)
        )

    async def save(self) -> bool:
        """Save the question; say beside it what is wrong, if anything is."""
        is_refused = bool(self._is_refused.value)
        question, answer = str(self._question.value or ""), str(self._answer.value or "")
        names = [str(self._document.value)] if self._document.value and not is_refused else []
        visit = self._visit

        def add() -> str:
            try:
                add_question(
                    visit.server, visit.caller, question, "" if is_refused else answer, names,
                    answerable=not is_refused,
                )  # fmt: skip
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
