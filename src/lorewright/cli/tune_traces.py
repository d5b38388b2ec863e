"""`lorewright tune --from-traces`: a driver tuned on runs of agents, measured before and after."""

import argparse
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from lorewright.cli.domain import local_caller, open_workspace
from lorewright.cli.output import note, show, show_json

if TYPE_CHECKING:
    from lorewright.workspace.agents.learning import Lessons, StepsRight


def tune_from_traces(arguments: argparse.Namespace) -> int:
    """Measure the model on the runs held out, tune it on the others, and measure it again."""
    from lorewright.cli.follow_tuning import follow_tuning
    from lorewright.workspace.agents.learning import learn_from_runs, lessons_from, measure_steps
    from lorewright.workspace.server.server import Server

    with (
        open_workspace(arguments) as workspace,
        closing(Server(workspace.folder, workspace=workspace)) as server,
    ):
        caller = local_caller()
        lessons = lessons_from(server, caller, arguments.from_traces)
        base = arguments.base or workspace.settings.models.chat
        _tell(lessons)
        before = measure_steps(server, caller, base, lessons.to_measure)
        workspace.close_engines()
        job = follow_tuning(server, learn_from_runs(server, caller, lessons, model=base))
        name = str(job.body["fine_tuned_model"])
        after = measure_steps(server, caller, name, lessons.to_measure)
    _show(arguments, lessons, base, name, before, after)
    return 0


def _tell(lessons: "Lessons") -> None:
    note(
        f"{lessons.n_runs} runs: {len(lessons.to_learn)} steps to learn from, "
        f"{len(lessons.to_measure)} steps of other tasks to measure on."
    )


def _show(
    arguments: argparse.Namespace,
    lessons: "Lessons",
    base: str,
    name: str,
    before: "StepsRight",
    after: "StepsRight",
) -> None:
    if arguments.json:
        show_json({
            "model": name, "base": base, "n_runs": lessons.n_runs, "n_steps": len(lessons.to_learn),
            "n_held_out": len(lessons.to_measure),
            "before": {"tool": _mean(before.tool), "call": _mean(before.call)},
            "after": {"tool": _mean(after.tool), "call": _mean(after.call)},
        })  # fmt: skip
        return
    if lessons.to_measure:
        show(f"The right tool, on steps held out: {_told(before.tool)} before, {_told(after.tool)} after.")
        show(f"The same call, arguments included: {_told(before.call)} before, {_told(after.call)} after.")
    else:
        show("Nothing was measured: all runs have the same task. Rate runs of other tasks good, too.")
    show(f"Try it: lorewright agent --driver {name} --mode model 'a task'")


def _told(values: Sequence[float]) -> str:
    from lorewright.evaluation import estimate

    return str(estimate(values))


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
