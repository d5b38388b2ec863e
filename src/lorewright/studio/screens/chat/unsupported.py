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
        return t("In no passage that was found: {claims}", claims=", ".join(marked.claims))
    return t("No passage that was found says this, or half of it.")


def show_unsupported(answer: Mapping[str, Any]) -> None:
    """Show how many sentences are marked; opened, each one with its reason."""
    marked = unsupported_in(answer)
    with ui.element("details").classes("chat-why"):
        with ui.element("summary").classes("lw-badge lw-warn"):
            ui.icon("warning").props('aria-hidden="true"')
            Text(
                "span",
                tn(
                    "Underlined: no source supports it. Why?",
                    "Underlined: no source supports these {n} sentences. Why?",
                    len(marked),
                ),
            )
        with ui.element("ul").classes("chat-why-list"):
            for one in marked:
                with ui.element("li"):
                    Text("q", one.text)
                    Text("span", reason_for(one), classes="lw-small lw-muted")
        muted(
            t("Numbers, dates and names must stand in a passage, and half of what a sentence says.")
        ).classes("lw-small")
