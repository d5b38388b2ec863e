"""Below an answer: the sources it cites, what can be done with it, and how long it took."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.amounts import seconds_text
from lorewright.studio.i18n import t
from lorewright.studio.parts.table import icon_button
from lorewright.studio.parts.text import Text
from lorewright.studio.screens.chat.feedback import Thumbs, ask_correction, judge, show_thumb
from lorewright.workspace.chats.judging import vote
from lorewright.workspace.chats.turns import Turn

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


def show_sources(page: "ChatPage", answer: Mapping[str, Any]) -> None:
    """Show each source once, as a button that opens it at the passage."""
    citations: dict[int, Mapping[str, Any]] = {}
    for cited in answer.get("citations", ()):
        citations.setdefault(cited["number"], cited)
    if not citations:
        return
    with ui.element("div").classes("chat-sources").props(f'role="group" aria-label="{t("Sources")}"'):
        for number, cited in sorted(citations.items()):
            with ui.element("button").classes("chat-source").props('type="button"') as button:
                Text("span", str(number), classes="chat-number")
                Text("span", str(cited["title"] or cited["name"]), classes="lw-clip")
                if cited.get("page"):
                    Text("span", t("p. {n}", n=cited["page"]), classes="chat-source-page")
            button.on("click", partial(page.sources.open_citation, answer, number))


def show_tools(page: "ChatPage", turn: Turn, place: int, *, text_id: int) -> None:
    """Show what can be done with an answer, and what it took; `text_id` is the element of its text."""
    answer = turn.answers[place]
    is_complete = answer["state"] == "done"
    with ui.element("div").classes("chat-tools"):
        copy = icon_button("content_copy", t("Copy"))
        copy.on("click", js_handler=f"(clicked) => lorewright.copyAnswer(clicked, {text_id})")
        if len(turn.answers) == 1 and not page.is_fixed:
            icon_button("refresh", t("Regenerate"), partial(page.again, turn))
        if is_complete and not page.is_fixed:
            _judging(page, turn, place)
            if not turn.hides_names:  # it names the model
                why = partial(page.sources.open_evidence, answer)
                icon_button("manage_search", t("Trace of this answer"), why)
        if len(turn.answers) > 1 and not page.is_fixed and is_complete:
            _voting(page, turn, place)
        if is_complete and not turn.hides_names:  # who is quick gives itself away
            Text("span", _facts(answer), classes="lw-small chat-facts")


def _judging(page: "ChatPage", turn: Turn, place: int) -> None:
    up = icon_button("thumb_up", t("Good answer"), lambda: judge(page, turn, place, "up", thumbs))
    down = icon_button("thumb_down", t("Bad answer"), lambda: judge(page, turn, place, "down", thumbs))
    thumbs: Thumbs = {"up": up, "down": down}
    show_thumb(turn.answers[place].get("thumb"), thumbs)
    icon_button("edit_note", t("Correct this answer"), lambda: ask_correction(page, turn, place, thumbs))


def _voting(page: "ChatPage", turn: Turn, place: int) -> None:
    visit = page.visit
    if turn.vote == place:
        return

    async def choose() -> None:
        if await visit.attempt(vote, visit.server, visit.caller, turn.id, place):
            await page.refresh()

    ui.button(t("Best answer"), icon="how_to_vote", on_click=choose).props("flat dense no-caps").classes(
        "chat-vote"
    )


def _facts(answer: Mapping[str, Any]) -> str:
    written = (answer.get("usage") or {}).get("completion_tokens", 0)
    facts = [seconds_text(answer.get("latency_ms", 0) / 1000)]
    return " · ".join([*facts, t("{n} tokens", n=written)] if written else facts)
