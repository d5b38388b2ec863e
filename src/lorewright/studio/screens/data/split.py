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
        ("train", t("training"), len(material.train)),
        ("validation", t("validation (to monitor tuning)"), len(material.validation)),
        ("held", t("held out (for measuring)"), n_held_out),
        ("out", t("excluded: duplicate, also held out, or invalid"),
         material.n_duplicates + len(material.leaked) + n_broken),
    ]  # fmt: skip
    with ui.element("div").classes("dat-bar").props('aria-hidden="true"'):
        for name, _, n in parts:
            if n:
                ui.element("span").classes(f"dat-{name}").style(f"flex:{n}")
    with ui.element("ul").classes("dat-legend"):
        for name, label, n in parts:
            if n or name == "train":
                with ui.element("li"):
                    ui.element("span").classes(f"dat-key dat-{name}").props('aria-hidden="true"')
                    Text("span", f"{n:,} {label}")
    if table.has_questions_folder:
        why = t(
            "Held-out questions come from the questions folder. Examples with the same question are excluded."
        )
    else:
        why = t("There are no held-out questions, so 20% of the examples are held out.")
    share = f"{VALIDATION_SHARE:.0%}"
    muted(
        why + " " + t("The split is decided by a hash of each question, so it does not change when other "
"examples are added or removed. {share} are used for validation.", share=share)
    ).classes("lw-small")  # fmt: skip
    if n_broken:
        text = tn(
            "{n} invalid row. Fix or delete it before tuning.",
            "{n} invalid rows. Fix or delete them before tuning.",
            n_broken,
        )
        Text("p", text, classes="lw-note lw-bad dat-note").props('role="note"')
    if table.refusing.warning:
        Text("p", table.refusing.warning, classes="lw-note lw-warn dat-note").props('role="note"')


def _questions(table: DataTable) -> None:
    n = len(table.of("questions"))
    leaked = len(table.material.leaked)
    Text("p", tn("{n} held-out question", "{n} held-out questions", n), classes="lw-strong")
    description = t("Never used for training. Examples with nearly the same question are excluded: {n}.",
             n=leaked)  # fmt: skip
    muted(description)
