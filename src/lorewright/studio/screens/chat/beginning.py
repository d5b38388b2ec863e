"""A chat in which nothing was asked yet: what it can do, and questions to begin with."""

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.chat.contract import short_name

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


def show_begin(page: "ChatPage") -> None:
    """Show who answers, and from what."""
    _say(page)
    muted(t("Drop a file here to ask questions about it.")).classes("lw-small")
    if page.starters:
        with ui.element("div").classes("chat-starters").props(f'role="group" aria-label="{t("Examples")}"'):
            for question in page.starters:
                with ui.element("button").classes("chat-starter").props('type="button"') as button:
                    Text("span", question)
                button.on("click", partial(page.ask, question))


def _say(page: "ChatPage") -> None:
    names = [short_name(page, model) for model in page.chat.models]
    Text("h2", t("What would you like to know?"), classes="lw-h1")
    if len(names) > 1:
        description = t("{n} models answer side by side. Vote for the best answer.", n=len(names))
        muted(
            description + " " + t("Their names are revealed after you vote.")
            if page.chat.is_blind
            else description
        )
        return
    chosen = next((choice for choice in page.choices if choice.id in page.chat.models), None)
    is_searching = bool(page.chat.stores or page.chat.files or (chosen and chosen.is_searching))
    if is_searching:
        muted(t("Answers cite their sources. Select a number to open the source."))
    else:
        muted(
            t(
                "{name} answers without searching your documents. Choose a model with retrieval to see "
                "sources.",
                name=names[0],
            )
        )
