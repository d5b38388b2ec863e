"""The visitor's chats: searched, in folders, and a new one."""

from nicegui import ui

from lorewright.studio.parts.sizes import ago_text
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.visit import Visit
from lorewright.studio.words import t
from lorewright.workspace.chats import Chat, list_chats

N_SHOWN = 200


class ChatList:
    """The list at the left; it hides on a phone until it is asked for."""

    def __init__(self, visit: Visit, open_id: str) -> None:
        self._visit, self.open_id = visit, open_id
        self._search = ""

    async def show(self) -> None:
        """Show the list."""
        with ui.element("nav").classes("chat-list").props(f'aria-label="{t("Chats")}"'):
            with ui.element("div").classes("lw-row"):
                new = ui.button(t("New chat"), icon="add", on_click=lambda: ui.navigate.to("/chat"))
                new.props("outline no-caps").classes("lw-grow")
            field = ui.input(placeholder=t("Search"), on_change=self._find)
            field.props(f'outlined dense clearable debounce=300 aria-label="{t("Search in chats")}"')
            self._place = ui.element("div").classes("chat-list-all")
        await self.refresh()

    async def refresh(self) -> None:
        """Show the list as it is now."""
        search = self._search
        found = await self._visit.attempt(
            lambda: list_chats(self._visit.home, self._visit.caller, search=search)
        )
        self._place.clear()
        with self._place:
            chats = [chat for chat in found or [] if chat.title][:N_SHOWN]
            if not chats:
                muted(t("Nothing found.") if self._search else t("Your chats will be here."))
            for folder in sorted({chat.folder for chat in chats}):
                if folder:
                    Text("h2", folder, classes="lw-nav-group")
                for chat in chats:
                    if chat.folder == folder:
                        self._entry(chat)

    def _entry(self, chat: Chat) -> None:
        with ui.link(target=f"/chat/{chat.id}").classes("chat-entry") as link:
            Text("span", chat.title, classes="lw-clip")
            Text("span", ago_text(chat.updated_at), classes="lw-small lw-muted")
        if chat.id == self.open_id:
            link.props('aria-current="page"')

    async def _find(self, event: object) -> None:
        self._search = str(getattr(event, "value", "") or "")
        await self.refresh()
