"""The weight of words and meaning fitted on the saved questions, and tried on those it was not fitted on."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from lorewright.evaluation import Question
from lorewright.studio.i18n import t
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.retrieval.scores import show_difference
from lorewright.studio.visit import Visit
from lorewright.workspace.retrieval.bench import RetrievalTest
from lorewright.workspace.retrieval.measure import MIN_FITTED, Fitted, fit, measurable
from lorewright.workspace.retrieval.options import RetrievalOptions


class FitCard:
    """Offers a fitted weight, with what it gains on questions that it has not seen."""

    def __init__(
        self,
        visit: Visit,
        test: RetrievalTest,
        questions: Sequence[Question],
        saved: Callable[[], RetrievalOptions],
        on_take: Callable[[float], Awaitable[None]],
    ) -> None:
        self._visit, self._test, self._saved, self._on_take = visit, test, saved, on_take
        self._questions = list(questions)
        n = len(measurable(questions))
        if n < MIN_FITTED:
            return
        with card():
            with ui.element("div").classes("lw-row"):
                with ui.element("div").classes("lw-grow"):
                    Text("h2", t("Optimize the weight on my questions"), classes="lw-h2")
                    muted(t("5-fold cross-validation: fitted on four fifths, tested on the rest."))
                self._button = ui.button(t("Optimize"), icon="tune", on_click=self._fit).props(
                    "outline no-caps"
                )
            self._place = ui.element("div").classes("lw-stack lw-full doc-maybe").props('aria-live="polite"')

    async def _fit(self) -> None:
        self._button.set_enabled(False)
        fitted = await self._visit.attempt(self._fitted)
        self._button.set_enabled(True)
        if fitted is not None:
            self._show(fitted)

    def _fitted(self) -> Fitted:
        return fit(self._test, self._questions, self._saved())

    def _show(self, fitted: Fitted) -> None:
        self._place.clear()
        with self._place:
            summary = t(
                "Best weight: {weight} (saved: {held})",
                weight=f"{fitted.weight:g}",
                held=f"{fitted.held_weight:g}",
            )
            Text("p", summary, classes="lw-strong")
            with ui.element("div").classes("lw-row"):
                muted(t("Reciprocal rank on test questions:"))
                show_difference(fitted.gain)
            folds = ", ".join(f"{weight:g}" for weight in fitted.fold_weights)
            muted(t("Weights per fold: {folds}; n={n}.", folds=folds, n=fitted.gain.n))
            if not fitted.gain.is_measurable:
                muted(t("No measurable improvement over the saved weight."))
            if fitted.weight != fitted.held_weight:
                ui.button(t("Use this weight"), on_click=lambda: self._on_take(fitted.weight)).props(
                    "flat no-caps"
                ).classes("lw-start")
