"""Check examples and held-out questions before a run; mask personal data in them.

Found are broken rows, near-duplicates, contradictions, answers whose numbers, dates or names the documents
give otherwise, examples that are held out, rows that are too long, unknown documents, secrets and personal
data, and labels out of balance. Names of people are not looked for.

Example:
  lorewright data check
  lorewright data mask
"""

import argparse
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json

if TYPE_CHECKING:
    from lorewright.workspace.dataset.checks import CheckedData

N_SHOWN = 5
"""How many rows with one finding are named; --json names all of them."""
_NAMES = {
    "unreadable": "unreadable or empty", "conflict": "conflicting answers",
    "contradicted": "contradicted by the documents", "leak": "also held out",
    "duplicate": "near-duplicates", "document": "unknown documents", "long": "too long",
    "secret": "looks like a secret", "email": "e-mail address", "personal": "personal data",
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `data` takes."""
    add_domain_option(parser)
    parser.add_argument("action", nargs="?", choices=("check", "mask"), default="check")


def run(arguments: argparse.Namespace) -> int:
    """Check, or mask and say what was masked."""
    from lorewright.workspace.dataset.checks import check_data, mask_private
    from lorewright.workspace.server.server import Server

    with open_workspace(arguments) as workspace:
        server = Server(workspace.folder, workspace=workspace)
        try:
            if arguments.action == "mask":
                keys = mask_private(server, local_caller())
                if arguments.json:
                    show_json({"masked": keys})
                else:
                    show(f"{len(keys)} rows masked. The version before is kept.")
                return 0
            checked = check_data(server, local_caller())
        finally:
            server.close()
    if arguments.json:
        show_json(_as_json(checked))
    else:
        _show(checked)
    return 0


def _show(checked: "CheckedData") -> None:
    show(f"{checked.n_examples} examples, {checked.n_questions} held-out questions.")
    for note in checked.notes:
        show(note)
    if checked.n_compared:
        show(f"{checked.n_compared} answers with numbers, dates or names were compared with the documents.")
    for kind, rows in checked.findings.items():
        show(f"{_NAMES.get(kind, kind)}: {len(rows)}")
        for row, finding in rows[:N_SHOWN]:
            show(f"  {row.key}  {finding.message}")
        if len(rows) > N_SHOWN:
            show(f"  and {len(rows) - N_SHOWN} more")
    if not checked.findings:
        show("Nothing was found.")
    elif {"secret", "email", "personal"} & set(checked.findings):
        show("Mask secrets and personal data with: lorewright data mask")


def _as_json(checked: "CheckedData") -> dict[str, object]:
    found = {
        kind: [
            {"row": row.key, "message": one.message, "other_id": one.other_id or None} for row, one in rows
        ]
        for kind, rows in checked.findings.items()
    }
    return {
        "n_examples": checked.n_examples, "n_questions": checked.n_questions,
        "n_compared": checked.n_compared, "findings": found,
        "notes": list(checked.notes),
    }  # fmt: skip
