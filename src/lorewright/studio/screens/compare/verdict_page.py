"""The page everybody came for: which arm to use, why, and everything it rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nicegui import ui

from lorewright.advisor import Recommendation
from lorewright.evaluation import Comparison, QuestionInAllArms
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.figures import load_compare_stylesheet, notice
from lorewright.studio.parts.heading import heading
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.tabs import Tabs
from lorewright.studio.screens.compare.arms import show_arms
from lorewright.studio.screens.compare.deploy_dialog import open_deploy
from lorewright.studio.screens.compare.drill import show_drill
from lorewright.studio.screens.compare.failures import show_failures
from lorewright.studio.screens.compare.head_to_head import show_head_to_head
from lorewright.studio.screens.compare.measured_with import show_measured
from lorewright.studio.screens.compare.menu import more_menu, share_menu
from lorewright.studio.screens.compare.plots import show_plots
from lorewright.studio.screens.compare.questions import Questions
from lorewright.studio.screens.compare.verdict import show_verdict
from lorewright.studio.screens.compare.what_if import WhatIf
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.advice import AdviceInputs, advice_inputs
from lorewright.workspace.comparisons.listing import name_of, questions_of


@dataclass(frozen=True, slots=True)
class LoadedComparison:
    """One comparison with all that its page needs."""

    inputs: AdviceInputs
    comparison: Comparison
    questions: tuple[QuestionInAllArms, ...]
    name: str


async def show(visit: Visit, comparison_id: str, tab: str = "") -> None:
    """Show one comparison: the verdict, the arms and what would change it; the rest behind tabs."""
    load_compare_stylesheet()
    loaded = await visit.attempt(_read, visit, comparison_id)
    if loaded is None:
        return
    advice = await visit.attempt(loaded.inputs.advice)
    if advice is None:
        return
    comparison = loaded.comparison
    parts = _Parts(visit, loaded, advice)
    with heading(loaded.name or t("Comparison"), _summary(loaded)):
        _actions(visit, loaded, advice, parts.show_failures)
    if comparison.measured.origin:
        origin_text = t("This comparison was {origin}. Results on your data may differ.",
                 origin=comparison.measured.origin)  # fmt: skip
        notice(origin_text, icon="inventory_2")
    show_verdict(comparison, advice)
    show_arms(visit, comparison, advice)
    await parts.show(tab)


class _Parts:
    """What the verdict rests on, behind tabs; each is built when it is first opened."""

    def __init__(self, visit: Visit, loaded: LoadedComparison, advice: Recommendation) -> None:
        self._visit, self._loaded, self._advice = visit, loaded, advice
        self._comparison = loaded.comparison
        self._questions = Questions(visit, loaded.comparison, loaded.questions, advice.arm)

    async def show(self, tab: str) -> None:
        """Show what would change the verdict, and the tabs with one of them open."""
        comparison, advice = self._comparison, self._advice
        self._what_if = WhatIf(self._visit, self._loaded.inputs, advice)
        tabs: dict[str, tuple[str, Callable[[], Any]]] = {
            "questions": (t("Questions"), self._questions.build),
            "failures": (t("Failures"), self._failures),
            "plots": (t("Plots"), lambda: show_plots(self._visit, comparison, advice, self._what_if)),
            "head": (t("Head to head"), lambda: show_head_to_head(advice)),
        }
        if comparison.drill:
            tabs["drill"] = (t("When a fact changes"), lambda: show_drill(comparison, advice.arm))
        tabs["measured"] = (t("How it was measured"), lambda: show_measured(comparison))
        self._tabs = Tabs(t("Details of this comparison"), f"/compare/{comparison.id}", tabs)
        await self._tabs.open(tab, is_shown=False)

    def _failures(self) -> None:
        show_failures(self._comparison, self._advice.arm, self._show_failure)

    async def _show_failure(self, failure: str, arm: str) -> None:
        await self._tabs.open("questions")
        self._questions.show_failure(failure, arm)

    async def show_failures(self) -> None:
        """Open what went wrong."""
        await self._tabs.open("failures")
        ui.run_javascript("document.getElementById('failures').scrollIntoView({behavior: 'smooth'})")


def _read(visit: Visit, comparison_id: str) -> LoadedComparison:
    workspace, caller = visit.server.workspace, visit.caller
    known = advice_inputs(workspace, caller, comparison_id)
    assert known.comparison is not None
    return LoadedComparison(
        known,
        known.comparison,
        questions_of(workspace, caller, comparison_id),
        name_of(workspace, caller, comparison_id),
    )


def _summary(loaded: LoadedComparison) -> str:
    comparison = loaded.comparison
    facts = [
        moment_text(comparison.created_at),
        tn("{n} question", "{n} questions", comparison.n_questions),
        tn("{n} arm", "{n} arms", len(comparison.arms)),
        comparison.measured.model,
    ]
    return " · ".join(fact for fact in facts if fact)


def _actions(
    visit: Visit, loaded: LoadedComparison, advice: Recommendation, on_failures: Callable[[], Any]
) -> None:
    """Show what can be done; the first of it is what the verdict says to do."""
    comparison = loaded.comparison
    share_menu(comparison.id)
    more_menu(visit, comparison.id, loaded.name)
    report = comparison.report(advice.arm)
    if visit.may("deploy") and report and report.share_right.mean > 0:
        deploy = ui.button(
            t("Deploy {arm}", arm=advice.arm), icon="rocket_launch",
            on_click=lambda: open_deploy(visit, comparison, advice.arm, is_good=advice.is_good_enough),
        )  # fmt: skip
        deploy.props("unelevated no-caps" if advice.is_good_enough else "outline no-caps")
    if not advice.is_good_enough:
        see = ui.button(t("See what went wrong"), icon="troubleshoot", on_click=on_failures)
        see.props("unelevated no-caps")
