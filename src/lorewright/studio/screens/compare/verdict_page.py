"""The page everybody came for: which arm to use, why, and everything it rests on."""

from dataclasses import dataclass

from nicegui import ui

from lorewright.evaluation import Comparison, QuestionInAllArms
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.figures import load_compare_stylesheet, notice
from lorewright.studio.parts.heading import heading
from lorewright.studio.parts.moments import moment_text
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


async def show(visit: Visit, comparison_id: str) -> None:
    """Show one comparison."""
    load_compare_stylesheet()
    loaded = await visit.attempt(_read, visit, comparison_id)
    if loaded is None:
        return
    advice = await visit.attempt(loaded.inputs.advice)
    if advice is None:
        return
    comparison = loaded.comparison
    with heading(loaded.name or t("Comparison"), _summary(loaded)):
        _actions(visit, loaded, advice.arm)
    if comparison.measured.origin:
        origin_text = t("This comparison was {origin}. Results on your data may differ.",
                 origin=comparison.measured.origin)  # fmt: skip
        notice(origin_text, icon="inventory_2")
    _navigation(comparison)
    show_verdict(comparison, advice)
    show_arms(visit, comparison, advice)
    what_if = WhatIf(visit, loaded.inputs, advice)
    await show_plots(visit, comparison, advice, what_if)
    show_head_to_head(advice)
    if comparison.drill:
        show_drill(comparison, advice.arm)
    questions = Questions(visit, comparison, loaded.questions, advice.arm)
    show_failures(comparison, advice.arm, questions.show_failure)
    questions.build()
    show_measured(comparison)


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


def _navigation(comparison: Comparison) -> None:
    """Show where on this long page is what."""
    parts = {"verdict": t("Recommendation"), "arms": t("Arms"), "what-if": t("What if"), "plots": t("Plots"),
             "head": t("Head to head")}  # fmt: skip
    if comparison.drill:
        parts["drill"] = t("When a fact changes")
    parts["failures"] = t("Failures")
    parts |= {"questions": t("Questions"), "measured": t("How it was measured")}
    with ui.element("nav").classes("cmp-nav").props(f'aria-label="{t("Sections of this page")}"'):
        for name, title in parts.items():
            go = ui.element("button").classes("lw-chip").props("type=button")
            go.on(
                "click",
                js_handler=f"() => document.getElementById('{name}').scrollIntoView({{behavior: 'smooth'}})",
            )
            with go:
                ui.label(title)


def _actions(visit: Visit, loaded: LoadedComparison, recommended: str) -> None:
    comparison = loaded.comparison
    share_menu(comparison.id)
    more_menu(visit, comparison.id, loaded.name)
    if visit.may("deploy"):
        ui.button(
            t("Deploy {arm}", arm=recommended), icon="rocket_launch",
            on_click=lambda: open_deploy(visit, comparison, recommended),
        ).props("unelevated no-caps")  # fmt: skip
