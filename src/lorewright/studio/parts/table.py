"""A small table: real rows and headings, so that it can be read aloud; long lists have pages elsewhere."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from nicegui import ui

from lorewright.studio.parts.export import csv_button, file_name, shown_text
from lorewright.studio.parts.help import term_help, term_of
from lorewright.studio.parts.text import Text

Cell = str | int | float | Callable[[], object]

N_SHORT = 20
"""A text of so many characters stays in one line: a moment, a figure with its interval."""
N_LONG = 60
"""A text of so many characters keeps some width where the table is wider than the page."""
N_WITH_BUTTON = 2
"""A table of fewer rows is read, not taken along."""


def table(label: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> ui.element:
    """Show rows of cells, and a button that downloads them as CSV.

    A cell is a text, a number, or a function that shows something in its place.
    """
    taken: list[list[_Taken]] = []
    with (
        ui.element("div").classes("lw-scroll lw-full").props('tabindex="0" role="region"') as whole,
        ui.element("table").classes("lw-table"),
    ):
        whole.props["aria-label"] = label  # it may hold a name that somebody gave
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                with Text("th", head).props('scope="col"'):
                    if term := term_of(head):
                        term_help(term)
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    taken.append([_cell(cell) for cell in row])
    if len(taken) >= N_WITH_BUTTON:
        csv_button(file_name(label), lambda: (heads, [[_value(cell) for cell in row] for row in taken]))
    return whole


_Taken = str | int | float | ui.element


def _cell(cell: Cell) -> _Taken:
    """Show a cell; return what a file gets of it."""
    if isinstance(cell, str):
        Text(
            "td",
            cell,
            classes="lw-short" if len(cell) <= N_SHORT else "lw-long" if len(cell) >= N_LONG else "",
        )
        return cell
    if isinstance(cell, int | float):
        Text("td", f"{cell:,}", classes="lw-number")
        return cell
    with ui.element("td") as place:
        cell()
    return place


def _value(cell: _Taken) -> str | int | float:
    return shown_text(cell) if isinstance(cell, ui.element) else cell


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
