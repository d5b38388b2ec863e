"""Two comparisons side by side: what was different, and what that did to each arm."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.evaluation import ArmInBoth, TwoComparisons, compare_two
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.figures import exact, load_compare_stylesheet, notice
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.table import Cell, table
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.compare.answers import show_answers
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.listing import find_comparison, questions_of

_MOST_CHANGED = 40


async def show(visit: Visit, comparison_id: str, other_id: str) -> None:
    """Show two comparisons, the older as what was before."""
    load_compare_stylesheet()
    loaded = await visit.attempt(_read, visit, comparison_id, other_id)
    if loaded is None:
        return
    before, now = loaded.before, loaded.now
    description = t(
        "{before} → {now}", before=moment_text(before.created_at), now=moment_text(now.created_at)
    )
    with heading(t("Before and after"), description):
        ui.link(t("Earlier comparison"), f"/compare/{before.id}").classes("lw-button")
        ui.link(t("Later comparison"), f"/compare/{now.id}").classes("lw-button")
    if not loaded.is_alike:
        notice(t("The two comparisons define correctness differently. Their values are not comparable."))
    _arms(loaded)
    _changes(loaded)
    _answers(visit, loaded)


def _read(visit: Visit, one_id: str, other_id: str) -> TwoComparisons:
    workspace, caller = visit.server.workspace, visit.caller
    return compare_two(
        find_comparison(workspace, caller, one_id), find_comparison(workspace, caller, other_id)
    )


def _arms(comparisons: TwoComparisons) -> None:
    shared = tn("{n} question is in both", "{n} questions are in both", comparisons.n_shared)
    with card(t("Arms"), t("{shared}; differences are calculated on these questions only.", shared=shared)):
        heads = (t("Arm"), t("Before"), t("Now"), t("Difference"), t("Now correct"), t("Now wrong"))
        table(t("Arms before and after"), heads, [_row(arm) for arm in comparisons.arms])
        for arms, text in (
            (comparisons.only_before, t("Only before")),
            (comparisons.only_now, t("Only after")),
        ):
            if arms:
                muted(f"{text}: {', '.join(arms)}")


def _row(arm: ArmInBoth) -> Sequence[Cell]:
    gap = arm.difference("correctness")

    def difference() -> None:
        if gap is None:
            muted(t("no shared questions"))
            return
        text = t(
            "{mean}, {low} to {high}", mean=f"{gap.mean:+.2f}", low=f"{gap.low:+.2f}", high=f"{gap.high:+.2f}"
        )
        if not gap.is_measurable:
            badge(t("no measurable difference"), "plain")
        elif gap.mean > 0:
            badge(t("better"), "good")
        else:
            badge(t("worse"), "bad")
        Text("span", text, classes="cmp-sub")

    return [arm.arm, exact(arm.before), exact(arm.now), difference, len(arm.fixed), len(arm.broken)]


def _changes(comparisons: TwoComparisons) -> None:
    with card(t("What changed")):
        if not comparisons.changes:
            muted(t("No known changes: model, documents, settings and machine are the same."))
            return
        heads = (t("What"), t("Before"), t("Now"))
        rows = [(change.what, change.before or "-", change.now or "-") for change in comparisons.changes]
        table(t("What changed"), heads, rows)


def _answers(visit: Visit, comparisons: TwoComparisons) -> None:
    """Show the questions whose verdict changed in any arm, with the answers before and now."""
    changed = dict.fromkeys(name for arm in comparisons.arms for name in (*arm.broken, *arm.fixed))
    with card(t("Questions with a changed result")):
        if not changed:
            muted(t("None."))
            return
        workspace, caller = visit.server.workspace, visit.caller
        then = {one.question_id: one for one in questions_of(workspace, caller, comparisons.before.id)}
        now = {one.question_id: one for one in questions_of(workspace, caller, comparisons.now.id)}
        for name in list(changed)[:_MOST_CHANGED]:
            with ui.element("details").classes("cmp-detail cmp-changed") as details:
                Text("summary", now[name].question[:200])
                place = ui.element("div").classes("lw-stack")

            def fill(place: ui.element = place, name: str = name) -> None:
                if not place.default_slot.children:
                    with place:
                        Text("h3", t("Before"), classes="lw-h3")
                        show_answers(
                            visit, comparisons.before.id, then[name], comparisons.now.recommended_arm
                        )
                        Text("h3", t("Now"), classes="lw-h3")
                        show_answers(visit, comparisons.now.id, now[name], comparisons.now.recommended_arm)

            details.on("toggle", fill)
        if len(changed) > _MOST_CHANGED:
            muted(t("{n} more. See each comparison.", n=len(changed) - _MOST_CHANGED))
