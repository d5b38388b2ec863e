"""Add documents to the index. Unchanged files are skipped, changed files re-indexed.

Example:
  lorewright add handbook/ policy.pdf     copy into documents/ and index
  lorewright add --sync                   index documents/; remove documents whose files were deleted
  lorewright add --rebuild                also rebuild the index (required after changing chunk_tokens)
"""

import argparse
from pathlib import Path

from lorewright.amounts import seconds_text
from lorewright.cli.domain import add_domain_option, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `add` takes."""
    add_domain_option(parser)
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders to add")
    parser.add_argument(
        "--sync",
        action="store_true",
        help="index all of documents/; remove documents whose files were deleted",
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="rebuild the index from documents/ (required after changing chunk_tokens)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the job and say what changed; exit code 2 when nothing could be read."""
    from lorewright.cli.watch import watch

    is_sync = arguments.sync or arguments.rebuild
    if not arguments.paths and not is_sync:
        raise UserError(
            "Nothing to add.", hint="Specify files or folders, or use --sync for all of documents/."
        )
    with open_workspace(arguments) as workspace:
        order = {"paths": [str(path.absolute()) for path in arguments.paths], "is_sync": is_sync}
        if arguments.rebuild:
            order["is_rebuild"] = True
        added = watch(workspace, "add", order)
    if arguments.json:
        show_json(added)
    else:
        show(
            f"{added['n_new']} new, {added['n_changed']} changed, {added['n_removed']} removed, "
            f"{added['n_unchanged']} unchanged; {added['n_chunks']} chunks indexed "
            f"in {seconds_text(added['seconds'])}."
        )
    for name, reason in added["unreadable"].items():
        note(f"not read: {name}: {reason}")
    for name, notices in added["notices"].items():
        note(f"{name}: {'; '.join(notices)}")
    n_read = added["n_new"] + added["n_changed"] + added["n_unchanged"]
    return 2 if added["unreadable"] and not n_read else 0
