"""The visitor's chats: searched, in folders, and a new one."""

from itertools import groupby

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.moments import ago_text
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.workspace.chats.chats import Listed, list_chats

N_SHOWN = 60
HIDE = "() => document.querySelector('.chat').classList.remove('shows-list')"


class ChatList:
    """The list at the left; on a narrow page it lies over the conversation when it is asked for."""

    def __init__(self, visit: Visit, open_id: str) -> None:
        self._visit, self.open_id = visit, open_id
        self._search, self._n_shown = "", N_SHOWN

    async def show(self) -> None:
        """Show the list."""
        with ui.element("nav").classes("chat-list").props(f'id="chat-list" aria-label="{t("Chats")}"'):
            with ui.element("div").classes("chat-list-head"):
                new = ui.button(t("New chat"), icon="add", on_click=lambda: ui.navigate.to("/chat"))
                new.props("outline no-caps").classes("lw-grow")
                close = ui.button(icon="close").props(f'flat round dense aria-label="{t("Hide chats")}"')
                close.classes("chat-narrow").on("click", js_handler=HIDE)
            field = ui.input(placeholder=t("Search"), on_change=self._find)
            field.props(f'outlined dense clearable debounce=250 aria-label="{t("Search chats")}"')
            self._place = ui.element("div").classes("chat-list-all")
        await self.refresh()

    async def refresh(self) -> None:
        """Show the list as it is now."""
        search = self._search
        matches = await self._visit.attempt(
            lambda: list_chats(self._visit.server, self._visit.caller, search=search)
        )
        if self._place.is_deleted or search != self._search:
            return
        listed = [one for one in matches or [] if one.chat.title or one.chat.id == self.open_id]
        self._place.clear()
        with self._place:
            if not listed:
                muted(t("No matching chats.") if search else t("Your chats will appear here.")).classes(
                    "lw-small"
                )
            # The sort is stable: inside a folder the one used last stays first.
            visible = sorted(listed[: self._n_shown], key=lambda one: one.chat.folder.casefold())
            for folder, chats in groupby(visible, key=lambda one: one.chat.folder):
                self._folder(folder, list(chats))
            if len(listed) > self._n_shown:
                ui.button(t("Show more"), on_click=self._more).props("flat dense no-caps")

    def _folder(self, folder: str, listed: list[Listed]) -> None:
        if folder:
            with ui.element("h2").classes("chat-folder"):
                ui.icon("folder_open").props('aria-hidden="true"')
                Text("span", folder)
        with ui.element("ul").classes("chat-entries"):
            for one in listed:
                with ui.element("li"):
                    self._entry(one)

    def _entry(self, one: Listed) -> None:
        chat = one.chat
        with ui.link(target=f"/chat/{chat.id}").classes("chat-entry") as link:
            Text("span", chat.title or t("New chat"), classes="lw-clip")
            Text("span", one.excerpt or ago_text(chat.at), classes="lw-small chat-entry-more")
        link.on("click", js_handler=HIDE)
        if chat.id == self.open_id:
            link.props('aria-current="page"')

    async def _more(self) -> None:
        self._n_shown += N_SHOWN
        await self.refresh()

    async def _find(self, event: object) -> None:
        self._search, self._n_shown = str(getattr(event, "value", "") or ""), N_SHOWN
        await self.refresh()
