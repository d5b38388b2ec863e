"""Text to take along: a button that copies it, and blocks of code with one."""

import json
from collections.abc import Mapping

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text


def copy_button(label: str, text: str) -> ui.button:
    """Show a button that copies a text, in the click itself: later, a browser would not allow it."""
    button = ui.button(label, icon="content_copy").props("outline no-caps").classes("lw-start")
    return button.on("click", js_handler=f"(clicked) => lorewright.copied(clicked, {json.dumps(text)})")


def snippets(label: str, texts: Mapping[str, str]) -> None:
    """Show code in one of several languages, chosen above it, with a button that copies it."""

    def choose(name: str) -> None:
        place.clear()
        with place:
            shown = Text("pre", texts[name], classes="lw-mono lw-pre lw-secret").props('tabindex="0"')
            shown.props["aria-label"] = f"{label}: {name}"
            copy_button(t("Copy"), texts[name])

    chosen = ui.toggle(list(texts), value=next(iter(texts))).props("no-caps unelevated")
    chosen.props["aria-label"] = label
    chosen.on_value_change(lambda event: choose(str(event.value)))
    place = ui.element("div").classes("lw-stack")
    choose(next(iter(texts)))
