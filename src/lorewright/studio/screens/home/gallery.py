"""The gallery of an empty domain: a card for every template, and the one that was measured in full first."""

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.job_progress import JobProgress
from lorewright.studio.parts.text import Text, h3, muted
from lorewright.studio.visit import Visit, tell
from lorewright.workspace.comparisons.bundled import is_measured
from lorewright.workspace.comparisons.from_template import StartedTemplate, start_from_template
from lorewright.workspace.domain.templates import VERSION_DESK, Template, templates


def show_gallery(visit: Visit) -> None:
    """Offer the version desk with its finished comparison, then every template as a card."""
    _offer_demo(visit)
    about = t("Small worked domains. Replace the files by your own.")
    with card(t("Or start from a template"), about), ui.element("div").classes("lw-grid"):
        for template in templates().values():
            if template.name != VERSION_DESK:
                _show_card(visit, template)


def _offer_demo(visit: Visit) -> None:
    description = t(
        "A support desk for software versions, with documents, examples, questions and a finished comparison."
    )
    with card(t("Or explore a finished example first"), description):
        _offer(visit, VERSION_DESK, t("The version desk"), t("Open the version desk"), icon="play_arrow")


def _show_card(visit: Visit, template: Template) -> None:
    with card():
        with ui.element("div").classes("lw-row"):
            h3(template.title)
            badge(_kind(template), "plain")
        muted(template.summary)
        if template.warning:
            Text("p", template.warning, classes="lw-pre")
        if not is_measured(template.name):
            muted(t("Not measured yet."))
        name = t("Use this template: {template}", template=template.title)
        _offer(visit, template.name, template.title, t("Use this template"), label=name)


def _kind(template: Template) -> str:
    kinds = {"documents": t("documents"), "tuning": t("tuning"), "both": t("both")}
    return kinds[template.kind]


def _offer(
    visit: Visit, name: str, title: str, action: str, *, icon: str | None = None, label: str = ""
) -> None:
    """Show the button that fills the domain from a template, then its finished comparison."""

    async def start() -> None:
        started: StartedTemplate | None = await visit.attempt(
            start_from_template, visit.server, visit.caller, name
        )
        if not started:
            return
        tell(t("{template} was loaded. Its documents are being indexed.", template=title))
        if started.comparison_id:  # it was measured before: nothing to wait for
            ui.navigate.to(f"/compare/{started.comparison_id}")
            return
        button.set_visibility(False)
        with place:
            JobProgress(visit, started.job.id, title=t("Indexing the documents"), on_over=_again)

    button = ui.button(action, icon=icon, on_click=start).props("outline no-caps")
    button.classes("lw-start")
    if label:
        button.props["aria-label"] = label
    place = ui.element("div").classes("lw-full")


def _again(job: Job) -> None:
    """Show the page again once the documents are there."""
    if job.state == "finished":
        ui.navigate.to("/")
        ui.navigate.reload()
