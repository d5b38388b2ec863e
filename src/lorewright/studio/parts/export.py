"""Tables and charts to take along: as CSV, as SVG and as PNG."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from lorewright.studio.i18n import t

_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
"""How a cell begins that a spreadsheet would run, in wide letters too."""

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as CSV; a text that a spreadsheet would run as a formula stays a text."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([_harmless(head) for head in heads])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def _harmless(cell: Any) -> Any:
    """Return a cell with an apostrophe before what a spreadsheet would run; numbers are numbers."""
    if cell is None or isinstance(cell, int | float):
        return cell
    text = str(cell)
    is_run = text[:1] in ("\t", "\r", "\n") or text.lstrip()[:1] in _FORMULA
    return f"'{text}" if text.strip() and is_run else text


def file_name(label: str) -> str:
    """Return the name of the file that a table with this label is saved as, without its ending."""
    return re.sub(r"[^\w]+", "-", label.casefold()).strip("-")[:60] or "table"


def shown_text(place: ui.element) -> str:
    """Return the words that an element shows, without those on its buttons."""
    texts = [
        one.text
        for one in (place, *place.descendants())
        if isinstance(one, TextElement) and not isinstance(one, ui.tooltip | ui.button)
    ]
    return " ".join(text.strip() for text in texts if text.strip())


def csv_button(name: str, make: Callable[[], Table]) -> ui.button:
    """Show a button that downloads a table, made when it is pressed, as `name`.csv."""

    def save() -> None:
        arguments = (f"{name}.csv", csv_text(*make()), "text/csv;charset=utf-8")
        ui.run_javascript(f"lorewright.download({', '.join(json.dumps(one) for one in arguments)})")

    button = ui.button(t("Download as CSV"), icon="download", on_click=save)
    button.props["aria-label"] = t("Download as CSV: {name}", name=name)
    return button.props("flat dense no-caps").classes("lw-start")


def chart_buttons(name: str, place: ui.element, *, kinds: Sequence[str] = ("svg", "png")) -> None:
    """Show buttons that download the drawing inside `place` as it looks now; a painted one only as PNG."""
    with ui.element("div").classes("lw-row"):
        for kind in kinds:
            button = ui.button(kind.upper(), icon="download").props("flat dense no-caps")
            button.props["aria-label"] = t("Download {name} as {kind}", name=name, kind=kind.upper())
            arguments = f"{json.dumps(place.html_id)}, {json.dumps(name)}, {json.dumps(kind)}"
            button.on("click", js_handler=f"() => lorewright.saveChart({arguments})")
