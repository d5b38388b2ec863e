"""Questions that must be answered before something happens."""

from nicegui import context, ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.cleanup import discard
from lorewright.studio.parts.text import h2, muted


async def confirm(title: str, description: str, yes: str, *, is_harmful: bool = False) -> bool:
    """Ask whether to go on; return the answer, `False` when the question is closed."""
    # On the page itself: inside a menu, a dialog would be one of its entries.
    with context.client.content, ui.dialog() as dialog, ui.card().classes("lw-dialog"):
        h2(title)
        muted(description)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            go = ui.button(yes, on_click=lambda: dialog.submit("yes")).props("unelevated no-caps autofocus")
            if is_harmful:
                go.props("color=negative")
    answer = await dialog
    discard(dialog)
    return bool(answer)


async def ask_text(title: str, label: str, value: str = "", *, yes: str = "") -> str:
    """Ask for a line of text; return it, or '' when the question is closed."""
    # On the page itself: inside a menu, a dialog would be one of its entries.
    with context.client.content, ui.dialog() as dialog, ui.card().classes("lw-dialog"):
        h2(title)
        field = ui.input(label, value=value).props("outlined dense autofocus")
        field.on("keydown.enter", lambda: dialog.submit(field.value))
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Cancel"), on_click=lambda: dialog.submit("")).props("flat no-caps")
            ui.button(yes or t("Save"), on_click=lambda: dialog.submit(field.value)).props(
                "unelevated no-caps"
            )
    answer = await dialog
    discard(dialog)
    return str(answer or "").strip()
