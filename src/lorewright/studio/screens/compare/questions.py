"""Every question with the marks of all arms, and all answers side by side below the one that is opened."""

from nicegui import ui

from lorewright.evaluation import Comparison, QuestionInAllArms, Selection, select
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.export import Table, csv_button
from lorewright.studio.parts.figures import figures, section
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.compare.answers import show_answers
from lorewright.studio.screens.compare.question_filter import Filter
from lorewright.studio.visit import Visit

PAGE = 25
_MOST_LETTERS = 220
_TO_TOP = "document.getElementById('questions').scrollIntoView({behavior: 'smooth'})"


class Questions:
    """The filter, and a page of questions at a time: thousands of rows never reach the browser at once."""

    def __init__(
        self, visit: Visit, comparison: Comparison, questions: tuple[QuestionInAllArms, ...], chosen: str
    ) -> None:
        self._visit, self._comparison, self._all, self._chosen = visit, comparison, questions, chosen
        self._found = list(questions)
        self._page = 0

    def build(self) -> None:
        """Show the section."""
        with section("questions", t("All questions and answers")):
            self._filter = Filter(self._comparison, self._all, self._chosen, self._take)
            self._count = Text("p", "", classes="lw-muted").props('role="status"')
            self._list = ui.element("div").classes("lw-full")
            csv_button("questions-and-answers", self._table)
        self._show()

    def show_failure(self, failure: str, arm: str) -> None:
        """Show the answers of an arm that failed in one way."""
        self._filter.take(Selection(failure=failure, failed=arm))
        ui.run_javascript(_TO_TOP)

    def _table(self) -> Table:
        """Return the questions in sight as a table to take along: one row for each answer."""
        heads = ("question", "expected", "answerable", "arm", "answer", "correct", "failure", "latency_ms")
        rows = (
            (
                one.question, " | ".join(one.targets), one.answerable, arm, row.text, row.is_right,
                row.failure, row.latency_ms,
            )
            for one in self._found
            for arm, row in one.rows.items()
        )  # fmt: skip
        return heads, rows

    def _take(self, selection: Selection) -> None:
        self._found, self._page = select(self._all, selection), 0
        self._show()

    def _show(self) -> None:
        n, selection = len(self._found), self._filter.selection
        status = tn("{n} question", "{n} questions", n)
        if selection.failure and selection.failed:
            status += " · " + t("{arm}: {cause}", arm=selection.failed, cause=selection.failure)
        self._count.set_text(status)
        self._list.clear()
        with self._list:
            if not self._found:
                muted(t("No matching questions. Remove a filter."))
                return
            arms = tuple(sorted(self._comparison.arms, key=lambda arm: arm != self._chosen))
            heads = (t("Question"), *arms)
            label = t("Questions and correct arms")
            with figures(label, heads, classes="cmp-questions", chosen=self._chosen, is_saved=False):
                for question in self._found[self._page * PAGE : (self._page + 1) * PAGE]:
                    self._row(question, arms)
            self._pager((n - 1) // PAGE)

    def _row(self, question: QuestionInAllArms, arms: tuple[str, ...]) -> None:
        with ui.element("tr"):
            with ui.element("td"):
                ask = ui.element("button").classes("cmp-ask").props("type=button aria-expanded=false")
                with ask:
                    ui.icon("chevron_right").props('aria-hidden="true"')
                    Text("span", _short(question.question))
            for arm in arms:
                _mark(question, arm)
        with ui.element("tr") as below, ui.element("td").props(f"colspan={len(arms) + 1}") as place:
            pass
        below.set_visibility(False)

        def turn() -> None:
            is_open = not below.visible
            below.set_visibility(is_open)
            ask.props["aria-expanded"] = "true" if is_open else "false"
            ask.update()
            if is_open and not place.default_slot.children:
                with place:
                    show_answers(self._visit, self._comparison.id, question, self._chosen)

        ask.on("click", turn)

    def _pager(self, last: int) -> None:
        if not last:
            return
        here = self._page
        with ui.element("nav").classes("cmp-pager").props(f'aria-label="{t("Pages")}"'):
            self._to("first_page", t("First page"), 0, is_there=here > 0)
            self._to("chevron_left", t("Previous page"), here - 1, is_there=here > 0)
            Text("span", t("Page {n} of {last}", n=here + 1, last=last + 1), classes="lw-muted")
            self._to("chevron_right", t("Next page"), here + 1, is_there=here < last)
            self._to("last_page", t("Last page"), last, is_there=here < last)

    def _to(self, icon: str, label: str, page: int, *, is_there: bool) -> None:
        def turn() -> None:
            self._page = page
            self._show()
            ui.run_javascript(_TO_TOP)

        button = ui.button(icon=icon, on_click=turn).props(f'flat round dense aria-label="{label}"')
        button.set_enabled(is_there)


def _mark(question: QuestionInAllArms, arm: str) -> None:
    row = question.rows.get(arm)
    with ui.element("td").classes("cmp-mark"):
        if row is None:
            Text("span", "·").props(f'aria-label="{t("not asked")}" role=img')
        elif row.is_right:
            Text("span", "✓", classes="cmp-mark-right").props(f'aria-label="{t("correct")}" role=img')
        else:
            mark = Text("span", "✗", classes="cmp-mark-wrong").props("role=img")
            mark.props["aria-label"] = t("wrong: {cause}", cause=row.failure)
            mark.props["title"] = row.failure


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[:_MOST_LETTERS]}…"
