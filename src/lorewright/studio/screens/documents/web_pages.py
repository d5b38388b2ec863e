"""Asking for web pages by their addresses."""

from collections.abc import Callable

from nicegui import ui

from lorewright.jobs import Job
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.documents.web_pages import add_web_pages

Follow = Callable[[Job, str], None]


def web_pages_button(visit: Visit, follow: Follow) -> None:
    """Show a button that asks for addresses; `follow` is given the job that fetches them."""
    ui.button(t("Add web pages"), icon="language", on_click=lambda: _ask(visit, follow)).props(
        "outline no-caps"
    )


def _ask(visit: Visit, follow: Follow) -> None:
    with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("Add web pages"))
        muted(
            t(
                "The server fetches each page now; add it again to fetch what changed. The address of a "
                "sitemap (sitemap.xml) brings all pages that it names."
            )
        )
        field = ui.textarea(t("Addresses, one per line")).props(
            'outlined autogrow autofocus placeholder="https://www.example.org/faq"'
        )

        async def go() -> None:
            addresses = str(field.value or "").split()
            job = await visit.attempt(lambda: add_web_pages(visit.server, visit.caller, addresses))
            if job:
                dialog.close()
                follow(job, t("Fetching web pages"))

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Add"), on_click=go).props("unelevated no-caps")
