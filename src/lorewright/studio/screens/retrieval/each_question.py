"""Every saved question with the rank of its first right document, in the way under test and as saved."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from lorewright.evaluation import Question
from lorewright.studio.i18n import t
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, muted
from lorewright.workspace.retrieval.measure import Measured

_N_SHOWN = 50


class EachQuestion:
    """The questions behind the metrics: those that moved, those that miss, or all."""

    def __init__(
        self,
        questions: Sequence[Question],
        tried: Measured,
        saved: Measured,
        n_kept: int,
        on_ask: Callable[[str], Awaitable[None]],
    ) -> None:
        self._tried, self._held, self._n_kept, self._on_ask = tried, saved, n_kept, on_ask
        self._questions = [question for question in questions if question.id in tried.ranks]
        moved = [one for one in self._questions if self._ranks(one)[0] != self._ranks(one)[1]]
        missed = [one for one in self._questions if tried.marks[one.id].recall < 1]
        self._lists = {
            "missed": (t("Not all relevant documents kept"), missed),
            "moved": (t("Changed from saved"), moved),
            "all": (t("All"), self._questions),
        }
        with ui.element("div").classes("doc-filters").props(f'role="group" aria-label="{t("Questions")}"'):
            self._chips = {name: self._chip(name) for name in self._lists}
        self._place = ui.element("div").classes("lw-full")
        self._show("moved" if moved else "")

    def _ranks(self, question: Question) -> tuple[int, int]:
        return self._tried.ranks.get(question.id, 0), self._held.ranks.get(question.id, 0)

    def _chip(self, name: str) -> Text:
        title, questions = self._lists[name]
        chip = Text("button", f"{title} {len(questions)}", classes="lw-chip").props("type=button")
        return chip.on("click", lambda: self._show(name))

    def _show(self, chosen: str) -> None:
        for name, chip in self._chips.items():
            chip.props["aria-pressed"] = "true" if name == chosen else "false"
        self._place.clear()
        if not chosen:
            return
        _, questions = self._lists[chosen]
        with self._place:
            if not questions:
                muted(t("None."))
                return
            heads = (t("Question"), t("Rank"), t("Saved"), t("Recall"))
            table(t("Questions"), heads, [self._row(question) for question in questions[:_N_SHOWN]])
            if len(questions) > _N_SHOWN:
                muted(t("Only the first {n} of {all} are shown.", n=_N_SHOWN, all=len(questions)))

    def _row(self, question: Question) -> list[Cell]:
        now, before = self._ranks(question)

        def question_link() -> None:
            link = Text("button", question.text, classes="ret-question").props("type=button")
            link.on("click", lambda: self._on_ask(question.id))

        recall = self._tried.marks[question.id].recall
        return [question_link, _rank(now), _rank(before), f"{recall:.0%}"]


def _rank(place: int) -> str:
    return str(place) if place else t("not retrieved")
