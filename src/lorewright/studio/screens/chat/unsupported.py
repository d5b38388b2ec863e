"""Below an answer: which of its sentences no source supports, and why they are marked."""

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.text import Text, muted
from lorewright.workspace.chats.evidence import Unsupported, unsupported_in


def reason_for(marked: Unsupported) -> str:
    """Return in words why a sentence is marked."""
    if marked.claims:
        return t("Not in any retrieved chunk: {claims}", claims=", ".join(marked.claims))
    return t("No retrieved chunk supports this sentence.")


def show_unsupported(answer: Mapping[str, Any]) -> None:
    """Show how many sentences are marked; opened, each one with its reason."""
    marked = unsupported_in(answer)
    with ui.element("details").classes("chat-why"):
        with ui.element("summary").classes("lw-badge lw-warn"):
            ui.icon("warning").props('aria-hidden="true"')
            Text(
                "span",
                tn(
                    "1 sentence without support in the sources (underlined). Why?",
                    "{n} sentences without support in the sources (underlined). Why?",
                    len(marked),
                ),
            )
        with ui.element("ul").classes("chat-why-list"):
            for one in marked:
                with ui.element("li"):
                    Text("q", one.text)
                    Text("span", reason_for(one), classes="lw-small lw-muted")
        muted(
            t(
                "A sentence counts as supported if a retrieved chunk contains all its numbers, dates and "
                "names and at least half of its content."
            )
        ).classes("lw-small")
