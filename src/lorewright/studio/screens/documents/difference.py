"""The lines that differ between two texts, each with a sign besides its colour."""

from collections.abc import Sequence

from nicegui import ui

from lorewright.documents import DiffLine
from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text, muted

_MAX_LINES = 1000
_SIGNS = {"same": " ", "old": "-", "new": "+", "gap": "…"}


def show_difference(lines: Sequence[DiffLine]) -> None:
    """Show what was taken out and put in; of very many lines the first."""
    with ui.element("div").classes("doc-diff").props('tabindex="0" role="region"') as whole:
        whole.props["aria-label"] = t("Difference")
        for line in lines[:_MAX_LINES]:
            with ui.element("div").classes(f"doc-line doc-{line.kind}"):
                Text("span", _SIGNS[line.kind])
                Text("span", line.text)
    if len(lines) > _MAX_LINES:
        muted(t("Only the first {n} lines are shown.", n=_MAX_LINES))
