"""The first steps: a model, documents, a question; or a template, ready to look at."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.drop import drop_documents
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.screens.home.gallery import show_gallery
from lorewright.studio.visit import Visit
from lorewright.workspace.domain.fill import is_empty
from lorewright.workspace.server.jobs import list_jobs
from lorewright.workspace.server.models import ListedModel, list_models, start_pull, use_as_chat_model

N_OFFERED = 4
"""Models that somebody who has none is offered; the others are a click away."""


async def show_start(visit: Visit, *, has_model: bool, has_documents: bool) -> None:
    """Show the steps that are left, the next one open."""
    with heading(t("Welcome"), t("Three steps to your first answer from your own documents.")):
        pass
    with ui.element("div").classes("lw-stack"):
        with _step(1, t("Chat model"), is_done=has_model):
            await _model(visit, has_model=has_model)
        with _step(2, t("Your documents"), is_done=has_documents):
            if not has_documents:
                muted(t("Text, Markdown, PDF, Office files, HTML and tables. Files stay on this machine."))
                drop_documents(visit, on_over=_again)
        with _step(3, t("A question"), is_done=False):
            muted(t("Ask as soon as the first document is indexed."))
            ask = ui.button(t("Ask"), on_click=lambda: ui.navigate.to("/chat"))
            ask.props("unelevated no-caps").classes("lw-start")
            ask.set_enabled(has_model and has_documents)
    if not has_documents and await visit.attempt(lambda: is_empty(visit.server.workspace, visit.caller)):
        show_gallery(visit)


@contextmanager
def _step(number: int, title: str, *, is_done: bool) -> Iterator[None]:
    with card(), ui.element("div").classes("lw-step"):
        Text("span", "✓" if is_done else str(number), classes="lw-step-number").props('aria-hidden="true"')
        with ui.element("div").classes("lw-stack lw-grow"):
            with ui.element("div").classes("lw-row"):
                h2(title)
                if is_done:
                    badge(t("done"), "good")
            yield


async def _model(visit: Visit, *, has_model: bool) -> None:
    listed = await visit.attempt(lambda: list_models(visit.server.workspace, visit.caller))
    offered = [model for model in listed or [] if model.kind == "chat"]
    # The one in use first, then those that answer without being fetched.
    offered.sort(key=lambda model: (model.role != "chat", not model.is_here))
    for model in offered[: 1 if has_model else N_OFFERED]:
        _offered(visit, model)
    muted(t("For models from a file, a model hub or another server, see Models."))
    ui.link(t("All models"), "/models")


def _offered(visit: Visit, model: ListedModel) -> None:
    """Show a model with its size, its licence and whether it fits, and a way to answer with it."""
    with ui.element("div").classes("lw-row"):
        with ui.element("div").classes("lw-grow"):
            Text("p", model.name, classes="lw-strong lw-pre")
            muted(_facts(model))
        is_remote = model.is_here and not model.size_bytes
        if is_remote:
            badge(t("on another server"), "plain")
        elif model.size_bytes:
            badge(
                t("fits this machine") if model.fits else t("too large for this machine"),
                "good" if model.fits else "bad",
            )
        if model.uri.startswith("file:") and not model.is_here:
            badge(t("file not found"), "bad")
            return
        if model.is_here:
            if not is_remote:
                badge(t("downloaded"), "good")
            if model.role != "chat" and visit.may("admin"):
                _use(visit, model)
            return
        progress = ui.element("div").classes("lw-full")

        async def fetch() -> None:
            job = await visit.attempt(start_pull, visit.server, visit.caller, model.uri)
            if job:
                button.set_visibility(False)
                with progress:
                    JobProgress(visit, job.id, title=model.uri, on_over=_again)

        button = ui.button(t("Download"), icon="download", on_click=fetch).props("unelevated no-caps")
        running = [job for job in list_jobs(visit.server, visit.caller, kind="pull") if not job.is_over]
        if any(job.order.get("uri") == model.uri for job in running):
            button.set_visibility(False)
            with progress:
                JobProgress(visit, running[0].id, title=model.uri, on_over=_again)


def _facts(model: ListedModel) -> str:
    """Return what is known of a model: nothing is said of the size of one that is not here."""
    facts = [size_text(model.size_bytes), model.licence or t("licence unknown")] if model.size_bytes else []
    return " · ".join([*facts, model.uri])


def _use(visit: Visit, model: ListedModel) -> None:
    async def use() -> None:
        def choose() -> bool:
            use_as_chat_model(visit.server, visit.caller, model.uri)
            return True

        if await visit.attempt(choose):
            ui.navigate.reload()

    ui.button(t("Use"), on_click=use).props("outline no-caps").classes("lw-start")


def _again(job: Job) -> None:
    """Show the page again once a step is done."""
    if job.state == "finished":
        ui.navigate.to("/")
        ui.navigate.reload()
