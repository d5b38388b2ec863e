"""Recommend which arm to use from what is known so far, measured or not.

With --ask, no domain is needed: answer a few questions by number. Different assumptions and priorities
can lead to a different recommendation from the same measurement.

Example:
  lorewright advise
  lorewright advise --preset compliance
  lorewright advise --ask
  lorewright advise --questions-per-month 100000 --changes-per-month 20
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from lorewright.cli.domain import add_domain_option, local_caller, open_workspace
from lorewright.cli.output import note, show, show_json

if TYPE_CHECKING:  # `--help` must not wait for the advisor
    from lorewright.advisor import Assumptions, Provisional
    from lorewright.settings import Preset

USES = {
    "advise": ("questions_per_month", "changes_per_month", "preset", "cpu_hour_usd", "gpu_hour_usd"),
    "advise --ask": ("ask",),
}


def action_in(arguments: argparse.Namespace) -> str:
    """Return which of them is asked for."""
    return "advise --ask" if arguments.ask else "advise"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what `advise` takes."""
    add_domain_option(parser)
    parser.add_argument("--ask", action="store_true", help="answer a few questions instead of measuring")
    parser.add_argument(
        "--questions-per-month", type=int, metavar="N", help="assume this many questions per month"
    )
    parser.add_argument(
        "--changes-per-month", type=float, metavar="N", help="assume this many changed facts per month"
    )
    parser.add_argument(
        "--preset",
        choices=("balanced", "compliance", "support-desk", "research", "low-budget"),
        help="weigh arms by these priorities instead of those in lorewright.toml",
    )
    parser.add_argument("--cpu-hour-usd", type=float, metavar="USD", help="assume this price per CPU hour")
    parser.add_argument("--gpu-hour-usd", type=float, metavar="USD", help="assume this price per GPU hour")


def run(arguments: argparse.Namespace) -> int:
    """Print the recommendation with its reasons."""
    if arguments.ask:
        return _interview(arguments)
    from lorewright.advisor import render_text
    from lorewright.evaluation import to_json
    from lorewright.workspace.comparisons.advice import advice_inputs

    with open_workspace(arguments) as workspace:
        known = advice_inputs(workspace, local_caller())
        assumptions = _assumed(arguments, known.assumptions)
        recommendation = known.advice(assumptions)
        by_preset = known.by_preset(assumptions)
    if arguments.json:
        show_json({**to_json(recommendation), "arm_by_preset": by_preset})
    else:
        show("\n\n".join([render_text(known.comparison, recommendation), *_presets(by_preset)]))
    return 0


def _presets(by_preset: "Mapping[Preset, str]") -> Iterator[str]:
    """Yield what other priorities would recommend."""
    from lorewright.advisor import SUMMARIES

    if by_preset:
        lines = [f"  - {name}: {arm} ({SUMMARIES[name]})" for name, arm in by_preset.items()]
        yield "\n".join(["By priorities (--preset):", *lines])


def _assumed(arguments: argparse.Namespace, settings: "Assumptions") -> "Assumptions":
    """Return the settings' assumptions with those of the command line in their place."""
    names = ("questions_per_month", "changes_per_month", "cpu_hour_usd", "gpu_hour_usd")
    if arguments.preset:
        settings = settings.under(arguments.preset)
    given = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    return replace(settings, **given)


def _interview(arguments: argparse.Namespace) -> int:
    """Ask on standard error, read numbers from standard input, and print where to start."""
    from lorewright.advisor import STEPS, provisional
    from lorewright.evaluation import to_json

    answers: dict[str, str] = {}
    for number, step in enumerate(STEPS, start=1):
        note(f"\n{number} of {len(STEPS)}. {step.question}\n   {step.why}")
        for place, choice in enumerate(step.choices, start=1):
            note(f"   {place}  {choice.text}")
        answers[step.topic] = step.choices[_read(len(step.choices)) - 1].id
    advice = provisional(answers)
    if arguments.json:
        show_json(to_json(advice))
        return 0
    show("\n".join(_lines(advice)))
    return 0


def _read(n_choices: int) -> int:
    """Return the number that was typed; the end of the input means the last choice: not known."""
    while True:
        note(f"   1 to {n_choices}, then Enter:")
        line = sys.stdin.readline()
        if not line:
            return n_choices
        if line.strip().isdigit() and 1 <= int(line) <= n_choices:
            return int(line)
        note(f"   {line.strip()!r} is not one of the choices.")


def _lines(advice: "Provisional") -> Iterator[str]:
    yield f"{advice.headline} Confidence: {advice.confidence}; not measured yet."
    yield from (f"  - {reason}" for reason in advice.reasons)
    yield "\nHow to be more certain"
    yield from (f"  - {line}" for line in advice.firm_up)
