"""The head of a chat: what it is called, who answers from what, and what can be done with it."""

from typing import TYPE_CHECKING

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.chat.contract import short_name
from lorewright.studio.screens.chat.menu import ChatMenu
from lorewright.studio.screens.chat.model_picker import choose_models

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage

_SHOW_LIST = "() => document.querySelector('.chat').classList.add('shows-list')"


class ChatBar:
    """The row above a conversation."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        self._drawn: tuple[object, ...] = ()
        with ui.element("header").classes("chat-bar"):
            if not page.is_fixed:
                chats = ui.button(icon="view_list").props(
                    f'flat round dense aria-label="{t("Show chats")}" aria-controls="chat-list"'
                )
                chats.classes("chat-narrow").on("click", js_handler=_SHOW_LIST)
            self._title = Text("p", "", classes="chat-title")
            if page.is_fixed:
                Text("span", t("Shared with you (read-only)"), classes="lw-small lw-muted")
            else:
                self._who = ui.element("button").classes("chat-who").props('type="button"')
                self._who.on("click", lambda: choose_models(page))
                ChatMenu(page)

    def refresh(self) -> None:
        """Show title and models as they are now."""
        chat = self._page.chat
        drawn = (chat.title, chat.models, chat.stores, chat.tools, chat.is_blind)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._title.set_text(chat.title or t("New chat"))
        if self._page.is_fixed:
            return
        names = [short_name(self._page, model) for model in chat.models]
        self._who.clear()
        with self._who:
            Text("span", t("Models:"), classes="lw-unseen")
            for name in names[:3]:
                Text("span", name, classes="chat-who-name")
            if len(names) > 3:
                Text("span", f"+{len(names) - 3}", classes="lw-small")
            if chat.stores:
                ui.icon("manage_search").props('aria-hidden="true"')
                Text("span", t("in {n} collections", n=len(chat.stores)), classes="lw-small chat-who-more")
            if chat.tools:
                ui.icon("construction").props('aria-hidden="true"')
                text = t("with tools: {names}", names=", ".join(chat.tools))
                Text("span", text, classes="lw-small chat-who-more")
            if chat.is_blind and len(names) > 1:
                ui.icon("visibility_off").props('aria-hidden="true"')
                Text("span", t("blind"), classes="lw-small")
            ui.icon("expand_more").props('aria-hidden="true"')
