"""The style sheets of the screens."""

from weakref import WeakKeyDictionary

from nicegui import Client, context, ui

from lorewright.studio.address import look

_worn: WeakKeyDictionary[Client, set[str]] = WeakKeyDictionary()


def load_stylesheet(name: str) -> None:
    """Load `look/<name>.css`, once a page: who comes back to a screen has it already."""
    worn = _worn.setdefault(context.client, set())
    if name not in worn:
        worn.add(name)
        ui.add_head_html(f'<link rel="stylesheet" href="{look(f"{name}.css")}">')
