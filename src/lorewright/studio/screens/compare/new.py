"""A new comparison: which questions, which arms, and how long it will take."""

from nicegui import ui

from lorewright.amounts import seconds_text, span_text
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.choices import Choices
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.figures import load_compare_stylesheet
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.plan import ArmChoice, Plan, plan_comparison, time_needed
from lorewright.workspace.comparisons.start import start_comparison
from lorewright.workspace.dataset.question_choice import comparison_order
from lorewright.workspace.documents.listing import count_documents

FEW = 50
"""How far an estimate may be off: answers were timed here, or elsewhere and for other arms."""


async def show(visit: Visit, arm: str = "") -> None:
    """Let questions and arms be chosen; `arm` is chosen beforehand, with what it is measured against."""
    load_compare_stylesheet()
    with heading(t("New comparison"), t("All selected arms answer the same held-out questions.")):
        pass
    if not visit.may("evaluate"):
        empty("lock", t("You need the 'evaluate' permission."), t("Ask an administrator."))
        return
    plan = await visit.attempt(lambda: plan_comparison(visit.server.workspace, visit.caller))
    if plan is None:
        return
    if not plan.questions.n:
        offer_questions(visit)
        return
    _Form(visit, plan, arm)


def offer_questions(visit: Visit) -> None:
    """Say that a comparison needs questions, and offer to suggest, to write or to import some."""
    may_write = visit.may("tune")
    description = t(
        "A comparison asks every arm questions with known answers. Five are enough for a first look."
    )
    if not may_write:
        description += " " + t("You need the 'tune' permission.") + " " + t("Ask an administrator.")
    has_documents = count_documents(visit.server.workspace, visit.caller) > 0
    first = t("Suggest questions from the documents") if has_documents else t("Add documents")
    empty(
        "quiz", t("No held-out questions yet"), description,
        action=first if may_write else "",
        on_click=lambda: ui.navigate.to("/data/suggested" if has_documents else "/documents"),
        also=(t("Write five questions"), "/data/questions/new") if may_write else None,
        more=((t("Import a file"), "/data/import?side=questions"),) if may_write else (),
    )  # fmt: skip


class _Form:
    """What is asked of whom; the time it takes follows every change."""

    def __init__(self, visit: Visit, plan: Plan, arm: str) -> None:
        self._visit, self._plan = visit, plan
        with card(t("Questions")):
            self._questions()
        with card(t("Arms"), t("Arms that cannot be built show what is missing.")):
            self._arms = Choices(t("Arms to measure"), [_choice(one) for one in plan.arms], self._changed)
            first = {"base", "rag", arm} if arm else set(plan.usual_arms)
            self._arms.choose({one.name for one in plan.arms if not one.why_not} & first)
        with card(t("Before you start")):
            self._estimate = ui.element("div").classes("lw-stack lw-tight").props('role="status"')
            with ui.element("div").classes("lw-actions"):
                self._go = ui.button(t("Start comparison"), icon="play_arrow", on_click=self._start)
                self._go.props("unelevated no-caps")
        self._changed()

    def _questions(self) -> None:
        held_out = self._plan.questions
        where = t("held-out examples") if held_out.is_from_examples else t("the questions folder")
        summary = tn("{n} question from {where}", "{n} questions from {where}", held_out.n, where=where)
        n_none = held_out.n_unanswerable
        muted(
            summary
            + (
                ", " + t("{n} of them are unanswerable: the correct answer is a refusal", n=n_none)
                if n_none
                else ""
            )
            + "."
        )
        with ui.element("div").classes("lw-fields"):
            self._limit = ui.number(t("Maximum number"), value=held_out.n, min=1, max=held_out.n, precision=0)
            self._limit.props("outlined dense").on_value_change(self._changed)
            files = {"": t("All files")} | {name: f"{name} ({n})" for name, n in held_out.files.items()}
            self._file = ui.select(files, value="", label=t("File"), on_change=self._changed)
            self._file.props("outlined dense")
            self._file.set_visibility(len(held_out.files) > 1)
            tags = {name: f"{name} ({n})" for name, n in held_out.tags.items()}
            self._tags = ui.select(
                tags,
                multiple=True,
                value=[],
                label=t("Only questions with one of these tags"),
                on_change=self._changed,
            ).props("outlined dense use-chips")
            self._tags.set_visibility(bool(tags))
        self._drill = ui.switch(
            t("Run the update drill: change facts and ask again ({n} questions)", n=self._plan.n_drilled),
            value=bool(self._plan.n_drilled), on_change=self._changed,
        )  # fmt: skip
        self._drill.set_visibility(bool(self._plan.n_drilled))

    @property
    def _n(self) -> int:
        """How many questions are asked, as far as it can be told without reading them."""
        n = self._plan.questions.n
        if self._file.value:
            n = min(n, self._plan.questions.files[self._file.value])
        if self._tags.value:
            n = min(n, sum(self._plan.questions.tags[tag] for tag in self._tags.value))
        return min(n, int(self._limit.value or n))

    def _changed(self, *_: object) -> None:
        if not hasattr(self, "_go"):
            return
        chosen = [one.name for one in self._plan.arms if one.name in self._arms.chosen]
        effort = time_needed(self._plan, chosen, self._n, is_drilled=bool(self._drill.value))
        self._estimate.clear()
        self._go.set_enabled(bool(chosen))
        with self._estimate:
            if not chosen:
                muted(t("Choose at least one arm."))
                return
            Text("p", _time_text(effort.range, is_rough=effort.is_rough), classes="lw-strong")
            parts = [tn("{n} answer", "{n} answers", effort.n_answers)]
            if effort.tuning_seconds:
                parts.append(t("about {time} of tuning first", time=seconds_text(effort.tuning_seconds)))
            muted(" · ".join(parts) + ". " + t("You can cancel at any time; finished answers are kept."))
            if self._n < FEW:
                muted(
                    t(
                        "With {n} questions, intervals are wide. Use {few} or more for clearer results.",
                        n=self._n,
                        few=FEW,
                    )
                )

    async def _start(self) -> None:
        chosen = [one.name for one in self._plan.arms if one.name in self._arms.chosen]
        is_all = self._n == self._plan.questions.n
        order = comparison_order(
            chosen,
            limit=0 if is_all else int(self._limit.value or 0),
            tags=self._tags.value or (),
            file=self._file.value or "",
            is_drilled=bool(self._drill.value),
        )
        job = await self._visit.attempt(
            lambda: start_comparison(self._visit.server, self._visit.caller, order)
        )
        if job:
            ui.navigate.to(f"/compare/run/{job.id}")


def _time_text(seconds: tuple[float, float] | None, *, is_rough: bool) -> str:
    if seconds is None:
        return t("The duration is unknown until the first arm has answered.")
    least, most = seconds
    time = span_text(max(1.0, least), max(1.0, most))
    if is_rough:
        return t("{time}, partly estimated.", time=time.capitalize())
    return t("{time}, based on the last comparison.", time=time.capitalize())


def _choice(arm: ArmChoice) -> tuple[str, str, str, str]:
    """Return an arm as it is offered: id, name, what it is, and why it cannot be chosen."""
    summary = t("custom flow") if arm.is_own else arm.summary
    return arm.name, arm.name, summary, arm.why_not
