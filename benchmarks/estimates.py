"""Do estimates hold? Five small runs, each estimated, done and compared: time and memory.

    python -m benchmarks.estimates FOLDER [NAME ...]

Lays domains into FOLDER, from the templates, estimates each run, and does it in a process of its own.
Everything is on one core: the CPU seconds of that process, from its start to its end, are then what it takes
on an idle machine, whatever else this one does. A domain that lies there already is run again with another
seed: its estimate knows the earlier run.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lorewright.access import LOCAL
from lorewright.amounts import seconds_text, size_text
from lorewright.errors import UserError
from lorewright.jobs import Steps, perform
from lorewright.peak_memory import peak_bytes
from lorewright.settings import read_settings
from lorewright.workspace.comparisons.bundled import load_bundled_comparison
from lorewright.workspace.comparisons.plan import plan_comparison, time_needed
from lorewright.workspace.dataset.question_choice import comparison_order
from lorewright.workspace.dataset.table import read_table
from lorewright.workspace.domain.folder import SETTINGS_FILE, init_domain
from lorewright.workspace.domain.templates import create_from_template, templates
from lorewright.workspace.domain.workspace import Workspace
from lorewright.workspace.jobs.kinds import JOB_KINDS, imported
from lorewright.workspace.tuning.plan import Dials, plan_tuning

N_ROWS, N_LABELLED, N_ASKED = 40, 20, 5


@dataclass(frozen=True, slots=True)
class Trial:
    """A run to estimate: the template that it is made of ('' for labels of all), and what is ordered."""

    template: str
    kind: str
    order: Mapping[str, Any]


TRIALS: Mapping[str, Trial] = {
    "classifier": Trial("", "tune", {"only": "classifier"}),
    "tuned": Trial("plant-clinic", "tune", {"only": "bare"}),
    "hybrid": Trial("plant-clinic", "tune", {"only": "context"}),
    "nearest and few-shot": Trial(
        "plant-clinic", "compare", comparison_order(["nearest", "few-shot"], limit=N_ASKED, is_drilled=False)
    ),
    "quote and rag": Trial(
        "plant-clinic", "compare", comparison_order(["quote", "rag"], limit=N_ASKED, is_drilled=False)
    ),
}


@dataclass(frozen=True, slots=True)
class Estimate:
    """From and to how many seconds and bytes; a comparison says nothing of bytes."""

    seconds: tuple[float, float]
    bytes: tuple[int, int] | None


def lay_out(folder: Path, trial: Trial) -> bool:
    """Make the domain of a trial; return whether it lay there already."""
    if (folder / SETTINGS_FILE).exists():
        return True
    if trial.template:
        create_from_template(folder, trial.template)
    else:
        init_domain(folder)
        (folder / "examples" / "labels.jsonl").write_text("".join(_labelled()), encoding="utf-8")
    if trial.template:
        _set(folder, epochs=1.0, max_examples=N_ROWS, min_examples=20)
    return False


def _labelled() -> list[str]:
    """Return questions of every template with examples, to be told apart by where they come from."""
    lines = []
    for template in templates().values():
        path = template.domain / "examples" / "examples.jsonl"
        rows = path.read_text(encoding="utf-8").splitlines()[:N_LABELLED] if path.is_file() else []
        for row in map(json.loads, rows):
            question = next(turn["content"] for turn in row["messages"] if turn["role"] == "user")
            lines.append(json.dumps({"question": question, "answer": template.name}) + "\n")
    return lines


def estimate(folder: Path, trial: Trial) -> Estimate:
    """Return what the run of a trial would take, as the studio says it."""
    with Workspace(folder) as workspace:
        if trial.kind == "compare":
            plan = plan_comparison(workspace, LOCAL)
            needed = time_needed(plan, trial.order["arms"], N_ASKED, is_drilled=False).range
            if needed is None:
                raise UserError("No answer was ever timed here.")
            return Estimate(needed, None)
        settings = workspace.settings
        dials = Dials(effort=settings.effort, tuning=settings.tuning)
        planned = plan_tuning(workspace, LOCAL, read_table(workspace), dials, only=str(trial.order["only"]))
        (adapter,) = planned.adapters
        if adapter.timing is None:
            raise UserError(f"The base {planned.base} is not here: lorewright models pull {planned.base}")
        return Estimate((adapter.timing.low, adapter.timing.high), adapter.memory_range)


def run(folder: Path, trial: Trial) -> int:
    """Do the run of a trial in this process, and return its peak of memory."""
    with Workspace(folder) as workspace:
        job = workspace.queue.submit(trial.kind, trial.order)

        def do(order: Mapping[str, Any], steps: Steps) -> Any:
            return imported(JOB_KINDS[trial.kind].run)(workspace, order, steps)

        perform(workspace.queue, job.id, {trial.kind: do})
        done = workspace.queue.get(job.id)
        if done.state != "finished":
            raise UserError(f"The run {done.state}: {done.error}")
    return peak_bytes()


def compare(root: Path, name: str) -> str:
    """Estimate and do one run, and return both in a line."""
    trial, folder = TRIALS[name], root / name.replace(" ", "-")
    if lay_out(folder, trial):
        _turn_seed(folder)
    if trial.kind == "compare":
        with Workspace(folder) as workspace:
            if workspace.comparisons.latest() is None:
                load_bundled_comparison(workspace, LOCAL)
    expected = estimate(folder, trial)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "benchmarks.estimates", str(root), "--child", name]
    child = subprocess.run(command, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = int(child.stdout.splitlines()[-1])
    return (
        f"| {name} | {_range(expected.seconds, seconds_text)} | {seconds_text(seconds)} | "
        f"{_verdict(expected.seconds, seconds)} | "
        f"{_range(expected.bytes, size_text) if expected.bytes else 'not given'} | {size_text(peak)} | "
        f"{_verdict(expected.bytes, peak) if expected.bytes else ''} |"
    )


def _turn_seed(folder: Path) -> None:
    """Let the same run be another one: the same seed would return what is there."""
    _set(folder, seed=read_settings(folder / SETTINGS_FILE).tuning.seed + 1)


def _set(folder: Path, **tuning: float) -> None:
    """Set values under [tuning] in the settings of a domain."""
    path = folder / SETTINGS_FILE
    starts = tuple(f"{name} =" for name in tuning)
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(starts)]
    place = lines.index("[tuning]") + 1
    lines[place:place] = [f"{name} = {value}" for name, value in tuning.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _range(expected: tuple[float, float], text: Any) -> str:
    return f"{text(expected[0])} to {text(expected[1])}"


def _verdict(expected: tuple[float, float], actual: float) -> str:
    low, high = expected
    if low <= actual <= high:
        return "inside"
    return f"{actual / high:.1f} times the most" if actual > high else f"{actual / low:.2f} of the least"


def main() -> None:
    """Compare what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", help=f"of: {', '.join(TRIALS)} (default: all)")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        sys.stdout.write(f"{run(given.folder / given.child.replace(' ', '-'), TRIALS[given.child])}\n")
        return
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    given.folder.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(
        "| run | seconds said | took | | memory said | took | |\n|---|---|---|---|---|---|---|\n"
    )
    for name in given.names or TRIALS:
        sys.stdout.write(compare(given.folder, name) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
