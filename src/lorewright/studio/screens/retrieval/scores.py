"""How well a way retrieves on the saved questions, against the settings that hold."""

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from lorewright.evaluation import Difference, Estimate, Question
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import Tone, badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.help import term_help
from lorewright.studio.parts.latest import Latest
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.retrieval.each_question import EachQuestion
from lorewright.studio.visit import Visit
from lorewright.workspace.retrieval.bench import RetrievalTest
from lorewright.workspace.retrieval.measure import METRICS, Measured, change, measurable, measure
from lorewright.workspace.retrieval.options import RetrievalOptions

Ask = Callable[[str], Awaitable[None]]


class Scores:
    """The card with the metrics; once measured it follows every turn of a knob."""

    def __init__(
        self,
        visit: Visit,
        test: RetrievalTest,
        questions: Sequence[Question],
        saved: Callable[[], RetrievalOptions],
        on_ask: Ask,
    ) -> None:
        self.questions = list(questions)
        self._visit, self._test, self._saved, self._on_ask = visit, test, saved, on_ask
        self._way = saved()
        self._held: tuple[RetrievalOptions, Measured] | None = None
        self._is_on = False
        self._measuring = Latest(self._measure)
        self._done = self._total = 0
        with card(t("On your saved questions")):
            self._place = ui.element("div").classes("lw-stack lw-full").props('aria-live="polite"')
            self._bar = ui.linear_progress(value=0, show_value=False, size="4px").props(
                f'rounded aria-label="{t("Measuring")}"'
            )
            self._bar.set_visibility(False)
        self._look = ui.timer(0.3, self._show_progress, active=False)
        self._offer()

    async def turned(self, way: RetrievalOptions, *, has_new_questions: bool = False) -> None:
        """Measure another way, if anybody asked for measures yet."""
        self._way = way
        if has_new_questions:
            self._held = None
        if self._is_on:
            await self._measuring.ask()
        elif has_new_questions:
            self._offer()

    def _offer(self) -> None:
        n = len(measurable(self.questions))
        self._place.clear()
        with self._place:
            if not self._visit.may("evaluate"):
                muted(t("You need the 'evaluate' permission."))
                return
            if not n:
                muted(
                    t("No saved question has a relevant document. Ask a question and mark a hit as relevant.")
                )
                return
            muted(t("Recall of the kept chunks, and nDCG and reciprocal rank of the first ten documents."))
            label = tn("Measure on {n} question", "Measure on {n} questions", n)
            ui.button(label, icon="speed", on_click=self._begin).props("unelevated no-caps").classes(
                "lw-start"
            )

    async def _begin(self) -> None:
        self._is_on = True
        await self._measuring.ask()

    async def _measure(self) -> None:
        self._look.activate()
        tried = await self._visit.attempt(self._both, self._way)
        self._look.deactivate()
        self._bar.set_visibility(False)
        if tried is None:
            self._is_on = False
            return
        self._show(tried, self._held[1] if self._held else tried)

    def _both(self, way: RetrievalOptions) -> Measured:
        """Return the measures of a way, after those of the saved one, which are measured once."""
        saved = self._saved()
        if self._held is None or self._held[0] != saved:
            self._held = (saved, self._measured(saved))
        return self._held[1] if way == saved else self._measured(way)

    def _measured(self, way: RetrievalOptions) -> Measured:
        def progress(done: int, total: int) -> None:
            self._done, self._total = done, total

        client = self._visit.client
        return measure(self._test, self.questions, way, progress=progress, stopped=lambda: client.is_deleted)

    def _show_progress(self) -> None:
        self._bar.set_visibility(self._look.active)
        self._bar.set_value(self._done / self._total if self._total else 0)

    def _show(self, tried: Measured, saved: Measured) -> None:
        names = {
            "recall": t("Recall at {n}", n=self._way.n_kept), "ndcg": t("nDCG at 10"),
            "reciprocal_rank": t("Mean reciprocal rank"),
        }  # fmt: skip
        terms = {"recall": "recall", "ndcg": "nDCG", "reciprocal_rank": "reciprocal rank"}
        self._place.clear()
        with self._place:
            with ui.element("div").classes("ret-metrics"):
                for metric in METRICS:
                    moved = None if tried is saved else change(metric, tried, saved)
                    _figure(names[metric], terms[metric], tried.mean(metric), moved)
            refusals = t(
                "Would be refused: {refused} of {answerable} answerable and {rightly} of {none} "
"unanswerable questions.",
                refused=tried.n_refused, answerable=tried.n_answerable,
                rightly=tried.n_rightly_refused, none=tried.n_unanswerable,
            )  # fmt: skip
            muted(refusals)
            if self._way.reranker == "model":
                with ui.element("div").classes("lw-row"):
                    muted(
                        t("Measured without the model reranker, which takes minutes. Measure it as a flow.")
                    )
                    ui.link(t("Flows"), "/flows")
            EachQuestion(self.questions, tried, saved, self._way.n_kept, self._on_ask)


def _figure(name: str, term: str, mean: Estimate, moved: Difference | None) -> None:
    with ui.element("div").classes("lw-figure"):
        with ui.element("div").classes("lw-row lw-tight"):
            Text("span", name, classes="lw-muted lw-small")
            term_help(term)
        Text("span", f"{mean.mean:.2f}", classes="lw-figure-value")
        span = t("{low} to {high}, n={n}", low=f"{mean.low:.2f}", high=f"{mean.high:.2f}", n=mean.n)
        Text("span", span, classes="lw-muted lw-small")
        if moved is None:
            badge(t("same as saved"), "plain")
            return
        show_difference(moved)


def show_difference(moved: Difference) -> None:
    """Show a difference against the saved settings with its interval, and whether it is one."""
    difference = f"{moved.mean:+.2f} ({moved.low:+.2f} … {moved.high:+.2f})"
    tone: Tone = "plain" if not moved.is_measurable else "good" if moved.mean > 0 else "bad"
    badge(difference, tone)
    if moved.is_measurable:
        verdict = t("better than saved") if moved.mean > 0 else t("worse than saved")
    else:
        verdict = t("no measurable difference")
    Text("span", verdict, classes="lw-muted lw-small")
