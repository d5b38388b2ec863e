"""Find chunks: score, document, page, heading path.

Example:
  lorewright search "notice period" -n 5
  lorewright search "notice period" --rerank words
"""

import argparse
from dataclasses import asdict

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json

MODES = ("fused", "text", "dense")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `search` takes."""
    add_domain_option(parser)
    parser.add_argument("query", help="the query")
    parser.add_argument("-n", type=int, default=5, metavar="N", help="number of hits (default: 5)")
    parser.add_argument("--mode", choices=MODES, default="fused", help="scores to rank by (default: fused)")
    parser.add_argument("--rerank", default="", metavar="NAME", help="the reranker that orders the hits")


def run(arguments: argparse.Namespace) -> int:
    """Print the hits, best first."""
    from lorewright.workspace.retrieval.search import search

    with open_workspace(arguments) as workspace:
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
        chunk = hit.chunk
        page = f", page {chunk.page}" if chunk.page is not None else ""
        path = " > ".join(chunk.heading_path)
        show(f"{hit.rank}. {hit.score:.3f}  {chunk.document_id}{page}  [{chunk.start}:{chunk.end}]  {path}")
        show("   " + " ".join(chunk.text.split())[:240])
        if hit.also:
            show("   also in: " + ", ".join(dict.fromkeys(place.document_id for place in hit.also)))
    if not hits:
        show("No hits.")
    return 0
