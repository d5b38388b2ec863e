"""One answer of a turn; while it is being written the page follows it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.studio.answer_text import AnswerText, Cite, answer_text_words
from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.chat.contract import LETTERS, short_name
from lorewright.studio.screens.chat.passages import (
    show_disagreements,
    show_no_sources,
    show_quotes,
    show_refusal,
)
from lorewright.studio.screens.chat.reply_tools import show_sources, show_tools
from lorewright.studio.screens.chat.unsupported import reason_for, show_unsupported
from lorewright.workspace.chats.asking import find_live, is_interrupted
from lorewright.workspace.chats.evidence import unsupported_in
from lorewright.workspace.chats.turns import Turn
from lorewright.workspace.server.live_answers import LiveAnswer

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


class ShownReply:
    """An answer on the page."""

    def __init__(self, page: "ChatPage", turn: Turn, place: int) -> None:
        self._page, self._turn, self._place = page, turn, place
        self._live: LiveAnswer | None = None
        self._drawn: tuple[object, ...] = ()
        with ui.element("section").classes("chat-reply") as self._whole:
            self._head = ui.element("div").classes("chat-reply-head")
            self._quotes = ui.element("div").classes("chat-quotes")
            words = {key: t(word) for key, word in answer_text_words().items()}
            self._text = AnswerText(strings=words, on_cite=self._cite)
            self._below = ui.element("div").classes("chat-below")
        self.update(turn)

    @property
    def answer(self) -> Mapping[str, Any]:
        """The answer as it is kept."""
        return self._turn.answers[self._place]

    @property
    def name(self) -> str:
        """What the answer is called: its model, or a letter while names are hidden."""
        if self._turn.hides_names:
            return t("Answer {letter}", letter=LETTERS[self._place])
        return short_name(self._page, str(self.answer["model"]))

    def update(self, turn: Turn) -> None:
        """Show the answer as it is now."""
        self._turn = turn
        live = find_live(self._page.visit.server, self._page.visit.caller, turn, self._place)
        if live is not None and live is self._live:
            return
        # A thumb shows where it was given: what is drawn again loses the focus.
        drawn = ({name: what for name, what in self.answer.items() if name != "thumb"}, turn.vote, live)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self._show_head()
        if live is not None:
            self._follow(live)
        else:
            self._live = None
            self._show()

    def leave(self) -> None:
        """Follow the answer no more."""
        if self._live is not None:
            self._live.leave(self._hear)

    def _hear(self, piece: str) -> None:
        """Take a piece, in the thread that writes; the component sends pieces together."""
        if self._text.is_deleted:
            self.leave()
        else:
            self._text.append(piece)

    def _follow(self, live: LiveAnswer) -> None:
        self._live = live
        self._below.clear()
        with self._below, ui.element("div").classes("chat-waiting").props('role="status"'):
            ui.spinner("dots", size="22px").props('aria-hidden="true"')
            Text("span", t("Writing …"), classes="lw-small")
        live.follow(self._hear)

    def _show_head(self) -> None:
        turn = self._turn
        self._head.clear()
        with self._head:
            if len(turn.answers) > 1:
                Text("h3", self.name, classes="lw-h3")
            else:
                Text("span", self.name, classes="chat-model")
            if turn.vote == self._place:
                badge(t("your vote"), "good")

    def _show(self) -> None:
        answer = self.answer
        cites = [_cite_of(cited) for cited in answer.get("citations", ())]
        marked = [(one.start, one.end, reason_for(one)) for one in unsupported_in(answer)]
        self._text.finish(str(answer["text"]), cites, marked)
        self._quotes.clear()
        with self._quotes:
            show_quotes(self._page, answer, is_first=not self._turn.before)
        self._below.clear()
        with self._below:
            self._show_state()
            show_sources(self._page, answer)
            if answer["state"] != "running":
                show_tools(self._page, self._turn, self._place, text_id=self._text.id)

    def _show_state(self) -> None:
        answer, page = self.answer, self._page
        if is_interrupted(page.visit.server, page.visit.caller, self._turn, self._place):
            badge(t("Interrupted: the server was stopped."), "warn")
            if len(self._turn.answers) == 1 and not page.is_fixed:
                again = ui.button(t("Regenerate"), icon="refresh", on_click=lambda: page.again(self._turn))
                again.props("outline no-caps dense").classes("lw-start")
        elif answer["state"] == "failed":
            hint = str(answer.get("hint") or "")
            Text("p", f"{answer['error']} {hint}".strip(), classes="lw-error").props('role="alert"')
            self._offer_quotes()
        elif answer["state"] == "stopped":
            badge(t("Stopped"), "plain")
        elif answer.get("refused"):
            show_refusal(self._page, answer)
        elif answer.get("unsupported"):
            show_unsupported(answer)
        elif not answer["text"]:
            badge(t("Empty answer"), "warn")
        elif answer["state"] == "done" and not self._turn.hides_names:  # it may give a model away
            show_no_sources(answer)
        if answer.get("is_cut"):
            badge(t("Stopped at the length limit"), "warn")
        show_disagreements(self._page, answer)
        self._show_left_out()

    def _offer_quotes(self) -> None:
        """Offer what needs no model, where one that searches the documents did not answer."""
        page, failed = self._page, self.answer["model"]
        searching = {choice.id for choice in page.choices if choice.is_searching}
        arms = {choice.name: choice.id for choice in page.choices if choice.group == "arm"}
        quote = arms.get("quote")
        if page.is_fixed or len(self._turn.answers) > 1 or failed not in searching or quote in (None, failed):
            return

        async def instead() -> None:
            await page.change(models=[quote])
            await page.again(self._turn)

        button = ui.button(t("Quote the documents instead"), icon="format_quote", on_click=instead)
        button.props("outline no-caps dense").classes("lw-start")

    def _show_left_out(self) -> None:
        """Say what the model was not shown, for lack of room."""
        counts = self.answer.get("left_out") or {}
        if counts.get("turns"):
            badge(t("Earlier messages were left out: the prompt was full"), "warn")
        elif counts:
            badge(t("Some passages or examples were left out: the prompt was full"), "warn")

    async def _cite(self, number: int) -> None:
        await self._page.sources.open_citation(self.answer, number)


def _cite_of(citation: Mapping[str, Any]) -> Cite:
    page = t(", page {n}", n=citation["page"]) if citation.get("page") else ""
    return Cite(
        number=citation["number"],
        position=citation["position"],
        title=f"{citation['title'] or citation['name']}{page}",
        support=citation["quote"],
    )
