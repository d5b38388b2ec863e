"""Compare: what was measured so far, what is being measured, and a new comparison."""

from nicegui import ui

from lorewright.errors import UnknownModel
from lorewright.jobs import Job
from lorewright.models.engine_key import short_name
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.empty import empty
from lorewright.studio.parts.figures import exact, interval, load_compare_stylesheet
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.moments import moment_text
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.compare.new import offer_questions
from lorewright.studio.screens.compare.preferences import show_preferred
from lorewright.studio.visit import Visit
from lorewright.workspace.comparisons.bundled import has_bundled_comparison, load_bundled_comparison
from lorewright.workspace.comparisons.listing import Summary, list_comparisons
from lorewright.workspace.dataset.question_choice import count_held_out
from lorewright.workspace.server.jobs import list_jobs

PAGE = 20


async def show(visit: Visit) -> None:
    """Show every comparison, the newest first, and those that go on."""
    load_compare_stylesheet()
    with heading(t("Compare"), t("Arms measured on held-out questions that no model was trained on.")):
        if visit.may("evaluate"):
            ui.button(t("New comparison"), icon="add", on_click=lambda: ui.navigate.to("/compare/new")).props(
                "unelevated no-caps"
            )
    loaded = await visit.attempt(_read, visit)
    if loaded is None:
        return
    comparisons, running = loaded
    for job in running:
        _running(visit, job)
    if comparisons:
        _List(comparisons)
    elif not running:
        await _nothing_yet(visit)
    await show_preferred(visit)


def _read(visit: Visit) -> tuple[list[Summary], list[Job]]:
    jobs = [job for job in list_jobs(visit.server, visit.caller, kind="compare") if not job.is_over]
    return list_comparisons(visit.server.workspace, visit.caller), jobs


def _running(visit: Visit, job: Job) -> None:
    with card():
        JobProgress(visit, job.id, title=t("A comparison is running"), on_over=_over)
        ui.link(t("View progress"), f"/compare/run/{job.id}")


def _over(job: Job) -> None:
    if job.state == "finished":
        ui.navigate.to(f"/compare/{job.result['comparison']}")


class _List:
    """The comparisons, a page at a time; two of them can be laid side by side."""

    def __init__(self, comparisons: list[Summary]) -> None:
        self._all = comparisons
        self._n_shown = PAGE
        self._picked: list[str] = []
        with ui.element("div").classes("lw-row") as self._both:
            self._both_text = Text("span", "", classes="lw-muted lw-grow").props('role="status"')
            self._go = ui.button(t("Compare"), icon="compare", on_click=self._side_by_side)
            self._go.props("unelevated no-caps")
        self._both.set_visibility(False)
        self._place = ui.element("div").classes("lw-stack")
        self._show()

    def _show(self) -> None:
        self._place.clear()
        with self._place:
            for summary in self._all[: self._n_shown]:
                self._item(summary)
            if len(self._all) > self._n_shown:
                ui.button(t("Show more"), on_click=self._more).props("flat no-caps")

    def _more(self) -> None:
        self._n_shown += PAGE
        self._show()

    def _item(self, summary: Summary) -> None:
        title = summary.name or moment_text(summary.created_at)
        with card(), ui.element("div").classes("cmp-item-row"):
            if len(self._all) > 1:
                box = (
                    ui.element("input")
                    .props("type=checkbox")
                    .on(
                        "change",
                        lambda event, chosen=summary.id: self._pick(chosen, is_picked=bool(event.args)),
                        js_handler="(event) => emit(event.target.checked)",
                    )
                )
                box.props["aria-label"] = t("Select {name} to compare", name=title)
            else:
                ui.icon("leaderboard").props('aria-hidden="true"').classes("lw-muted")
            with ui.element("div").classes("lw-stack lw-tight"):
                with ui.element("div").classes("lw-row"):
                    ui.link(title, f"/compare/{summary.id}").classes("lw-strong")
                    if summary.origin:
                        badge(t("not measured here"), "warn")
                _verdict(summary)
                with ui.element("div").classes("cmp-meta"):
                    for fact in _facts(summary):
                        Text("span", fact)
            best = summary.correctness.get(summary.recommended_arm)
            interval(best) if best else ui.element("span")

    def _pick(self, comparison_id: str, *, is_picked: bool) -> None:
        picked = [one for one in self._picked if one != comparison_id]
        self._picked = [*picked, comparison_id] if is_picked else picked
        self._both.set_visibility(bool(self._picked))
        self._go.set_enabled(len(self._picked) == 2)
        n = len(self._picked)
        self._both_text.set_text(
            t("2 selected.") if n == 2 else tn("{n} selected. Select two.", "{n} selected. Select two.", n)
        )

    def _side_by_side(self) -> None:
        ui.navigate.to(f"/compare/{self._picked[0]}/against/{self._picked[1]}")


def _verdict(summary: Summary) -> None:
    best = summary.correctness.get(summary.recommended_arm)
    if best is None:
        muted(t("No recommendation stored."))
        return
    text = t("Recommended: {arm} (correctness {share})", arm=summary.recommended_arm, share=exact(best))
    Text("p", text, classes="lw-pre")


def _facts(summary: Summary) -> list[str]:
    facts = [
        tn("{n} question", "{n} questions", summary.n_questions),
        ", ".join(summary.correctness),
        _model_name(summary.model),
    ]
    if summary.name:
        facts.insert(0, moment_text(summary.created_at))
    if summary.has_drill:
        facts.append(t("with an update drill"))
    return [fact for fact in facts if fact]


def _model_name(source: str) -> str:
    """Return a model's name without where it is fetched from; what is no source stays as it was written."""
    try:
        return short_name(source)
    except UnknownModel:
        return source


async def _nothing_yet(visit: Visit) -> None:
    is_bundled = await visit.attempt(lambda: has_bundled_comparison(visit.server.workspace, visit.caller))
    if await visit.attempt(lambda: count_held_out(visit.server.workspace, visit.caller)) == 0:
        offer_questions(visit)
        return
    empty(
        "leaderboard",
        t("No comparisons yet"),
        t(
            "A comparison asks every arm the same held-out questions and recommends which one to "
            "use, with reasons."
        ),
        action=t("New comparison") if visit.may("evaluate") else "",
        on_click=lambda: ui.navigate.to("/compare/new"),
    )
    if is_bundled and visit.may("evaluate"):
        offer_bundled(visit)


def offer_bundled(visit: Visit) -> None:
    """Offer the comparison that comes with a template."""

    async def take() -> None:
        def load() -> str:
            return load_bundled_comparison(visit.server.workspace, visit.caller).id

        comparison_id = await visit.attempt(load)
        if comparison_id:
            ui.navigate.to(f"/compare/{comparison_id}")

    description = t("It was measured on another machine before release and is labelled accordingly.")
    with card(t("Precomputed comparison"), description), ui.element("div").classes("lw-actions"):
        ui.button(t("Open precomputed comparison"), icon="play_arrow", on_click=take).props("outline no-caps")
