"""Add documents to the index. Unchanged files are skipped, changed files re-indexed.

Example:
  lorewright add handbook/ policy.pdf     copy into documents/ and index
  lorewright add https://example.org/sitemap.xml git+https://example.org/wiki.git s3://bucket/manuals
  lorewright add --watch handbook/        and again whenever a file changes, until Ctrl-C
  lorewright add --sync                   index documents/; remove documents whose files were deleted
  lorewright add --rebuild                also read all files and build the index again
  lorewright add --sync --on ray://head:10001    read and embed on the nodes of a Ray cluster
"""

import argparse
import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorewright.amounts import seconds_text
from lorewright.cli.cluster import add_cluster_option, cluster_order
from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import UserError

if TYPE_CHECKING:
    from lorewright.workspace import Workspace


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `add` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files, folders, or addresses of web pages, sitemaps, git repositories and object stores",
    )
    parser.add_argument(
        "--watch",
        action="store_true",
        help="stay, and sync again whenever a file of the folders changes (default: documents/)",
    )
    parser.add_argument(
        "--sync",
        action="store_true",
        help="index all of documents/; remove documents whose files were deleted",
    )
    parser.add_argument(
        "--rebuild",
        action="store_true",
        help="read all files and build the index again (required after changing chunk_tokens)",
    )
    add_cluster_option(parser, "read and embed")


def run(arguments: argparse.Namespace) -> int:
    """Run the job and say what changed; exit code 2 when nothing could be read."""
    from lorewright.cli.watch import watch
    from lorewright.workspace.documents.fetching import is_address
    from lorewright.workspace.documents.unchanged import unchanged

    is_sync = arguments.sync or arguments.rebuild or arguments.watch
    if not arguments.paths and not is_sync:
        raise UserError(
            "Nothing to add.", hint="Specify files or folders, or use --sync for all of documents/."
        )
    if not all(arguments.paths):
        raise UserError("A path is empty.", hint="Check the path; '.' is the folder you are in.")
    with open_workspace(arguments) as workspace:
        paths = [path if is_address(path) else str(Path(path).absolute()) for path in arguments.paths]
        order = {"paths": paths, "is_sync": is_sync} | cluster_order(arguments)
        if arguments.rebuild:
            order["is_rebuild"] = True
        is_plain = arguments.sync and not (paths or arguments.rebuild or arguments.watch)
        nothing_to_do = unchanged(workspace, local_caller()) if is_plain else None
        added = nothing_to_do or watch(workspace, "add", order)
        code = _shown(added, as_json=arguments.json)
        if arguments.watch:
            _stay(workspace, paths, cluster_order(arguments), as_json=arguments.json)
    return code


def _stay(workspace: "Workspace", paths: Sequence[str], cluster: Mapping[str, str], *, as_json: bool) -> None:
    """Add again whenever a file below the folders changes, until somebody stops it."""
    from watchfiles import watch as changes

    from lorewright.cli.watch import watch
    from lorewright.workspace.documents.fetching import is_address

    folders = [path for path in paths if not is_address(path)] or [str(workspace.documents_folder)]
    note(f"Watching {', '.join(folders)}. Ctrl-C stops.")
    with contextlib.suppress(KeyboardInterrupt):  # wherever it comes: what is finished stays finished
        for _ in changes(*folders, debounce=2_000):
            order = {"paths": list(paths), "is_sync": True, **cluster}
            _shown(watch(workspace, "add", order), as_json=as_json)


def _shown(added: Mapping[str, Any], *, as_json: bool) -> int:
    """Say what changed; return the exit code, 2 where nothing could be read."""
    if as_json:
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
    if added["advice"]:
        note(added["advice"])
    n_read = added["n_new"] + added["n_changed"] + added["n_unchanged"]
    return 2 if added["unreadable"] and not n_read else 0
