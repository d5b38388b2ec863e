"""Train adapters on your examples: one on the examples alone, one with retrieved chunks.

Where the answers of the examples are labels, the first one is a classifier, trained in seconds.
With tuning.base = "openai:name@url" the server at that address tunes; Ctrl-C stops its job, too.

Example:
  lorewright tune
  lorewright tune --only context
  lorewright tune --probe
  lorewright tune --from-traces
  lorewright tune --preferences pairs.jsonl
  lorewright tune --preferences --method kto
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lorewright.amounts import seconds_text, usd_text
from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import show, show_json
from lorewright.errors import InvalidSetting

if TYPE_CHECKING:
    from lorewright.workspace import Workspace

ADAPTERS = ("bare", "classifier", "context")

USES = {
    "tune": ("only",),
    "tune --probe": ("probe",),
    "tune --from-traces": ("from_traces", "base"),
    "tune --preferences": ("preferences", "base", "method"),
}
INSTEAD = {"base": ("Adapters are tuned on the model that answers with them: set tuning.base.",)}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    modes = ("from_traces", "preferences", "probe")
    named = next((mode for mode in modes if getattr(arguments, mode) is not None), "")
    return f"tune --{named.replace('_', '-')}" if named else "tune"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `tune` takes."""
    add_domain_option(parser)
    parser.add_argument(
        "--probe",
        nargs="?",
        type=int,
        const=20,
        metavar="N",
        help="train nothing: ask the model N examples (default: 20) to see which facts it knows",
    )
    parser.add_argument(
        "--from-traces",
        nargs="*",
        metavar="RUN",
        help="tune the driver of agents on these runs (default: on those rated good), and measure it",
    )
    parser.add_argument(
        "--preferences",
        nargs="?",
        const="",
        metavar="FILE",
        help="tune on pairs of a preferred and a rejected answer, or on rated answers with --method kto "
        "(default: those of the chats)",
    )
    parser.add_argument(
        "--method",
        choices=("dpo", "kto", "orpo"),
        help="with --preferences: how to learn them (default: tuning.preference_method, dpo)",
    )
    parser.add_argument(
        "--base", default="", metavar="MODEL", help="with --from-traces or --preferences: the model to tune"
    )
    parser.add_argument("--only", choices=ADAPTERS, help="train only one of the adapters")


def run(arguments: argparse.Namespace) -> int:
    """Run the job and show what each adapter learned."""
    from lorewright.cli.watch import watch
    from lorewright.tuning.classifier.told import told
    from lorewright.tuning.remote.files import tuned_uri

    if arguments.from_traces is not None:
        from lorewright.cli.tune_traces import tune_from_traces

        return tune_from_traces(arguments)
    if arguments.preferences is not None:
        from lorewright.cli.tune_preferences import tune_on_preferences

        return tune_on_preferences(arguments)
    with open_workspace(arguments) as workspace:
        if arguments.probe is not None:
            return _probe(arguments, workspace)
        tuned = watch(workspace, "tune", {"only": arguments.only})
    if arguments.json:
        show_json(tuned)
        return 0
    show(
        f"{tuned['n_examples_read']} examples read, {tuned['n_duplicates']} duplicates dropped, "
        f"{tuned['n_leaked']} excluded as near-duplicates of held-out questions."
    )
    for kind, run_ in tuned["runs"].items():
        metrics = run_["metrics"]
        if metrics["heads"]:
            lines = " ".join(told(metrics["heads"]))
            show(f"{kind}: {lines} Trained in {seconds_text(metrics['seconds'])}; {run_['path']}")
            continue
        made = tuned_uri(Path(run_["path"])) if run_["kind"] == "remote" else run_["path"]
        cost = f" ({usd_text(metrics['usd'])})" if metrics["usd"] is not None else ""
        show(
            f"{kind}: {_loss(metrics)}; {metrics['n_rows']} rows, {metrics['n_tokens']} tokens{cost} in "
            f"{seconds_text(metrics['seconds'])}; {made}"
        )
    return 0


def _probe(arguments: argparse.Namespace, workspace: "Workspace") -> int:
    """Ask the model what it knows, and print what follows."""
    from lorewright.cli.watch import progress_bar
    from lorewright.evaluation import to_json
    from lorewright.workspace.comparisons.knowledge import probe_knowledge

    if arguments.probe < 1:
        raise InvalidSetting(f"--probe is {arguments.probe}.", hint="It must be at least 1.")
    with progress_bar("asking the model") as progress:
        probed = probe_knowledge(workspace, local_caller(), n=arguments.probe, progress=progress)
    if arguments.json:
        show_json({**to_json(probed), "advice": list(probed.advice)})
        return 0
    show("\n".join(probed.advice))
    for example in probed.examples:
        show(f"  {example.state:9}  {example.question}  → {example.target.splitlines()[0]}")
    return 0


def _loss(metrics: Mapping[str, Any]) -> str:
    before, after = metrics["validation_loss_before"], metrics["validation_loss"]
    if after is None:
        return "no validation loss"
    if before is None:
        return f"loss {after:.2f} on {metrics['n_validation_rows']} validation rows"
    return f"loss {before:.2f} -> {after:.2f} on {metrics['n_validation_rows']} validation rows"
