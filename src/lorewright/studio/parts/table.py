"""A small table: real rows and headings, so that it can be read aloud; long lists have pages elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from nicegui import ui

from lorewright.studio.parts.text import Text

Cell = str | int | float | Callable[[], object]


def table(label: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> ui.element:
    """Show rows of cells; a cell is a text, a number, or a function that shows something in its place."""
    with (
        ui.element("div").classes("lw-scroll lw-full").props('tabindex="0" role="region"') as whole,
        ui.element("table").classes("lw-table"),
    ):
        whole.props["aria-label"] = label  # it may hold a name that somebody gave
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                Text("th", head).props('scope="col"')
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for cell in row:
                        _cell(cell)
    return whole


def _cell(cell: Cell) -> None:
    if isinstance(cell, str):
        Text("td", cell)
    elif isinstance(cell, int | float):
        Text("td", f"{cell:,}", classes="lw-number")
    else:
        with ui.element("td"):
            cell()


@contextmanager
def row_actions() -> Iterator[None]:
    """Put the buttons of a row side by side."""
    with ui.element("div").classes("lw-row"):
        yield


def icon_button(icon: str, label: str, on_click: Callable[[], object] | None = None) -> ui.button:
    """Show a button that is a sign only, with its name for those who do not see it."""
    button = ui.button(icon=icon, on_click=on_click).props("flat round dense")
    button.props["aria-label"] = label  # it may hold a name that somebody gave
    with button:
        ui.tooltip(label)
    return button
