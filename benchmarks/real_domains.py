"""Run the product's own commands on domain folders and print the arms of each, with intervals.

    python -m benchmarks.importers eol-support --data DATA /tmp/eol
    python -m benchmarks.real_domains /tmp/eol --limit 40 --max-examples 300

Makes the domain's settings as small as it is told, then calls `lorewright add`, `tune` (unless no arm
needs it) and `compare`, each as a process of its own, and reads the comparison back from `report --json`.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

COLUMNS = (
    *("correctness", "exact", "token_f1", "rouge_l", "chrf", "form", "right_refusal", "over_refusal"),
    "citation_correctness",
    *("context_recall", "hallucination_rate", "staleness"),
)


def main() -> None:
    """Run every domain that the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("domains", nargs="+", type=Path, help="domain folders, as the importers write them")
    parser.add_argument("--limit", type=int, default=40, help="held-out questions per arm")
    parser.add_argument("--arms", help="which arms, with commas between")
    parser.add_argument("--max-examples", type=int, default=0, help="examples to tune on; 0: by effort")
    parser.add_argument("--drill", action="store_true", help="also ask before and after the update")
    given = parser.parse_args()
    for domain in given.domains:
        seconds = run_domain(
            domain, limit=given.limit, arms=given.arms, max_examples=given.max_examples, drill=given.drill
        )
        report = json.loads(_lorewright("report", "--json", domain=domain))
        print(f"\n## {domain.name}: {_figures(seconds)}\n")
        print(table(comparison_in(report)))


def run_domain(
    domain: Path, *, limit: int, arms: str | None = None, max_examples: int = 0, drill: bool = False
) -> dict[str, float]:
    """Add, tune and compare in one domain, and return how many seconds each command took."""
    if max_examples:
        _limit_examples(domain / "lorewright.toml", max_examples)
    chosen = ["--arms", arms] if arms else []
    commands: dict[str, list[str]] = {"add": ["--sync"]}
    if any((domain / "examples").glob("*")) and (
        not arms or {"tuned", "naive-hybrid", "hybrid"} & set(arms.split(","))
    ):
        commands["tune"] = []
    commands["compare"] = ["--limit", str(limit), *chosen, *([] if drill else ["--no-drill"])]
    seconds = {}
    for verb, options in commands.items():
        begun = time.perf_counter()
        _lorewright(verb, *options, domain=domain)
        seconds[verb] = time.perf_counter() - begun
    return seconds


def comparison_in(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the comparison that a report in JSON holds."""
    found: Mapping[str, Any] = report.get("comparison", report)
    return found


def table(comparison: Mapping[str, Any]) -> str:
    """Return the arms as a Markdown table: every figure with its 95 % interval and its number of answers."""
    reports = comparison["reports"]
    shown = [name for name in COLUMNS if any(name in report["metrics"] for report in reports)]
    rows = [["arm", *shown, "p50 ms", "failures"]]
    for report in reports:
        failures = ", ".join(f"{name} {count}" for name, count in report["failures"].items())
        cells = [_estimate(report["metrics"].get(name)) for name in shown]
        rows.append([report["arm"], *cells, f"{report['latency_p50_ms']['mean']:.0f}", failures])
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _estimate(value: Mapping[str, Any] | None) -> str:
    return f"{value['mean']:.2f} ({value['low']:.2f} to {value['high']:.2f}, n={value['n']})" if value else ""


def _limit_examples(settings: Path, max_examples: int) -> None:
    """Set how many examples are learned from; the importers' settings have no such table."""
    kept = settings.read_text(encoding="utf-8").partition("\n[tuning]\n")[0]
    settings.write_text(f"{kept.rstrip()}\n\n[tuning]\nmax_examples = {max_examples}\n", encoding="utf-8")


def _lorewright(verb: str, *options: str, domain: Path) -> str:
    """Return what a command prints; its progress goes to this terminal, its failure ends the run."""
    command: Sequence[str] = [sys.executable, "-m", "lorewright.cli", verb, "--domain", str(domain), *options]
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ran.returncode:
        sys.exit(f"{' '.join(command)} ended with {ran.returncode}\n{ran.stdout}")
    return ran.stdout


def _figures(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{verb} {taken:.0f} s" for verb, taken in seconds.items())


if __name__ == "__main__":
    main()
