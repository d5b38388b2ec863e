"""One turn of a chat: the question, its branches, and an answer or several side by side."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text, muted
from lorewright.studio.screens.chat.reply import ShownReply
from lorewright.workspace.chats.judging import NONE_BETTER, vote
from lorewright.workspace.chats.turns import Turn

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage

_ON_ENTER = "(e) => { if (!e.shiftKey && !e.isComposing) { e.preventDefault(); emit(e.target.value) } }"


class ShownTurn:
    """A turn on the page."""

    def __init__(self, page: "ChatPage", turn: Turn, beside: Sequence[Turn]) -> None:
        self.turn = turn
        self._page, self._beside = page, beside
        several = len(turn.answers) > 1
        look = "chat-turn chat-wide" if several else "chat-turn"
        with ui.element("article").classes(look) as self._whole:
            self._whole.props["aria-label"] = turn.question[:120]
            self._question = ui.element("div").classes("chat-question")
            with ui.element("div").classes("chat-replies") as replies:
                if several:
                    replies.classes(f"chat-several chat-{len(turn.answers)}").style(
                        f"--n: {len(turn.answers)}"
                    )
                    label = t("{n} answers side by side", n=len(turn.answers))
                    replies.props(f'tabindex="0" role="region" aria-label="{label}"')
                self._replies = [ShownReply(page, turn, place) for place in range(len(turn.answers))]
            self._voting = ui.element("div").classes("chat-voting") if several else None
        self._show_question()
        self._show_voting()

    def update(self, turn: Turn, beside: Sequence[Turn]) -> None:
        """Show the turn as it is now."""
        before, n_before, self.turn, n_now = self.turn, len(self._beside), turn, len(beside)
        self._beside = beside
        if n_before != n_now:
            self._show_question()
        for reply in self._replies:
            reply.update(turn)
        if before.vote != turn.vote or before.answers != turn.answers:
            self._show_voting()

    def leave(self) -> None:
        """Follow no answer any more."""
        for reply in self._replies:
            reply.leave()

    def delete(self) -> None:
        """Take the turn off the page."""
        self.leave()
        discard(self._whole)

    def _show_question(self) -> None:
        self._question.clear()
        with self._question:
            Text("p", self.turn.question, classes="lw-pre chat-bubble")
            with ui.element("div").classes("chat-tools"):
                if len(self._beside) > 1:
                    with ui.element("div").classes("chat-versions") as versions:
                        versions.props(f'role="group" aria-label="{t("Branches")}"')
                        self._branches()
                if not self._page.is_fixed:
                    icon_button("edit", t("Edit question"), self._edit)
                    if len(self.turn.answers) > 1:  # one alone has it below its answer
                        icon_button("refresh", t("Regenerate"), lambda: self._page.again(self.turn))

    def _branches(self) -> None:
        """Show which of the branches that begin here is in sight, and lead to the others."""
        place = [other.id for other in self._beside].index(self.turn.id)

        def step(by: int) -> Any:
            return lambda: self._page.see(self._beside[place + by])

        before = icon_button("chevron_left", t("Previous branch"), step(-1))
        before.set_enabled(place > 0 and not self._page.is_fixed)
        Text("span", f"{place + 1}/{len(self._beside)}", classes="lw-small chat-place")
        after = icon_button("chevron_right", t("Next branch"), step(1))
        after.set_enabled(place + 1 < len(self._beside) and not self._page.is_fixed)

    def _edit(self) -> None:
        """Let the question be changed where it stands."""
        self._question.clear()
        with self._question, ui.element("div").classes("chat-edit"):
            field = ui.textarea(value=self.turn.question)
            field.props(f'outlined autogrow autofocus aria-label="{t("Edited question")}"')

            async def send(text: str) -> None:
                if not text.strip() or text == self.turn.question:
                    self._show_question()
                elif not await self._page.ask(text, before=self.turn.before):
                    return
                elif not self._question.is_deleted:
                    self._show_question()

            field.on("keydown.enter", lambda event: send(str(event.args)), js_handler=_ON_ENTER)
            field.on("keydown.escape", self._show_question)
            with ui.element("div").classes("lw-actions"):
                muted(t("The messages after it are kept as another branch.")).classes("lw-small lw-grow")
                ui.button(t("Cancel"), on_click=self._show_question).props("flat no-caps dense")
                go = ui.button(t("Ask"), on_click=lambda: send(str(field.value or "")))
                go.props("unelevated no-caps dense")

    def _show_voting(self) -> None:
        """Ask for a vote as soon as every answer is complete."""
        turn = self.turn
        if self._voting is None:
            return
        self._voting.clear()
        if self._page.is_fixed or any(answer["state"] == "running" for answer in turn.answers):
            return
        with self._voting:
            if turn.vote is None:
                n = len(turn.answers)
                muted(tn("Which answer is best?", "Which of the {n} answers is best?", n)).classes("lw-small")
                ui.button(t("No preference"), on_click=self._vote_none).props("flat dense no-caps")
            elif turn.vote == NONE_BETTER:
                muted(t("You had no preference.")).classes("lw-small")
            else:
                muted(t("Your vote was counted. Voting again replaces it.")).classes("lw-small")

    async def _vote_none(self) -> None:
        visit = self._page.visit
        if await visit.attempt(vote, visit.server, visit.caller, self.turn.id, NONE_BETTER):
            await self._page.refresh()
