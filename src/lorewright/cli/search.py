"""Find chunks: score, document, page, heading path.

Example:
  lorewright search "notice period" -n 5
  lorewright search "notice period" --rerank words
  lorewright search "notice period" --as-of 2026-03-01     the documents as they were at the end of that day
"""

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json

if TYPE_CHECKING:
    from lorewright.knowledge import Hit
    from lorewright.workspace import Workspace

MODES = ("fused", "text", "dense")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `search` takes."""
    add_domain_option(parser)
    parser.add_argument("query", help="the query")
    parser.add_argument("-n", type=int, default=5, metavar="N", help="number of hits (default: 5)")
    parser.add_argument("--mode", choices=MODES, default="fused", help="scores to rank by (default: fused)")
    parser.add_argument("--rerank", default="", metavar="NAME", help="the reranker that orders the hits")
    parser.add_argument(
        "--as-of", default="", metavar="DATE", help="search the documents as they were then (2026-03-01)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the hits, best first."""
    from lorewright.workspace.retrieval.search import search

    with open_workspace(arguments) as workspace:
        if arguments.as_of:
            return _show_as_of(workspace, arguments)
        hits = search(
            workspace,
            local_caller(),
            arguments.query,
            n=arguments.n,
            mode=arguments.mode,
            reranker=arguments.rerank,
        )
    if arguments.json:
        show_json([asdict(hit) for hit in hits])
        return 0
    for hit in hits:
        _show_hit(hit)
    if not hits:
        show("No hits.")
    return 0


def _show_as_of(workspace: "Workspace", arguments: argparse.Namespace) -> int:
    """Print the hits of an earlier time, since when each holds, and what cannot be searched any more."""
    from lorewright.workspace.retrieval.former import search_then

    found = search_then(
        workspace,
        local_caller(),
        arguments.query,
        as_of=arguments.as_of,
        n=arguments.n,
        mode=arguments.mode,
        reranker=arguments.rerank,
    )
    if arguments.json:
        show_json([asdict(hit) | {"since": found.since.get(hit.chunk.document_id)} for hit in found.hits])
    else:
        for hit in found.hits:
            since = found.since.get(hit.chunk.document_id)
            _show_hit(hit, f"   a former version, in force since {_day(since)}" if since else "")
        if not found.hits:
            show("No hits.")
    if found.lost:
        note(f"Not searched, as their texts of then are not stored any more: {', '.join(found.lost)}")
    return 0


def _show_hit(hit: "Hit", line: str = "") -> None:
    chunk = hit.chunk
    page = f", page {chunk.page}" if chunk.page is not None else ""
    path = " > ".join(chunk.heading_path)
    show(f"{hit.rank}. {hit.score:.3f}  {chunk.document_id}{page}  [{chunk.start}:{chunk.end}]  {path}")
    show("   " + " ".join(chunk.text.split())[:240])
    if line:
        show(line)
    if hit.also:
        show("   also in: " + ", ".join(dict.fromkeys(place.document_id for place in hit.also)))


def _day(seconds: float) -> str:
    from datetime import UTC, datetime

    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
