"""The head of a screen, and the cards on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from nicegui import ui

from lorewright.studio.parts.help import term_help, term_of
from lorewright.studio.parts.text import Text, h2, muted


@contextmanager
def heading(title: str, description: str = "") -> Iterator[ui.element]:
    """Show the head of a screen: what is made inside the `with` are its actions, at the right."""
    ui.page_title(f"{title} · Lorewright")
    with ui.element("div").classes("lw-head"):
        with ui.element("div").classes("lw-head-text"):
            with ui.element("div").classes("lw-row lw-tight"):
                Text("h1", title, classes="lw-h1")
                if term := term_of(title):
                    term_help(term)
            if description:
                muted(description)
        with ui.element("div").classes("lw-actions") as actions:
            yield actions


@contextmanager
def card(title: str = "", description: str = "", *, classes: str = "") -> Iterator[ui.element]:
    """Show a card: what is made inside the `with` is its content."""
    with ui.element("section").classes(f"lw-card {classes}") as whole:
        if title and (term := term_of(title)):
            with ui.element("div").classes("lw-row lw-tight"):
                h2(title)
                term_help(term)
        elif title:
            h2(title)
        if description:
            muted(description)
        yield whole
