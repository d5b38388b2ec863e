"""How the examples are divided: what is learned, what is held out, what is left out, and why."""

from nicegui import ui

from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.text import Text, muted
from lorewright.workspace.dataset.material import VALIDATION_SHARE
from lorewright.workspace.dataset.table import DataTable, Side


def show_split(table: DataTable, side: Side) -> None:
    """Show how the rows of a side are used, as a bar and in words."""
    with card():
        if side == "questions":
            _questions(table)
        else:
            _examples(table)


def _examples(table: DataTable) -> None:
    material = table.material
    n_broken = sum(row.is_broken for row in table.of("examples"))
    n_held_out = sum(row.part == "held out" for row in table.of("examples"))
    parts = [
        ("train", t("learned"), len(material.train)),
        ("validation", t("validation, to watch the tuning"), len(material.validation)),
        ("held", t("held out, to measure on"), n_held_out),
        ("out", t("left out: said twice, held out too, or broken"),
         material.n_duplicates + len(material.leaked) + n_broken),
    ]  # fmt: skip
    with ui.element("div").classes("dat-bar").props('aria-hidden="true"'):
        for name, _, n in parts:
            if n:
                ui.element("span").classes(f"dat-{name}").style(f"flex:{n}")
    with ui.element("ul").classes("dat-legend"):
        for name, says, n in parts:
            if n or name == "train":
                with ui.element("li"):
                    ui.element("span").classes(f"dat-key dat-{name}").props('aria-hidden="true"')
                    Text("span", f"{n:,} {says}")
    if table.has_questions_folder:
        why = t("What is held out comes from the questions folder; examples that ask the same are left out.")
    else:
        why = t("There are no held-out questions, so a fifth of the examples is held out.")
    share = f"{VALIDATION_SHARE:.0%}"
    muted(
        why + " " + t("A hash of each question decides, so an example keeps its part when others come or go; "
                      "{share} are for validation.", share=share)
    ).classes("lw-small")  # fmt: skip
    if n_broken:
        text = tn(
            "{n} row cannot be used: tuning waits until it is mended or deleted.",
            "{n} rows cannot be used: tuning waits until they are mended or deleted.",
            n_broken,
        )
        Text("p", text, classes="lw-note lw-bad dat-note").props('role="note"')
    if table.refusing.warning:
        Text("p", table.refusing.warning, classes="lw-note lw-warn dat-note").props('role="note"')


def _questions(table: DataTable) -> None:
    n = len(table.of("questions"))
    leaked = len(table.material.leaked)
    Text("p", tn("{n} held-out question", "{n} held-out questions", n), classes="lw-strong")
    says = t("Nothing is learned from them. Examples that ask nearly the same are left out: {n}.",
             n=leaked)  # fmt: skip
    muted(says)
