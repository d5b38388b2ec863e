"""Measure every arm on the held-out questions, build what is missing first, and write the report.

With --baseline, an earlier comparison is held against the new one: if an arm's correctness fell by more
than chance explains, the exit code is 3.

Example:
  lorewright compare
  lorewright compare --arms rag,hybrid --limit 50
  lorewright compare --baseline latest --junit regression.xml
  lorewright compare --on ray://head:10001    ask on the nodes of a Ray cluster
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from lorewright.cli.cluster import add_cluster_option, cluster_order
from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json
from lorewright.errors import InvalidSetting
from lorewright.whole_files import write_whole

if TYPE_CHECKING:  # `--help` must not wait for the evaluation
    from lorewright.evaluation import Comparison
    from lorewright.evaluation.regression import ArmChange
    from lorewright.workspace import Workspace

FELL = 3
"""The exit code where an arm fell."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `compare` takes."""
    add_domain_option(parser)
    parser.add_argument("--arms", help="arms, separated by commas (default: all that can be built)")
    parser.add_argument("--limit", type=int, metavar="N", help="ask at most N held-out questions")
    parser.add_argument("--tags", help="ask only questions with one of these tags, separated by commas")
    parser.add_argument("--file", metavar="NAME", help="ask only the questions in this file of questions/")
    parser.add_argument("--no-drill", action="store_true", help="skip the update drill")
    parser.add_argument(
        "--update",
        type=Path,
        metavar="FOLDER",
        help="derive the update drill from this folder with the documents as they will be",
    )
    parser.add_argument(
        "--baseline",
        metavar="ID",
        help="an earlier comparison, or 'latest': exit with 3 if an arm fell since",
    )
    add_cluster_option(parser, "embed and answer")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write the result for CI as JUnit XML")


def run(arguments: argparse.Namespace) -> int:
    """Run the job, then show arms, verdict, where the report lies, and what fell since the baseline."""
    from lorewright.cli.watch import watch
    from lorewright.workspace.comparisons.advice import write_report
    from lorewright.workspace.comparisons.baseline import find_baseline
    from lorewright.workspace.dataset.question_choice import comparison_order

    if arguments.limit is not None and arguments.limit < 1:
        raise InvalidSetting(f"--limit is {arguments.limit}.", hint="It must be at least 1.")
    if arguments.junit and not arguments.baseline:
        raise InvalidSetting("--junit needs --baseline.", hint="Add: --baseline latest")
    with open_workspace(arguments) as workspace:
        order = comparison_order(
            arguments.arms.split(",") if arguments.arms else None,
            limit=arguments.limit or workspace.settings.evaluation.limit,
            tags=arguments.tags.split(",") if arguments.tags else (),
            file=arguments.file or "",
            is_drilled=not arguments.no_drill,
        )
        baseline = (
            find_baseline(workspace, local_caller(), arguments.baseline) if arguments.baseline else None
        )
        order |= cluster_order(arguments)
        if arguments.update:
            _derive(workspace, arguments.update)
        done = watch(workspace, "compare", order)
        written = write_report(workspace, local_caller(), comparison_id=done["comparison"])
    changed = _since(baseline, written.comparison, arguments.junit) if baseline else ()
    if arguments.json:
        show_json(written.to_json() | ({"since_baseline": _as_json(changed)} if baseline else {}))
    else:
        show(f"{written.text}\n\nReport: {written.html_path}")
        if baseline:
            show(
                "\n".join([f"\nSince the baseline ({baseline.id}):", *(f"  - {one.text}" for one in changed)])
            )
    return FELL if any(change.outcome == "fell" for change in changed) else 0


def _derive(workspace: "Workspace", folder: Path) -> None:
    """Lay out the update drill, and say what changes."""
    from lorewright.workspace.comparisons.derive_update import derive_update

    update = derive_update(workspace, local_caller(), folder)
    note(
        f"Update drill: {len(update.changed)} documents changed, {len(update.removed)} removed, "
        f"{update.n_questions} questions with another answer."
    )


def _since(baseline: "Comparison", now: "Comparison", junit: Path | None) -> "tuple[ArmChange, ...]":
    """Return what became of every arm, written as JUnit XML where that is wanted."""
    from lorewright.evaluation.regression import changes_since, junit_of

    changed = changes_since(baseline, now)
    if junit:
        write_whole(junit, junit_of(changed, name="lorewright compare"))
    return changed


def _as_json(changed: "tuple[ArmChange, ...]") -> object:
    from lorewright.evaluation import to_json

    return to_json(changed)
