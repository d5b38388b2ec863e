"""Advise: which arm to use, the decision tree with its evidence, and what every arm costs."""

from nicegui import ui

from lorewright.advisor import Recommendation
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.figures import bullets, load_compare_stylesheet, notice
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.short_verdict import short_verdict
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.advise.costs import show_costs
from lorewright.studio.screens.advise.tree import show_tree
from lorewright.studio.screens.compare.head_to_head import show_head_to_head
from lorewright.studio.screens.compare.screen import offer_bundled
from lorewright.studio.screens.compare.verdict import show_would_change
from lorewright.studio.screens.compare.what_if import WhatIf
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.advice import AdviceInputs, advice_inputs
from lorewright.workspace.comparisons.bundled import has_bundled_comparison


async def show(visit: Visit) -> None:
    """Show what is advised from all that is known now, measured or not."""
    load_compare_stylesheet()
    loaded = await visit.attempt(_read, visit)
    if loaded is None:
        return
    known, advice, is_desk = loaded
    with heading(
        t("Advise"), t("Fine-tune, RAG, or both? A recommendation from what is known and measured.")
    ):
        ui.button(
            t("Answer a few questions"), icon="quiz", on_click=lambda: ui.navigate.to("/advise/ask")
        ).props("outline no-caps")
    if not (advice.is_measured or advice.facts.n_documents or advice.facts.n_examples):
        _nothing_yet()
        return
    _show_recommendation(visit, known, advice)
    if not advice.is_measured and is_desk and visit.may("evaluate"):
        offer_bundled(visit)
    with card(t("The decision tree"), _tree_says(advice)):
        show_tree(advice.tree, advice.arm, is_measured=advice.is_measured)
    if advice.is_measured:
        what_if = WhatIf(visit, known, advice)
        show_costs(advice, what_if)
    else:
        with card():
            show_would_change(advice)
        show_head_to_head(advice)


def _read(visit: Visit) -> tuple[AdviceInputs, Recommendation, bool]:
    workspace, caller = visit.server.workspace, visit.caller
    known = advice_inputs(workspace, caller)
    return known, known.advice(), has_bundled_comparison(workspace, caller)


def _nothing_yet() -> None:
    description = t(
        "Answer seven questions about your documents, your examples and how often facts change "
        "to get a first recommendation."
    )
    with (
        card(t("No documents or examples yet"), description),
        ui.element("div").classes("lw-actions"),
    ):
        ui.button(t("Start"), icon="play_arrow", on_click=lambda: ui.navigate.to("/advise/ask")).props(
            "unelevated no-caps"
        )
        ui.link(t("Add documents"), "/documents").classes("lw-button")


def _show_recommendation(visit: Visit, known: AdviceInputs, advice: Recommendation) -> None:
    comparison = known.comparison
    with card(t("Recommendation")):
        with ui.element("div").classes("lw-row"):
            if comparison is None or not advice.is_measured:
                badge(t("provisional: not measured yet"), "warn")
            elif comparison.measured.origin:
                badge(t("not measured here"), "warn")
            else:
                badge(t("measured"), "good")
            if advice.is_measured and not advice.is_good_enough:
                badge(t("not good enough yet"), "bad")
            if advice.is_measured and not advice.is_decided:
                badge(t("no measurable difference: ask more questions"), "warn")
        Text("p", short_verdict(advice), classes="cmp-headline")
        Text("p", advice.headline)
        if comparison is not None and comparison.measured.origin:
            notice(
                t("Based on a comparison {origin}.", origin=comparison.measured.origin), icon="inventory_2"
            )
        bullets(advice.reasons)
        with ui.element("div").classes("lw-actions"):
            if comparison is not None and advice.is_measured:
                ui.link(t("View comparison"), f"/compare/{comparison.id}").classes("lw-button lw-button-main")
            if visit.may("evaluate"):
                ui.link(t("Measure it on your data"), "/compare/new").classes("lw-button")


def _tree_says(advice: Recommendation) -> str:
    if advice.is_measured and advice.tree.leads_to != advice.arm:
        return t(
            "Three questions that give a recommendation without measuring. Measurements take precedence."
        )
    return t("Three questions that give a recommendation without measuring, answered from what is known.")
