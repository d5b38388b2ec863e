"""What a term means, beside the term: the glossary's words, which the documentation shows too."""

import json
from functools import lru_cache
from pathlib import Path

from nicegui import ui

from lorewright.studio.i18n import t
from lorewright.studio.parts.text import Text

GLOSSARY = Path(__file__).parents[1] / "static" / "glossary.json"
"""Made of docs/glossary.md by `python -m docs.generate`."""


@lru_cache
def glossary() -> dict[str, str]:
    """Return the meaning of every term."""
    return dict(json.loads(GLOSSARY.read_text(encoding="utf-8")))


_OTHERWISE = {
    "advise": "recommendation", "cited right": "cited right", "compare": "comparison",
    "correct form": "form", "data": "dataset", "validation loss": "loss", "input tokens": "token",
    "latency": "p95", "output tokens": "token", "split and findings": "split", "training loss": "loss",
}  # fmt: skip
"""Terms that are called otherwise where they stand above a column or a screen."""


def term_of(title: str) -> str:
    """Return the term of the glossary that a title or the head of a column is about, '' for none."""
    said = title.casefold()
    candidates = (_OTHERWISE.get(said, said), said.removesuffix("s"))
    return next((term for term in candidates if term in glossary()), "")


def term_help(term: str) -> None:
    """Show a sign that tells what a term means: to a pointer at once, to the keyboard when it is pressed."""
    meaning = t(glossary()[term])
    button = ui.button(icon="help_outline").props("flat round dense size=xs").classes("lw-help")
    button.props["aria-label"] = t("What is “{term}”?", term=term)
    with button:
        ui.tooltip(meaning).props('aria-hidden="true"')
        with ui.menu().classes("lw-help-menu").props('role="note"'):
            Text("p", meaning, classes="lw-help-text")
