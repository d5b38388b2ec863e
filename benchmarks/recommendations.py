"""Is the recommended arm the best one, or tied with it, on questions that the recommendation did not see?

    python -m benchmarks.recommendations DOMAIN [DOMAIN ...]

Takes the latest comparison of each domain and deals its questions out to two halves. The advisor sees one
half and recommends an arm; the other half says which arm is best there, and by how much the recommended one
is behind, with the 95 % interval over the questions that both answered. Then the halves change places. The
arm is tied where that interval holds 0. No model runs: answers and scores are those of the comparison.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from lorewright.access import LOCAL
from lorewright.errors import UserError
from lorewright.evaluation import Comparison, build_report, compare
from lorewright.workspace.comparisons.advice import advice_inputs, recommendation_of
from lorewright.workspace.domain.workspace import Workspace


def half(comparison: Comparison, part: int) -> Comparison:
    """Return the comparison as it would be had every second of its questions been asked, from `part` on."""
    ids = sorted({row.question_id for report in comparison.reports for row in report.rows})
    kept = set(ids[part::2])
    reports = [
        build_report(report.arm, rows, set_up=report.set_up, peak_bytes=report.peak_bytes)
        for report in comparison.reports
        if (rows := [row for row in report.rows if row.question_id in kept])
    ]
    return compare(
        reports,
        id=comparison.id,
        created_at=comparison.created_at,
        primary=comparison.primary,
        measured=comparison.measured,
        drill=comparison.drill,
        chance_rate=comparison.chance_rate,
    )


def lines(domain: Path) -> Iterator[str]:
    """Yield a row of the table for each half of a domain's questions, and one for all of them."""
    with Workspace(domain) as workspace:
        whole = advice_inputs(workspace, LOCAL).comparison
        if whole is None:
            raise UserError(f"{domain} has no comparison.", hint="Run there: lorewright compare")
        yield _line(domain.name, workspace, whole, whole, "all, by all")
        for part in (0, 1):
            seen, unseen = half(whole, part), half(whole, 1 - part)
            yield _line(domain.name, workspace, seen, unseen, f"half {part + 1}, by the other")


def _line(name: str, workspace: Workspace, seen: Comparison, unseen: Comparison, label: str) -> str:
    advice = recommendation_of(workspace, LOCAL, seen)
    best = max(unseen.reports, key=lambda report: report.correctness.mean)
    gap = unseen.difference(best.arm, advice.arm)
    if best.arm == advice.arm or gap is None:
        verdict, behind = "best", ""
    else:
        verdict = "tied" if gap.low <= 0 else "behind"
        behind = f"{gap.mean:.2f} ({gap.low:.2f} to {gap.high:.2f}, n={gap.n})"
    known = "" if advice.is_decided else f"; {', '.join(one.arm for one in advice.contenders)} undecided"
    return (
        f"| {name} | {label} | `{advice.arm}`{known} | {'yes' if advice.is_good_enough else 'no'} | "
        f"`{best.arm}` {best.correctness.mean:.2f} | {behind} | {verdict} |"
    )


def main() -> None:
    """Print the table of the domains that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("domains", nargs="+", type=Path)
    given = parser.parse_args()
    sys.stdout.write(
        "| domain | questions | recommended | good enough | best there | behind it by | |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    for domain in given.domains:
        for line in lines(domain):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
