"""The documents' own words beside an answer, and what to know about one that has none."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.text import Text, muted

if TYPE_CHECKING:
    from lorewright.studio.screens.chat.contract import ChatPage


def show_quotes(page: "ChatPage", answer: Mapping[str, Any], *, is_first: bool) -> None:
    """Show what the documents say, word for word, above the text of a small model."""
    if answer.get("refused") or not answer.get("is_small") or not answer.get("passages"):
        return
    _passages(page, answer, t("From your documents, word for word"))
    muted(t("The model's answer (a small model, which may misread the passages):")).classes("lw-small")
    if is_first:
        with ui.element("p").classes("lw-small lw-muted"):
            Text("span", t("A larger model answers in its own words and misreads less.") + " ")
            ui.link(t("Choose one that fits this machine"), "/models")


def show_disagreements(page: "ChatPage", answer: Mapping[str, Any]) -> None:
    """Show which documents behind an answer say different things, the newest first."""
    if answer["state"] != "done":
        return
    for sides in answer.get("disagreements") or []:
        dated = [side | {"title": _with_day(side)} for side in sides]
        _passages(page, {**answer, "passages": dated}, t("These documents disagree, the newest first"))


def _with_day(side: Mapping[str, Any]) -> str:
    name = str(side["title"] or side["name"])
    return f"{name} ({side['day']})" if side["day"] else name


def show_refusal(page: "ChatPage", answer: Mapping[str, Any]) -> None:
    """Say why there is no answer, and show the passages that come closest."""
    why = answer.get("why_refused")
    if why == "nothing found":
        badge(t("Nothing found in the documents"), "warn")
    elif why == "withheld":
        badge(t("Passages found, answer withheld: they do not support it"), "warn")
    elif why == "not answered":
        badge(t("Passages found, but none answers this"), "warn")
    else:
        badge(t("Not in the documents"), "warn")
    if answer.get("passages"):
        _passages(page, answer, t("Closest passages"))


def show_no_sources(answer: Mapping[str, Any]) -> None:
    """Mark an answer that cites nothing: it may be made up."""
    if answer["text"] and not answer.get("citations"):
        if answer.get("is_searching"):
            badge(t("No sources cited: check this answer"), "warn")
        else:
            badge(t("Answered without your documents"), "warn")


def _passages(page: "ChatPage", answer: Mapping[str, Any], title: str) -> None:
    with ui.element("div").classes("chat-passages").props(f'role="group" aria-label="{title}"'):
        Text("p", title, classes="lw-small lw-strong")
        for passage in answer["passages"]:
            where = str(passage["title"] or passage["name"])
            if passage.get("page"):
                where += ", " + t("page {n}", n=passage["page"])
            with ui.element("button").classes("chat-passage").props('type="button"') as button:
                Text("span", str(passage["quote"]), classes="lw-pre")
                Text("span", where, classes="lw-small lw-muted")
            button.on("click", partial(page.sources.open_passage, passage))
