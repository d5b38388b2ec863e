"""The head of a chat: who answers, from what, and what can be done with the conversation."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.studio.parts.dialogs import ask_text, confirm
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import tell, tell_error
from lorewright.studio.words import t
from lorewright.workspace.chats import MAX_ARMS, as_markdown, branch, remove_chat, share_chat
from lorewright.workspace.served import list_served
from lorewright.workspace.stores import all_stores

if TYPE_CHECKING:
    from lorewright.studio.screens.chat_parts import ChatPage


_TOGGLE_LIST = "() => document.querySelector('.chat').classList.toggle('chat-open')"


class ChatBar:
    """The row above a conversation."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        with ui.element("header").classes("chat-bar"):
            if not page.is_fixed:
                lists = ui.button(icon="view_list").props(f'flat round dense aria-label="{t("Chats")}"')
                lists.classes("chat-list-button").on("click", js_handler=_TOGGLE_LIST)
            self._title = Text("p", "", classes="lw-strong lw-clip chat-title")
            if page.is_fixed:
                muted(t("Shared, to read"))
            else:
                self._choices()
                self._menu()
        self.refresh()

    def refresh(self) -> None:
        """Show the title as it is now."""
        self._title.set_text(self._page.chat.title or t("New chat"))

    def _choices(self) -> None:
        page, visit = self._page, self._page.visit
        known = [served.id for served in list_served(visit.home, visit.caller)]
        models = {name: name for name in dict.fromkeys([*page.chat.models, *known])}
        chosen = ui.select(models, value=list(page.chat.models), multiple=True, label=t("Who answers"))
        chosen.props(f"outlined dense options-dense max-values={MAX_ARMS}").classes("chat-models")

        async def choose() -> None:
            if not chosen.value:
                tell_error(t("Nobody would answer."), t("Choose one model, or up to six side by side."))
                chosen.set_value(list(page.chat.models))
                return
            await page.change(models=list(chosen.value))
            blind.set_visibility(len(chosen.value) > 1)

        chosen.on_value_change(choose)
        stores = {store.id: str(store.body["name"]) for store in all_stores(visit.home, visit.caller)}
        known_stores = stores | {name: name for name in page.chat.stores if name not in stores}
        searched = ui.select(known_stores, value=list(page.chat.stores), multiple=True, label=t("Search in"))
        searched.props("outlined dense options-dense").classes("chat-stores")
        searched.on_value_change(lambda event: page.change(stores=list(event.value)))
        blind = ui.switch(t("Blind"), value=page.chat.is_blind)
        blind.on_value_change(lambda event: page.change(is_blind=bool(event.value)))
        blind.set_visibility(len(page.chat.models) > 1)

    def _menu(self) -> None:
        with ui.button(icon="more_horiz").props(f'flat round aria-label="{t("More")}"'), ui.menu():
            _item(t("Rename"), self._rename)
            _item(t("Move to a folder"), self._move)
            _item(t("Share"), self._share)
            _item(t("Export as Markdown"), self._export)
            _item(t("Export as JSON"), self._export_json)
            _item(t("Delete"), self._delete)

    async def _rename(self) -> None:
        title = await ask_text(t("Rename this chat"), t("Title"), self._page.chat.title)
        if title and self._is_kept():
            await self._page.change(title=title[:200])
            await self._page.reload()

    async def _move(self) -> None:
        folder = await ask_text(
            t("Move to which folder?"), t("Folder (empty: none)"), self._page.chat.folder or " "
        )
        if self._is_kept():
            await self._page.change(folder=folder[:100])
            await self._page.reload()

    async def _share(self) -> None:
        page, visit = self._page, self._page.visit
        if not self._is_kept():
            return
        chat = await visit.attempt(lambda: share_chat(visit.home, visit.caller, page.chat.id))
        if chat is None:
            return
        page.chat = chat
        link = f"{visit.base_url}/studio/shared/{chat.shared}"

        async def end() -> None:
            work = lambda: share_chat(visit.home, visit.caller, chat.id, is_shared=False)  # noqa: E731
            page.chat = await visit.attempt(work) or page.chat
            dialog.close()
            tell(t("It is not shared any more."))

        with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
            h2(t("Shared"))
            muted(t("Everybody who can log in here may read it under this address."))
            Text("p", link, classes="lw-mono lw-secret").props('data-testid="share-link"')
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Stop sharing"), on_click=end).props("flat no-caps color=negative")
                ui.button(t("Copy"), on_click=lambda: ui.clipboard.write(link)).props("outline no-caps")
                ui.button(t("Close"), on_click=dialog.close).props("unelevated no-caps")

    def _export(self) -> None:
        chat = self._page.chat
        _download(f"{chat.title}.md", as_markdown(chat, branch(self._page.turns, chat.leaf)), "text/markdown")

    def _export_json(self) -> None:
        chat = self._page.chat
        turns = [
            {"question": turn.question, "answers": list(turn.answers), "vote": turn.vote, "at": turn.at}
            for turn in branch(self._page.turns, chat.leaf)
        ]
        content = {"title": chat.title, "models": list(chat.models), "turns": turns}
        _download(f"{chat.title}.json", json.dumps(content, indent=2, ensure_ascii=False), "application/json")

    async def _delete(self) -> None:
        visit = self._page.visit
        says = t("The conversation goes for good. What you corrected stays in your data.")
        if self._is_kept() and await confirm(t("Delete this chat?"), says, t("Delete"), is_harmful=True):
            await visit.attempt(lambda: remove_chat(visit.home, visit.caller, self._page.chat.id))
            ui.navigate.to("/chat")

    def _is_kept(self) -> bool:
        if not self._page.chat.id:
            tell_error(t("Nothing was asked here yet."))
        return bool(self._page.chat.id)


def _item(text: str, on_click: Callable[[], Any]) -> None:
    ui.menu_item(text, on_click).props('role="menuitem"')


def _download(name: str, text: str, kind: str) -> None:
    ui.run_javascript(f"lorewright.download({json.dumps(name)}, {json.dumps(text)}, {json.dumps(kind)})")
