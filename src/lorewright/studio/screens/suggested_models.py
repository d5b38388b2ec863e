"""Open models that suit this machine: what they weigh, how fast they would write, what they are good for."""

from nicegui import ui

from lorewright.amounts import size_text
from lorewright.models.suggestions import Trial
from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard, is_gone
from lorewright.studio.parts.empty import loading
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.server.models import start_pull
from lorewright.workspace.server.suggestions import Suggestions, suggest_here


async def show_suggested(visit: Visit) -> None:
    """Show two or three models to download; their speed is an estimate until it is measured on request."""
    with card(
        t("Suggested for this machine"),
        t("Open models under a free licence that fit into the memory and the disk that are free."),
    ) as whole:
        whole.props('id="suggested-models"')
        place = ui.element("div").classes("lw-stack")
        with ui.element("div").classes("lw-actions"):
            measure = ui.button(t("Measure the speed (10 s)")).props("outline dense no-caps")

    async def show(*, is_tried: bool) -> None:
        place.clear()
        with place:
            waiting = loading()
        found = await visit.attempt(suggest_here, visit.server, visit.caller, is_tried=is_tried)
        discard(waiting)
        if found is not None and not is_gone(place):
            with place:
                _models(visit, found)

    async def measured() -> None:
        measure.disable()
        await show(is_tried=True)
        measure.enable()

    measure.on_click(measured)
    await show(is_tried=False)


def _models(visit: Visit, found: Suggestions) -> None:
    muted(found.gpu.finding)
    if not found.models:
        muted(t("No model of the list fits into the memory and the disk that are free."))
    for one in found.models:
        model = one.model
        with ui.element("div").classes("lw-stack lw-tight"):
            Text("h3", model.uri.removeprefix("hf:"), classes="lw-h3 lw-pre")
            facts = [
                t("{size} to download", size=size_text(model.download_bytes)),
                t("{size} of memory", size=size_text(model.memory_bytes)),
                model.licence,
            ]
            if one.tokens_per_second is not None:
                facts.append(t("about {n} tokens per second", n=f"{one.tokens_per_second:.0f}"))
            muted(" · ".join(facts))
            muted(model.good_for)
            _download(visit, model.uri)
    if found.trial is not None:
        muted(_basis(found.trial)).classes("lw-small")


def _basis(trial: Trial) -> str:
    """Return where the speeds come from."""
    speed = f"{trial.tokens_per_second:.0f}"
    if trial.is_measured:
        return t(
            "Scaled by parameters from {n} tokens per second of the default model, measured now.", n=speed
        )
    return t(
        "Nothing was measured: scaled by parameters from {n} tokens per second, usual for the default model "
        "on this number of processors.",
        n=speed,
    )


def _download(visit: Visit, uri: str) -> None:
    async def fetch() -> None:
        job = await visit.attempt(start_pull, visit.server, visit.caller, uri)
        if job:
            discard(button)
            with place:
                JobProgress(visit, job.id, title=uri, on_over=lambda job: _again(job.state))

    with ui.element("div").classes("lw-actions"):
        button = ui.button(t("Download"), icon="download", on_click=fetch).props("outline dense no-caps")
        button.props(f'aria-label="{t("Download {model}", model=uri)}"')
    place = ui.element("div").classes("lw-full")


def _again(state: str) -> None:
    if state == "finished":
        ui.navigate.reload()
