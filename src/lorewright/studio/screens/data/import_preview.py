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
    with card(t("Import preview")):
        _outcome(trial, side)
    with card(t("First rows, before and after")):
        heads = (t("In the file"), t("After import"))
        rows = [(lambda row=row: _before(row), lambda one=one: _after(one)) for row, one in trial.shown]
        table(t("Rows before and after"), heads, rows)
    if trial.broken:
        n = len(trial.broken)
        with card(tn("{n} row will be skipped", "{n} rows will be skipped", n)):
            rows_left_out = [(row.number, f"{row.error} {row.hint}".strip()) for row in trial.broken]
            table(t("Skipped rows"), (t("Line"), t("Reason")), rows_left_out[:MOST_BROKEN])
            if n > MOST_BROKEN:
                muted(t("and {n} more", n=n - MOST_BROKEN))


def _outcome(trial: Trial, side: Side) -> None:
    n = len(trial.examples)
    with ui.element("div").classes("lw-row"):
        if n:
            badge(tn("{n} row will be imported", "{n} rows will be imported", n), "good")
        else:
            badge(t("No usable rows"), "bad")
        if trial.broken:
            badge(tn("{n} invalid", "{n} invalid", len(trial.broken)), "bad")
        if trial.n_duplicates:
            badge(tn("{n} duplicate", "{n} duplicates", trial.n_duplicates),
                  "warn")  # fmt: skip
        if trial.n_leaked:
            text = (
                tn("{n} matches a held-out question", "{n} match held-out questions", trial.n_leaked)
                if side == "examples"
                else tn(
                    "{n} example has the same question", "{n} examples have the same question", trial.n_leaked
                )
            )
            badge(text, "warn")
        if trial.n_conflicts:
            badge(
                tn("{n} with a conflicting answer", "{n} with conflicting answers", trial.n_conflicts), "warn"
            )
        if trial.n_private:
            badge(
                tn("{n} may contain personal data", "{n} may contain personal data", trial.n_private), "warn"
            )
    muted(
        t("All imported rows are written to one new file, with the remaining columns as metadata. "
"Duplicates and rows that match held-out questions stay in the file but are excluded "
"from tuning.")
    )  # fmt: skip


def _before(row: dict[str, object]) -> None:
    Text("pre", json.dumps(row, ensure_ascii=False, indent=1)[:LONGEST], classes="dat-before")


def _after(example: Example | None) -> None:
    if example is None:
        badge(t("excluded"), "bad")
        return
    Text("p", spoken(example.prompt)[:LONGEST], classes="dat-text")
    Text("p", example.completion[:LONGEST], classes="dat-text lw-strong")
    if example.document_ids:
        Text("p", ", ".join(example.document_ids), classes="lw-muted lw-small")
