"""One turn of a chat: the question, and an answer or several side by side, with what can be done to them."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nicegui import background_tasks, ui

from lorewright.studio.answer_text import AnswerText, Cite, answer_text_words
from lorewright.studio.live_answers import find_live
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.dialogs import ask_text
from lorewright.studio.parts.sizes import span_text
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.chat_feedback import ask_correction, judge
from lorewright.studio.words import t
from lorewright.workspace.chats import Turn, turns_of, vote

if TYPE_CHECKING:
    from lorewright.studio.screens.chat_parts import ChatPage

NAMES = "ABCDEF"


class ShownTurn:
    """A turn on the page."""

    def __init__(self, page: "ChatPage", turn: Turn, beside: Sequence[Turn]) -> None:
        self._page, self._turn = page, turn
        with ui.element("article").classes("chat-turn").props(f'data-turn="{turn.id}"'):
            self._question(beside)
            several = len(turn.answers) > 1
            with ui.element("div").classes("chat-answers chat-several" if several else "chat-answers"):
                for place, answer in enumerate(turn.answers):
                    ShownAnswer(page, turn, place, answer)

    def _question(self, beside: Sequence[Turn]) -> None:
        page, turn = self._page, self._turn
        with ui.element("div").classes("chat-question"):
            Text("p", turn.question, classes="lw-pre chat-bubble")
            with ui.element("div").classes("chat-tools"):
                if len(beside) > 1:
                    self._branches(beside)
                if not page.is_fixed:
                    icon_button("edit", t("Edit the question"), self._edit)
                    icon_button("refresh", t("Answer again"), self._again)

    def _branches(self, beside: Sequence[Turn]) -> None:
        place = [other.id for other in beside].index(self._turn.id)

        def step(by: int) -> Any:
            async def go() -> None:
                await self._page.see(beside[place + by])

            return go

        before = icon_button("chevron_left", t("The branch before"), step(-1))
        before.set_enabled(place > 0)
        Text("span", f"{place + 1}/{len(beside)}", classes="lw-small lw-muted")
        after = icon_button("chevron_right", t("The branch after"), step(1))
        after.set_enabled(place + 1 < len(beside))

    async def _edit(self) -> None:
        question = await ask_text(t("Edit the question"), t("Question"), self._turn.question, yes=t("Ask"))
        if question and question != self._turn.question:
            await self._page.ask(question, parent=self._turn.parent)

    async def _again(self) -> None:
        await self._page.ask(self._turn.question, parent=self._turn.parent)


class ShownAnswer:
    """One answer on the page; while it is being written the page follows it."""

    def __init__(self, page: "ChatPage", turn: Turn, place: int, answer: Mapping[str, Any]) -> None:
        self._page, self._turn, self._place, self._answer = page, turn, place, answer
        several = len(turn.answers) > 1
        is_hidden = several and page.chat.is_blind and turn.vote is None and not page.is_fixed
        with ui.element("section").classes("chat-answer") as self._whole:
            if several:
                name = t("Answer {letter}", letter=NAMES[place]) if is_hidden else str(answer["model"])
                with ui.element("div").classes("lw-row"):
                    Text("h3", name, classes="lw-h3")
                    if turn.vote == place:
                        badge(t("your choice"), "good")
            words = {key: t(word) for key, word in answer_text_words().items()}
            self._text = AnswerText(strings=words, on_cite=self._cite)
            self._below = ui.element("div").classes("chat-below")
        live = find_live(turn.id, place)
        if live is not None:
            self._follow(live)
        else:
            self._show(answer)

    def _follow(self, live: Any) -> None:
        """Show the text so far, and what comes; at the end the answer as it is kept."""
        loop = asyncio.get_running_loop()

        def over() -> None:
            background_tasks.create(self._over())

        def listen(piece: str | None) -> None:
            if piece is None:
                loop.call_soon_threadsafe(over)
            else:
                self._text.append(piece)

        so_far = live.listen(listen)
        self._page.visit.client.on_delete(lambda: live.forget(listen))
        if so_far:
            self._text.append(so_far)
        with self._below:
            waiting = muted(t("Writing …"))
            waiting.props('role="status"').classes("lw-small")
        if live.is_over:
            over()

    async def _over(self) -> None:
        if self._whole.is_deleted:
            return
        kept = await self._page.visit.attempt(turns_of, self._page.visit.home, self._page.chat.id)
        turn = (kept or {}).get(self._turn.id)
        if turn is not None and not self._whole.is_deleted:
            self._answer = turn.answers[self._place]
            self._show(self._answer)
        await self._page.over()

    def _show(self, answer: Mapping[str, Any]) -> None:
        cites = [_cite_of(one) for one in answer.get("citations", ())]
        self._text.finish(str(answer["text"]), cites, answer.get("unsupported", ()))
        self._below.clear()
        with self._below:
            self._state(answer)
            self._cited(answer)
            if answer.get("id"):
                self._tools(answer)

    def _state(self, answer: Mapping[str, Any]) -> None:
        if answer["state"] == "failed":
            Text("p", f"{answer['error']} {answer.get('hint', '')}", classes="lw-error").props('role="alert"')
        elif answer["state"] == "stopped":
            badge(t("stopped"), "warn")
        elif answer["state"] == "running":
            badge(t("interrupted: the server was restarted. Answer it again."), "warn")
        elif answer.get("refused"):
            badge(t("Not in the documents"), "warn")

    def _cited(self, answer: Mapping[str, Any]) -> None:
        """Show each source once, as a card that opens it."""
        found: dict[str, Mapping[str, Any]] = {}
        for one in answer.get("citations", ()):
            found.setdefault(f"{one['number']} {one['document_id']}", one)
        if not found:
            return
        with ui.element("div").classes("lw-row").props(f'role="group" aria-label="{t("Sources")}"'):
            for one in found.values():
                label = f"[{one['number']}] {one['title'] or one['document_id']}"
                label += t(", page {n}", n=one["page"]) if one.get("page") else ""
                chip = ui.button(label, on_click=lambda one=one: self._page.sources.open_citation(one))
                chip.props("flat dense no-caps").classes("chat-source")

    def _tools(self, answer: Mapping[str, Any]) -> None:
        page, several = self._page, len(self._turn.answers) > 1
        with ui.element("div").classes("chat-tools"):
            copy = json.dumps(str(answer["text"]))
            icon_button("content_copy", t("Copy"), lambda: ui.run_javascript(f"lorewright.copy({copy})"))
            if not page.is_fixed:
                if several:
                    ui.button(t("This one is best"), icon="how_to_vote", on_click=self._vote).props(
                        "flat dense no-caps"
                    )
                icon_button("thumb_up", t("Good answer"), lambda: judge(page, answer, "up"))
                icon_button("thumb_down", t("Bad answer"), lambda: judge(page, answer, "down"))
                icon_button("edit_note", t("Correct it"), lambda: ask_correction(page, answer))
            if answer.get("hits"):
                icon_button("manage_search", t("What was retrieved, and why"), self._why)
            facts = [span_text(answer.get("latency_ms", 0) / 1000)]
            written = answer.get("usage", {}).get("completion_tokens", 0)
            facts += [t("{n} tokens", n=written)] if written else []
            Text("span", " · ".join(facts), classes="lw-small lw-muted")

    def _why(self) -> None:
        self._page.sources.open_retrieval(self._answer)

    async def _cite(self, number: int) -> None:
        for one in self._answer.get("citations", ()):
            if one["number"] == number:
                await self._page.sources.open_citation(one)
                return

    async def _vote(self) -> None:
        visit = self._page.visit
        voted = await visit.attempt(lambda: vote(visit.home, visit.caller, self._turn.id, self._place))
        if voted:
            await self._page.reload()


def _cite_of(citation: Mapping[str, Any]) -> Cite:
    return Cite(
        number=citation["number"],
        position=citation["position"],
        title=citation["title"] or citation["document_id"],
        support=citation["quote"],
    )
