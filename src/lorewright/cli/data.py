"""Check examples and held-out questions before a run; mask personal data; export preference pairs.

Found are broken rows, near-duplicates, contradictions, answers whose numbers, dates or names the documents
give otherwise, examples that are held out, rows that are too long, unknown documents, secrets and personal
data, and labels out of balance. Names of people are not looked for.

pairs writes thumbs, votes and accepted corrections from chats as OpenAI's preference format, for
lorewright tune --preferences, or with --labels as rated answers for its method kto: never held-out questions.

Example:
  lorewright data check
  lorewright data mask
  lorewright data pairs --output pairs.jsonl
  lorewright data pairs --labels --output rated.jsonl
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import UserError
from lorewright.whole_files import write_whole

if TYPE_CHECKING:
    from lorewright.workspace.answering.preference_pairs import Exported
    from lorewright.workspace.dataset.checks import CheckedData
    from lorewright.workspace.server.server import Server

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
    parser.add_argument("action", nargs="?", choices=("check", "mask", "pairs"), default="check")
    parser.add_argument(
        "--output", type=Path, metavar="FILE", help="with pairs: write them there (default: print them)"
    )
    parser.add_argument(
        "--labels", action="store_true", help="with pairs: write rated answers with a label instead, for kto"
    )


def run(arguments: argparse.Namespace) -> int:
    """Check, or mask and say what was masked, or write the pairs."""
    from lorewright.workspace.dataset.checks import check_data, mask_private
    from lorewright.workspace.server.server import Server

    for name in ("output", "labels"):
        if getattr(arguments, name) and arguments.action != "pairs":
            raise UserError(f"--{name} belongs to: lorewright data pairs")
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
            if arguments.action == "pairs":
                return _write(*_exported(server, is_rated=arguments.labels), arguments)
            checked = check_data(server, local_caller())
        finally:
            server.close()
    if arguments.json:
        show_json(_as_json(checked))
    else:
        _show(checked)
    return 0


def _exported(server: "Server", *, is_rated: bool) -> "tuple[str, Sequence[Mapping[str, Any]], Exported]":
    """Return what the lines are called, each as JSON, and what was left out."""
    from lorewright.tuning.preference_rows import preference_to_json
    from lorewright.tuning.rated_rows import rated_to_json
    from lorewright.workspace.answering.preference_pairs import export_pairs, export_rated

    if is_rated:
        rated = export_rated(server, local_caller())
        return "rated answers", [rated_to_json(row) for row in rated.rows], rated
    found = export_pairs(server, local_caller())
    return "preference pairs", [preference_to_json(pair) for pair in found.pairs], found


def _write(
    what: str, rows: "Sequence[Mapping[str, Any]]", found: "Exported", arguments: argparse.Namespace
) -> int:
    """Write the lines, and say how many there are and what was left out."""
    n, text = len(rows), "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    if arguments.output:
        write_whole(arguments.output, text)
    if arguments.json:
        file = str(arguments.output) if arguments.output else None
        pairs = {} if file else {"pairs": rows}
        show_json({"n_pairs": n, "file": file, "left_out": dict(found.left_out), **pairs})
        return 0
    if n and not arguments.output:
        show(text.removesuffix("\n"))
    place = f", written to {arguments.output}" if arguments.output else ""
    note(f"{n:,} {what}{place}.")
    for line in found.lines:
        note(line)
    if not n:
        note("Rate answers with thumbs or correct them in a chat, and accept corrections under Data.")
    return 0


def _show(checked: "CheckedData") -> None:
    show(f"{checked.n_examples} examples, {checked.n_questions} held-out questions.")
    for line in checked.notes:
        show(line)
    if checked.n_compared:
        show(f"{checked.n_compared} answers with numbers, dates or names were compared with the documents.")
    for kind, rows in checked.findings.items():
        show(f"{_NAMES.get(kind, kind)}: {len(rows)}")
        alike: dict[tuple[str, str], list[str]] = {}
        for row, finding in rows:
            same = (row.placed.file, finding.message) if kind == "unreadable" else (row.key, finding.message)
            alike.setdefault(same, []).append(row.key)
        for (_, message), (first, *others) in list(alike.items())[:N_SHOWN]:
            more = f" and {len(others):,} more of the file" if others else ""
            show(f"  {first}{more}  {message}")
        if n_left := sum(map(len, list(alike.values())[N_SHOWN:])):
            show(f"  and {n_left:,} more")
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
