"""The head-to-head table: eight aspects of every arm, measured cells told from assumptions."""

from nicegui import ui

from lorewright.advisor import Cell, Recommendation
from lorewright.studio.i18n import t
from lorewright.studio.parts.figures import figures, section
from lorewright.studio.parts.text import Text
from lorewright.studio.studio_words import studio_words


def show_head_to_head(advice: Recommendation) -> None:
    """Show set-up time, data, cost, update speed, knowledge, hallucination, customisation and latency."""
    description = t("Measured values have intervals. Values in italics are assumptions with their source.")
    names = sorted(advice.table[0].cells, key=lambda name: name != advice.arm) if advice.table else []
    heads = (t("Aspect"), *names)
    with (
        section("head", t("Head to head"), description),
        figures(t("Eight aspects of each arm"), heads, classes="cmp-heads", chosen=advice.arm),
    ):
        for aspect in advice.table:
            with ui.element("tr"):
                with ui.element("th").props("scope=row"):
                    Text("span", aspect.name)
                    Text("span", aspect.explanation, classes="cmp-sub")
                for name in names:
                    _cell(aspect.cells[name], is_chosen=name == advice.arm)


def _cell(cell: Cell, *, is_chosen: bool) -> None:
    classes = ("" if cell.is_measured else "cmp-assumed ") + ("cmp-chosen-cell" if is_chosen else "")
    with ui.element("td").classes(classes):
        Text("span", cell.text)
        source = studio_words(cell.source)
        Text("span", source if cell.is_measured else t("assumed: {source}", source=source), classes="cmp-sub")
