"""The dataset looked through before anything is learned or measured: what was found, and masking it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lorewright.access import Caller
from lorewright.datasets.findings import Finding
from lorewright.datasets.notes import notes_on
from lorewright.datasets.private import masked
from lorewright.workspace.dataset.contradicted import contradicted_rows
from lorewright.workspace.dataset.editing import need_changeable, raw_text, rewrite_row
from lorewright.workspace.dataset.fitness import unread_lines
from lorewright.workspace.dataset.rows import data_table
from lorewright.workspace.dataset.table import DataRow
from lorewright.workspace.server.server import Server

PRIVATE = ("secret", "email", "personal")


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedData:
    """What was found: by kind the rows with it, in the order of the files, and notes on the whole.

    `n_examples` are those that can be read, `n_compared` is how many rows were compared with the documents.
    """

    n_examples: int
    n_questions: int
    n_compared: int
    findings: Mapping[str, Sequence[tuple[DataRow, Finding]]]
    notes: Sequence[str]


def check_data(server: Server, caller: Caller, *, is_quick: bool = False) -> CheckedData:
    """Return what is wrong, or looks wrong, with the rows that a caller may see.

    Near duplicates and leaks are looked for by meaning too, and answers are compared with the documents,
    unless it `is_quick`.
    """
    table = data_table(server, caller, is_quick=is_quick)
    rows, n_compared = table.rows, 0
    if not is_quick:
        contradicted, n_compared = contradicted_rows(server.workspace, caller, rows)
        by_key = {row.key: row for row in contradicted}
        rows = tuple(by_key.get(row.key, row) for row in rows)
    found: dict[str, list[tuple[DataRow, Finding]]] = {}
    for row in rows:
        for finding in row.findings:
            found.setdefault(finding.kind, []).append((row, finding))
    return CheckedData(
        n_examples=sum(not row.is_broken for row in table.of("examples")),
        n_questions=len(table.material.questions),
        n_compared=n_compared,
        findings=found,
        notes=(*notes_on(table.material.examples), *unread_lines(server.workspace)),
    )


def mask_private(server: Server, caller: Caller) -> list[str]:
    """Return the keys of the rows whose personal data and secrets are masked now, in their files.

    The version of the dataset before it can be restored. Raises `BadParameter`, and changes nothing, where
    one of them is in a file that is read, but not written.
    """
    caller.need("tune")
    keys = []
    found = [
        row
        for row in data_table(server, caller).rows
        if any(finding.kind in PRIVATE for finding in row.findings)
    ]
    for row in found:  # before any is changed
        need_changeable(row)
    for row in found:
        text = raw_text(server.workspace, caller, row)
        hidden = masked(text)
        if hidden != text:
            rewrite_row(server, caller, row, hidden)
            keys.append(row.key)
    return keys
