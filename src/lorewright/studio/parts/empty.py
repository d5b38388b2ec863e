"""What a screen shows where it has nothing yet, is loading, or failed: why, and what to do."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui import ui

from lorewright.studio.i18n import t


def empty(
    icon: str,
    title: str,
    description: str = "",
    *,
    action: str = "",
    on_click: Callable[..., Any] | None = None,
    also: tuple[str, str] | None = None,
    more: Sequence[tuple[str, str]] = (),
) -> ui.element:
    """Show why there is nothing here, and what to do about it.

    `also` is another way, and `more` are others: the name of each and its path.
    """
    with ui.element("div").classes("lw-empty") as whole:
        ui.icon(icon).props('aria-hidden="true"').classes("lw-empty-icon")
        ui.label(title).classes("lw-h2")
        if description:
            ui.label(description).classes("lw-muted")
        if action:
            ui.button(action, on_click=on_click).props("unelevated no-caps")
        for name, path in (*((also,) if also else ()), *more):
            ui.link(name, path)
    return whole


def loading() -> ui.element:
    """Show that something is on its way; return it, to be deleted when it is there."""
    with ui.element("div").classes("lw-loading").props('role="status"') as whole:
        ui.spinner(size="20px")
        ui.label(t("Loading …"))
    return whole
