"""Home: what to do next in a domain that is new, and what there is in one that is not."""

from typing import Any
from urllib.parse import quote

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge, job_name
from lorewright.studio.parts.cleanup import discard, is_gone
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.short_verdict import short_verdict
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.home.first_steps import show_start
from lorewright.studio.visit import Visit
from lorewright.workspace.agents.summary import domain_summary
from lorewright.workspace.comparisons.advice import advise
from lorewright.workspace.documents.listing import count_documents
from lorewright.workspace.server.jobs import list_jobs
from lorewright.workspace.server.models import has_chat_model
from lorewright.workspace.server.providers import why_unreachable


async def show(visit: Visit) -> None:
    """Show the first steps of a new domain, or what an old one has and what to do next."""
    workspace = visit.server.workspace
    state = await visit.attempt(
        lambda: (has_chat_model(workspace, visit.caller), count_documents(workspace, visit.caller) > 0)
    )
    if state is None:
        return
    if all(state) or not visit.may("documents"):
        await _show_domain(visit)
    else:
        await show_start(visit, has_model=state[0], has_documents=state[1])


async def _show_domain(visit: Visit) -> None:
    with heading(visit.server.name, t("Contents, quality and next steps of this domain.")):
        pass
    warned = ui.element("div").classes("lw-full")
    if visit.may("chat"):
        _ask_box()
    waiting = loading()
    summary = await visit.attempt(domain_summary, visit.server, visit.caller)
    discard(waiting)
    if summary is None:
        return
    counts = summary["counts"]
    with ui.element("div").classes("lw-counts"):
        _count(counts["documents"], tn("document", "documents", counts["documents"]), "/documents")
        _count(counts["examples"], tn("example", "examples", counts["examples"]), "/data")
        _count(
            counts["questions"],
            tn("held-out question", "held-out questions", counts["questions"]),
            "/data/questions",
        )
        _count(counts["deployments"], tn("deployment", "deployments", counts["deployments"]), "/deployments")
    with ui.element("div").classes("lw-split"):
        await _verdict(visit, n_to_measure_on=counts["questions"] or counts["examples"])
        _work(visit)
    if visit.may("read"):
        await _warn_of_model(visit, warned)


async def _warn_of_model(visit: Visit, place: ui.element) -> None:
    """Say at the top where the chat model is on a server that does not answer."""
    workspace = visit.server.workspace
    why = await visit.attempt(why_unreachable, workspace, visit.caller, workspace.settings.models.chat)
    if why and not is_gone(place):
        with place, ui.element("div").classes("lw-note lw-warn lw-row").props('role="alert"'):
            ui.icon("warning").props('aria-hidden="true"')
            Text("span", t("The chat model does not answer. {why}", why=why), classes="lw-grow")
            ui.link(t("Models"), "/models")


def _ask_box() -> None:
    def ask() -> None:
        ui.navigate.to(f"/chat?question={quote(field.value)}" if field.value else "/chat")

    with ui.element("form").classes("lw-ask").props('role="search"').on("submit.prevent", ask):
        field = ui.input(placeholder=t("Ask your documents …"))
        field.props(f'outlined aria-label="{t("Your question")}"').classes("lw-grow")
        ui.button(icon="arrow_upward").props(f'round unelevated type=submit aria-label="{t("Ask")}"')


def _count(n: int, what: str, path: str) -> None:
    with ui.link(target=path).classes("lw-card lw-count"):
        Text("span", f"{n:,}", classes="lw-figure-value")
        Text("span", what, classes="lw-muted")


async def _verdict(visit: Visit, *, n_to_measure_on: int) -> None:
    loaded = await visit.attempt(_advice, visit)
    with card(t("Recommended arm")):
        if loaded is None:
            muted(t("You need the 'read' permission."))
            return
        comparison, recommendation = loaded
        is_measured = comparison is not None
        if comparison is not None and comparison.measured.origin:
            badge(t("not measured here"), "warn")
        else:
            badge(t("measured") if is_measured else t("not measured yet"), "good" if is_measured else "warn")
        Text("p", short_verdict(recommendation), classes="lw-strong")
        Text("p", recommendation.headline)
        if comparison is None and not n_to_measure_on:
            muted(t("To measure it on your documents, write a few questions with their correct answers."))
        with ui.element("div").classes("lw-actions"):
            if comparison is not None:
                ui.link(t("View comparison"), f"/compare/{comparison.id}").classes("lw-button lw-button-main")
            elif not n_to_measure_on and visit.may("tune"):
                ui.link(t("Suggest questions"), "/data/suggested").classes("lw-button lw-button-main")
                ui.link(t("Write five questions"), "/data/questions/new").classes("lw-button")
            elif visit.may("evaluate"):
                ui.link(t("Compare all arms"), "/compare/new").classes("lw-button lw-button-main")
            ui.link(t("View reasons"), "/advise").classes("lw-button")


def _advice(visit: Visit) -> Any:
    return advise(visit.server.workspace, visit.caller)


def _work(visit: Visit) -> None:
    """Show the jobs that go on."""
    with card(t("Running")):
        running = [job for job in list_jobs(visit.server, visit.caller) if not job.is_over][:4]
        if not running:
            muted(t("No running jobs."))
        for job in running:
            JobProgress(visit, job.id, title=job_name(job.kind))
