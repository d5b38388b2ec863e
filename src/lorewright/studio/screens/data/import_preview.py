"""What a mapping makes of a file: rows before and after, what is broken, and what will be kept."""

import json

from nicegui import ui

from lorewright.datasets import Example, spoken
from lorewright.studio.i18n import t, tn
from lorewright.studio.parts.badge import badge
from lorewright.studio.parts.heading import card
from lorewright.studio.parts.table import table
from lorewright.studio.parts.text import Text, muted
from lorewright.workspace.dataset.importing import Trial
from lorewright.workspace.dataset.table import Side

MOST_BROKEN = 50
LONGEST = 600


def show_trial(trial: Trial, side: Side) -> None:
    """Show a trial, the outcome first."""
    with card(t("What will be kept")):
        _outcome(trial, side)
    with card(t("The first rows, before and after")):
        heads = (t("As it stands in the file"), t("As it will be"))
        rows = [(lambda row=row: _before(row), lambda one=one: _after(one)) for row, one in trial.shown]
        table(t("Rows before and after"), heads, rows)
    if trial.broken:
        n = len(trial.broken)
        with card(tn("{n} row is left out", "{n} rows are left out", n)):
            rows_left_out = [(row.number, f"{row.error} {row.hint}".strip()) for row in trial.broken]
            table(t("Rows that are left out"), (t("Line"), t("Reason")), rows_left_out[:MOST_BROKEN])
            if n > MOST_BROKEN:
                muted(t("and {n} more", n=n - MOST_BROKEN))


def _outcome(trial: Trial, side: Side) -> None:
    n = len(trial.examples)
    with ui.element("div").classes("lw-row"):
        if n:
            badge(tn("{n} row is kept", "{n} rows are kept", n), "good")
        else:
            badge(t("Nothing can be used"), "bad")
        if trial.broken:
            badge(tn("{n} is broken", "{n} are broken", len(trial.broken)), "bad")
        if trial.n_duplicates:
            badge(tn("{n} says what is there already", "{n} say what is there already", trial.n_duplicates),
                  "warn")  # fmt: skip
        if trial.n_leaked:
            text = (
                tn("{n} asks what is held out", "{n} ask what is held out", trial.n_leaked)
                if side == "examples"
                else tn("{n} example asks the same", "{n} examples ask the same", trial.n_leaked)
            )
            badge(text, "warn")
        if trial.n_conflicts:
            badge(tn("{n} contradicts another", "{n} contradict each other", trial.n_conflicts), "warn")
        if trial.n_private:
            badge(tn("{n} looks private", "{n} look private", trial.n_private), "warn")
    muted(
        t("All kept rows are written into a file of their own, every other column as metadata. Those "
          "that are said twice or held out too stay in the file and are left out of the tuning.")
    )  # fmt: skip


def _before(row: dict[str, object]) -> None:
    Text("pre", json.dumps(row, ensure_ascii=False, indent=1)[:LONGEST], classes="dat-before")


def _after(example: Example | None) -> None:
    if example is None:
        badge(t("left out"), "bad")
        return
    Text("p", spoken(example.prompt)[:LONGEST], classes="dat-text")
    Text("p", example.completion[:LONGEST], classes="dat-text lw-strong")
    if example.document_ids:
        Text("p", ", ".join(example.document_ids), classes="lw-muted lw-small")
