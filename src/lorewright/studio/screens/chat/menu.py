"""What can be done with a whole chat: renamed, put into a folder, shared, exported, deleted."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.dialogs import ask_text, confirm
from lorewright.studio.parts.text import Text, h2, muted
from lorewright.studio.visit import tell, tell_error
from lorewright.workspace.chats.chats import Chat, list_chats, remove_chat, share_chat
from lorewright.workspace.chats.export import chat_as_json, chat_as_markdown, file_name_of
from lorewright.workspace.chats.turns import Turns, turns_of

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


class ChatMenu:
    """The menu at the right of a chat's head."""

    def __init__(self, page: "ChatPage") -> None:
        self._page = page
        with ui.button(icon="more_horiz").props(f'flat round dense aria-label="{t("More")}"'), ui.menu():
            self._item("edit", t("Rename"), self._rename)
            self._item("folder", t("Move to folder"), self._move)
            self._item("share", t("Share"), self._share)
            self._item("article", t("Export as Markdown"), self._as_markdown)
            self._item("data_object", t("Export as JSON"), self._as_json)
            self._item("delete", t("Delete"), self._delete)

    def _item(self, icon: str, text: str, work: Callable[[], Awaitable[Any]]) -> None:
        async def do() -> None:
            if self._page.chat.id:
                await work()
            else:
                tell_error(t("This chat has no messages yet."))

        with ui.menu_item(on_click=do).props('role="menuitem"').classes("chat-menu-item"):
            ui.icon(icon).props('aria-hidden="true"')
            Text("span", text)

    async def _rename(self) -> None:
        title = await ask_text(t("Rename this chat"), t("Title"), self._page.chat.title)
        if title:
            await self._page.change(title=title)

    async def _move(self) -> None:
        """Ask for a folder: one that there is already, a new one, or none."""
        visit, page = self._page.visit, self._page
        listed = await visit.attempt(lambda: list_chats(visit.server, visit.caller)) or []
        folders = sorted({one.chat.folder for one in listed if one.chat.folder})
        with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
            dialog.on("hide", dialog.delete)
            h2(t("Move to folder"))
            field = ui.input(t("Folder (leave empty for none)"), value=page.chat.folder, autocomplete=folders)
            field.props("outlined dense autofocus")

            async def move() -> None:
                dialog.close()
                await page.change(folder=str(field.value or ""))

            field.on("keydown.enter", move)
            if folders:
                with ui.element("div").classes("lw-row"):
                    for folder in folders[:12]:
                        chip = ui.element("button").classes("lw-chip").props('type="button"')
                        chip.on("click", lambda folder=folder: field.set_value(folder))
                        with chip:
                            Text("span", folder)
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Cancel"), on_click=dialog.close).props("flat no-caps")
                ui.button(t("Save"), on_click=move).props("unelevated no-caps")

    async def _share(self) -> None:
        page, visit = self._page, self._page.visit
        chat = await visit.attempt(
            lambda: share_chat(visit.server, visit.caller, page.chat.id, is_shared=True)
        )
        if chat is None:
            return
        link = f"{visit.base_url}/studio/shared/{chat.token}"

        async def end() -> None:
            work = lambda: share_chat(visit.server, visit.caller, chat.id, is_shared=False)  # noqa: E731
            if await visit.attempt(work):
                dialog.close()
                tell(t("Sharing stopped."))

        with visit.client.content, ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
            dialog.on("hide", dialog.delete)
            h2(t("Shared (read-only)"))
            muted(
                t("Anyone with permission to chat can read it at this link, including messages added later.")
            )
            Text("p", link, classes="lw-mono lw-secret").props('data-testid="share-link"')
            with ui.element("div").classes("lw-actions"):
                ui.button(t("Stop sharing"), on_click=end).props("flat no-caps color=negative")
                copy = f"lorewright.copy({json.dumps(link)})"
                ui.button(t("Copy link"), on_click=lambda: ui.run_javascript(copy)).props("outline no-caps")
                ui.button(t("Close"), on_click=dialog.close).props("unelevated no-caps")

    async def _as_markdown(self) -> None:
        await self._export("md", "text/markdown", chat_as_markdown)

    async def _as_json(self) -> None:
        await self._export("json", "application/json", _json_text)

    async def _export(self, suffix: str, kind: str, write: Callable[[Chat, Turns], str]) -> None:
        chat, visit = self._page.chat, self._page.visit
        text = await visit.attempt(lambda: write(chat, turns_of(visit.server, visit.caller, chat)))
        if text is not None:
            arguments = ", ".join(json.dumps(value) for value in (file_name_of(chat, suffix), text, kind))
            ui.run_javascript(f"lorewright.download({arguments})")

    async def _delete(self) -> None:
        visit, chat_id = self._page.visit, self._page.chat.id
        description = t(
            "The conversation and its files are deleted permanently. Your corrections are kept in "
            "the dataset."
        )
        if await confirm(t("Delete this chat?"), description, t("Delete"), is_harmful=True):
            self._page.leave()
            await visit.attempt(lambda: remove_chat(visit.server, visit.caller, chat_id))
            ui.navigate.to("/chat")


def _json_text(chat: Chat, turns: Turns) -> str:
    return json.dumps(chat_as_json(chat, turns), indent=2, ensure_ascii=False)
