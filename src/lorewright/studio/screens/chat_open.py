"""The chat that is open: its turns, its composer, and what can be done with it."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from nicegui import ui

from lorewright.models import Stopped
from lorewright.studio.live_answers import begin_live, find_live
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.chat_bar import ChatBar
from lorewright.studio.screens.chat_composer import Composer
from lorewright.studio.screens.chat_list import ChatList
from lorewright.studio.screens.chat_sources import Sources
from lorewright.studio.screens.chat_turn import ShownTurn
from lorewright.studio.visit import Visit
from lorewright.studio.words import t
from lorewright.workspace.chat_answer import Messages, answer_chat, messages_of
from lorewright.workspace.chats import (
    Chat,
    Turn,
    add_turn,
    branch,
    change_chat,
    end_of,
    find_chat,
    new_chat,
    siblings,
    turns_of,
)


class OpenChat:
    """One conversation on one page; other pages of it follow what happens here."""

    def __init__(self, visit: Visit, chat: Chat, *, listed: ChatList | None, is_fixed: bool = False) -> None:
        self.visit, self.chat, self.listed, self.is_fixed = visit, chat, listed, is_fixed
        self.turns: dict[str, Turn] = {}
        self.sources: Sources
        self._composer: Composer | None = None

    async def show(self, question: str = "") -> None:
        """Show the conversation; `question` is asked at once."""
        with ui.element("section").classes("chat-middle").props(f'aria-label="{t("Conversation")}"'):
            self.bar = ChatBar(self)
            self._scroll = ui.element("div").classes("chat-scroll").props('tabindex="0" id="chat-scroll"')
            if not self.is_fixed:
                self._composer = Composer(self)
        self.sources = Sources(self.visit)
        await self.refresh()
        if question:
            await self.ask(question)

    async def refresh(self) -> None:
        """Show every turn of the branch in sight as it is kept now."""
        if self.chat.id:
            found = await self.visit.attempt(turns_of, self.visit.home, self.chat.id)
            self.turns = found or {}
        self._scroll.clear()
        path = branch(self.turns, self.chat.leaf)
        with self._scroll:
            Text("h1", self.chat.title or t("New chat"), classes="lw-unseen")
            with ui.element("div").classes("chat-turns").props('role="log" aria-live="polite"'):
                if not path:
                    self._begin()
                for turn in path:
                    ShownTurn(self, turn, siblings(self.turns, turn))
        self._to_end()

    def _begin(self) -> None:
        with ui.element("div").classes("chat-begin"):
            Text("h2", t("What do you want to know?"), classes="lw-h1")
            muted(t("Answers come with the passages they rest on. Drop a file to ask about it."))

    async def ask(self, question: str, *, parent: str | None = None) -> None:
        """Ask at the end of the branch, or after another turn: then a new branch begins there."""
        visit = self.visit
        before = self.chat.leaf if parent is None else parent
        if not self.chat.id and not await self._keep():
            return
        turn = await visit.attempt(
            lambda: add_turn(visit.home, visit.caller, self.chat.id, question, parent=before)
        )
        if turn is None:
            return
        messages = messages_of(branch(self.turns, before), question)
        for place in range(len(turn.answers)):
            self._write(turn, place, messages)
        await self.reload()

    def _write(self, turn: Turn, place: int, messages: Messages) -> None:
        """Let the server write one answer, whatever becomes of this page."""
        visit, model, stores = self.visit, str(turn.answers[place]["model"]), self.chat.stores
        caller = visit.caller

        def write(on_text: Callable[[str], None], stopped: Stopped) -> dict[str, Any]:
            return answer_chat(
                visit.home, caller, model, messages, stores=stores, on_text=on_text, stopped=stopped
            )

        begin_live(visit.home, turn.id, place, model).begin(write)

    async def _keep(self) -> bool:
        """Keep a chat that was new until now."""
        visit, chat = self.visit, self.chat
        made = await visit.attempt(lambda: new_chat(visit.home, visit.caller, models=chat.models))
        if made is None:
            return False
        changes = {"stores": list(chat.stores), "is_blind": chat.is_blind}
        self.chat = change_chat(visit.home, visit.caller, made.id, **changes)
        path = json.dumps(f"/studio/chat/{made.id}")
        ui.run_javascript(f"history.replaceState({{page: {path}}}, '', {path})")
        if self.listed:
            self.listed.open_id = made.id
        return True

    async def reload(self) -> None:
        """Show the conversation and the list as they are kept now."""
        chat = await self.visit.attempt(lambda: find_chat(self.visit.home, self.visit.caller, self.chat.id))
        if chat:
            self.chat = chat
            self.bar.refresh()
            await self.refresh()
            if self.listed:
                await self.listed.refresh()

    async def change(self, **changes: Any) -> None:
        """Change the chat; one that is new is kept with its first question."""
        if not self.chat.id:
            fitted: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()
            }
            self.chat = replace(self.chat, **fitted)
            return
        work = partial(change_chat, self.visit.home, self.visit.caller, self.chat.id, **changes)
        changed = await self.visit.attempt(work)
        if changed:
            self.chat = changed

    async def see(self, turn: Turn) -> None:
        """Show another branch, as far as it goes."""
        await self.change(leaf=end_of(self.turns, turn))
        await self.refresh()

    def stop(self) -> None:
        """Stop every answer that is being written in sight."""
        for turn in branch(self.turns, self.chat.leaf):
            for place in range(len(turn.answers)):
                if live := find_live(turn.id, place):
                    live.stop()

    async def over(self) -> None:
        """Take note that an answer is complete."""
        if self.chat.id:
            found = await self.visit.attempt(turns_of, self.visit.home, self.chat.id)
            self.turns = found or self.turns
        self.tell_running()

    def tell_running(self) -> None:
        """Show the stop button exactly while something is being written."""
        if self._composer:
            path = branch(self.turns, self.chat.leaf)
            self._composer.set_running(
                any(find_live(turn.id, n) is not None for turn in path for n in range(len(turn.answers)))
            )

    def _to_end(self) -> None:
        self.tell_running()
        ui.run_javascript("setTimeout(() => lorewright.toEnd('chat-scroll'), 60)")
