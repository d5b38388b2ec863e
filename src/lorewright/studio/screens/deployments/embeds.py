"""A deployment as a chat on other pages: which ones, what it may answer from, and the code for them."""

from collections.abc import Callable
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.copied import snippets
from lorewright.studio.parts.dialogs import confirm
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import Cell, icon_button, table
from lorewright.studio.parts.text import h2, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.deployments.embeds import (
    REQUESTS_PER_MINUTE,
    Embed,
    create_embed,
    list_embeds,
    remove_embed,
)

Again = Callable[[], Any]


async def show_embeds(visit: Visit, name: str) -> None:
    """Show the chats with a deployment that other pages have; make and remove them. For administrators."""
    if not visit.may("admin"):
        return

    @ui.refreshable
    async def embeds() -> None:
        embedded = await visit.attempt(lambda: list_embeds(visit.server, visit.caller, name)) or []
        description = t(
            "A chat for the pages of your website or intranet. Only the pages you list can show it; it has a "
            "key of its own that can do nothing but chat with {name}.",
            name=name,
        )
        with card(t("Embed as a chat"), description):
            add = ui.button(t("Create an embedded chat"), icon="add").props("outline no-caps")
            add.classes("lw-start").on_click(lambda: _ask(visit, name, embeds.refresh))
            if embedded:
                heads = (t("Title"), t("Pages of"), t("Answers from"), t("Actions"))
                table(t("Embedded chats"), heads, [_row(visit, one, embeds.refresh) for one in embedded])
                snippets(t("How to embed it"), _code(visit.base_url, embedded[-1]))

    await embeds()


def _row(visit: Visit, one: Embed, again: Again) -> list[Cell]:
    async def remove() -> None:
        description = t("Pages that show it get no more answers.")
        if await confirm(t("Remove this chat?"), description, t("Remove"), is_harmful=True):
            await visit.attempt(lambda: remove_embed(visit.server, visit.caller, one.id))
            again()

    def actions() -> None:
        icon_button("delete", t("Remove {name}", name=one.title), remove)

    reads = t("unrestricted documents") if one.reads_documents else t("what the deployment was granted")
    return [one.title, ", ".join(one.origins), reads, actions]


def _ask(visit: Visit, name: str, again: Again) -> None:
    with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("Create an embedded chat"))
        title = ui.input(t("Title"), value=name).props("outlined dense")
        origins = ui.textarea(t("Pages that may show it, one origin per line"))
        origins.props('outlined autogrow autofocus placeholder="https://www.example.org"')
        reads = ui.switch(t("Answer from all documents that are not restricted"))
        muted(
            t(
                "Everybody who visits these pages can then learn what those documents say. Without it, the "
                "chat answers only from what was granted to this deployment under Documents."
            )
        )
        muted(t("At most {n} questions per minute.", n=REQUESTS_PER_MINUTE))

        def make() -> Embed:
            return create_embed(
                visit.server, visit.caller, name, title=str(title.value or ""),
                origins=str(origins.value or "").split(), reads_documents=bool(reads.value),
            )  # fmt: skip

        async def go() -> None:
            if await visit.attempt(make):
                dialog.close()
                again()

        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
            ui.button(t("Create"), on_click=go).props("unelevated no-caps")


def _code(base_url: str, embed: Embed) -> dict[str, str]:
    return {
        t("Button"): (
            f'<script src="{base_url}/embed/files/loader.js" data-chat="{embed.id}" '
            'data-label="Ask a question" async></script>'
        ),
        t("Frame"): (
            f'<iframe src="{base_url}/embed/{embed.id}" title="Chat" '
            'style="width: 100%; height: 560px; border: 0"></iframe>'
        ),
    }
