"""Cards that are gone through by keyboard: which keys there are, which was pressed, which card is the one."""

from collections.abc import Iterable, Sequence

from nicegui import events, ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text


def show_keys(keys: Iterable[tuple[str, str]]) -> None:
    """Show which keys do what."""
    with ui.element("div").classes("lw-row"):
        for key, label in keys:
            with ui.element("span").classes("dat-key-hint"):
                Text("kbd", key)
                Text("span", label)


def show_review_keys() -> None:
    """Show the keys with which cards are accepted, rejected and edited one after the other."""
    show_keys((
        ("j", t("next")), ("k", t("back")), ("a", t("accept")), ("r", t("reject")), ("e", t("edit")),
    ))  # fmt: skip


def pressed(event: events.KeyEventArguments) -> str:
    """Return the key that was pressed alone, '' for its release, its repetition and shortcuts."""
    held = event.modifiers
    is_plain = not (event.action.repeat or held.ctrl or held.alt or held.meta)
    return str(event.key.name) if event.action.keydown and is_plain else ""


def mark(cards: Sequence[ui.element], here: int) -> None:
    """Mark the card at a place, bring it into view, and unmark the others."""
    for place, card in enumerate(cards):
        if place == here:
            card.props('aria-current="true"')
            ui.run_javascript(f"getHtmlElement({card.id})?.scrollIntoView({{block: 'nearest'}})")
        else:
            card.props(remove="aria-current")
