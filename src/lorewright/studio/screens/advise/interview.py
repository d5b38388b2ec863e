"""A few questions for who has nothing yet, one at a time, and a first answer from them."""

from nicegui import ui

from lorewright.advisor import STEPS, Provisional, provisional
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.choices import Choices
from lorewright.studio.parts.figures import bullets, load_compare_stylesheet, notice
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.screens.advise.tree import show_tree
from lorewright.studio.visit import Visit


async def show(visit: Visit) -> None:
    """Ask, then say where to begin."""
    load_compare_stylesheet()
    visit.caller.need("read")
    with heading(t("Where to start"), t("Seven questions. Skip those you cannot answer.")):
        ui.link(t("Back to Advise"), "/advise")
    _Interview()


class _Interview:
    """One question at a time: arrow keys choose, Enter goes on."""

    def __init__(self) -> None:
        self._answers: dict[str, str] = {}
        self._at = 0
        with ui.element("div").classes("lw-stack lw-full") as self._place:
            pass
        self._show()

    def _show(self) -> None:
        self._place.clear()
        with self._place:
            if self._at < len(STEPS):
                self._ask()
            else:
                self._answer(provisional(self._answers))

    def _ask(self) -> None:
        step = STEPS[self._at]
        with card(), ui.element("form").classes("lw-stack").on("submit.prevent", self._next):
            with ui.element("div").classes("cmp-progress").props('aria-hidden="true"'):
                for place in range(len(STEPS)):
                    ui.element("i").classes("cmp-done" if place <= self._at else "")
            muted(t("Question {n} of {all}", n=self._at + 1, all=len(STEPS))).props('role="status"')
            offered = [(choice.id, t(choice.text), "", "") for choice in step.choices]
            choices = Choices(t(step.question), offered, lambda: self._take(choices), is_single=True)
            choices.choose({self._answers.get(step.topic, "unknown")})
            self._take(choices)
            muted(t(step.why))
            with ui.element("div").classes("lw-actions"):
                if self._at:
                    ui.button(t("Back"), icon="arrow_back", on_click=self._back).props("flat no-caps")
                last = self._at == len(STEPS) - 1
                ui.button(t("Show the recommendation") if last else t("Next")).props(
                    "unelevated no-caps type=submit"
                )
        choices.focus()

    def _take(self, choices: Choices) -> None:
        self._answers[STEPS[self._at].topic] = next(iter(choices.chosen))

    def _next(self) -> None:
        self._at += 1
        self._show()

    def _back(self) -> None:
        self._at -= 1
        self._show()

    def _again(self) -> None:
        self._at = 0
        self._show()

    def _answer(self, advice: Provisional) -> None:
        tones: dict[str, Tone] = {"medium": "busy", "low": "warn", "very low": "bad"}
        with card(t("Where to start")):
            with ui.element("div").classes("lw-row"):
                badge(t("provisional: not measured yet"), "warn")
                badge(t("confidence: {word}", word=t(advice.confidence)), tones[advice.confidence])
            Text("p", advice.headline, classes="cmp-headline").props('tabindex="-1" id="first-answer"')
            bullets(advice.reasons)
            notice(t("Based only on your answers. A measurement may lead to another recommendation."))
            h3(t("How to be more certain"))
            bullets(advice.firm_up)
            with ui.element("div").classes("lw-actions"):
                ui.link(t("Add documents"), "/documents").classes("lw-button lw-button-main")
                ui.button(t("Change my answers"), icon="undo", on_click=self._again).props("flat no-caps")
        with card(t("Path through the decision tree")):
            show_tree(advice.tree, advice.tree.leads_to, is_measured=False)
        ui.run_javascript("document.getElementById('first-answer').focus()")
