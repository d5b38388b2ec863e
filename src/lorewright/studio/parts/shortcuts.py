"""The keys that do something, told in one place."""

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, h2, h3


def shortcuts_button() -> None:
    """Show a button, which `?` presses too, that lists every key."""
    button = ui.button(icon="keyboard", on_click=_show).props("flat round dense data-shortcuts")
    button.props["aria-label"] = t("Keyboard shortcuts (?)")
    with button:
        ui.tooltip(t("Keyboard shortcuts (?)"))


def _groups() -> dict[str, tuple[tuple[str, str], ...]]:
    return {
        t("Everywhere"): (
            ("?", t("Show this list")),
            ("Esc", t("Close what is open")),
            ("Tab", t("Go to the next field or button")),
        ),
        t("Chat"): (
            ("Enter", t("Send the question")),
            ("Shift+Enter", t("New line")),
            ("/", t("Insert a prompt by its name")),
        ),
        t("Documents"): (("Ctrl+S", t("Save the text that is edited")),),
        t("Data, from chats"): (
            ("J / K", t("Next or previous entry")),
            ("A", t("Accept")),
            ("R", t("Reject")),
            ("E", t("Edit")),
        ),
        t("Questions asked"): (
            ("J / K", t("Next or previous question")),
            ("E", t("Make an example")),
            ("Q", t("Make a held-out question")),
            ("W", t("Write the answer")),
        ),
        t("Flows"): (
            ("← ↑ → ↓", t("Move the selected node")),
            ("Ctrl+Z / Ctrl+Shift+Z", t("Undo or redo")),
            ("Ctrl+Enter", t("Run the whole flow")),
        ),
        t("Tabs"): (("← →", t("Previous or next tab")),),
    }


def _show() -> None:
    with ui.dialog(value=True) as dialog, ui.card().classes("lw-dialog"):
        dialog.on("hide", dialog.delete)
        h2(t("Keyboard shortcuts"))
        with ui.element("div").classes("lw-stack"):
            for title, keys in _groups().items():
                h3(title)
                with ui.element("dl").classes("lw-keys"):
                    for key, what in keys:
                        with ui.element("div"):
                            with ui.element("dt"):
                                Text("kbd", key)
                            Text("dd", what)
        with ui.element("div").classes("lw-actions"):
            ui.button(t("Close"), on_click=dialog.close).props("flat no-caps")
