"""The verdict for a terminal: plain text of at most 100 columns."""

import textwrap
from collections.abc import Iterator, Sequence

from lorewright.advisor.amounts import share_text
from lorewright.advisor.recommendation import Recommendation
from lorewright.amounts import seconds_text, usd_text
from lorewright.evaluation import Comparison, Estimate, Report, confusions

WIDTH = 100
N_CONFUSED = 3
MEANING = {
    "exact": "identical to a target",
    "contains": "contains a target, in any date or number format",
    "fields": "every field matches a target",
    "token_f1": "word overlap with the closest target (F1)",
    "semantic": "similar in meaning to a target (cosine)",
    "sql": "returns the same rows as a target",
    "judged": "right as a calibrated chat model judges it",
}
"""What correctness means, by primary score."""


def render_text(comparison: Comparison | None, recommendation: Recommendation) -> str:
    """Return the arms side by side, the verdict with its reasons, and what changed facts did to each arm."""
    blocks = [_verdict(recommendation)]
    if comparison is not None:
        tables = (_arms(comparison, recommendation), _checks(comparison), _labels(comparison, recommendation))
        blocks = [*tables, *blocks]
        if comparison.drill:
            blocks.append(_drill(comparison))
    else:
        blocks.append(_tree(recommendation))
    blocks.append(_would_change(recommendation))
    return "\n\n".join(block for block in blocks if block)


def _arms(comparison: Comparison, recommendation: Recommendation) -> str:
    month = {cost.arm: usd_text(cost.month_usd) for cost in recommendation.costs}
    withheld = any("right_withheld" in report.metrics for report in comparison.reports)
    heading = (
        *("", "arm", "correctness", "form", "unsupported", "cited right"),
        *(("withheld",) if withheld else ()),
        *("p50", "set-up", "per month"),
    )
    rows = [
        (
            ">" if report.arm == recommendation.arm else "",
            report.arm,
            _with_interval(report.correctness),
            _metric(report, "form"),
            _metric(report, "hallucination_rate"),
            _metric(report, "citation_correctness"),
            *((_metric(report, "right_withheld"),) if withheld else ()),
            seconds_text(report.latency_p50_ms.mean / 1000),
            seconds_text(report.set_up.seconds),
            month.get(report.arm, ""),
        )
        for report in comparison.reports
    ]
    title = f"{len(rows)} arms on {comparison.n_questions} held-out questions"
    meaning = f"correctness: {MEANING[comparison.primary]}; in brackets the 95% interval"
    return "\n".join([title, meaning, "", *_table(heading, rows)])


CHECKED = {
    "tools_right": "right tools", "steps_right": "few steps", "files_right": "files", "cost_right": "cost",
}  # fmt: skip
"""What the checks of tasks for agents are called, by their scores."""


def _checks(comparison: Comparison) -> str:
    """Return how often agents kept the checks of their tasks, with the number of tasks that have each."""
    rows = [
        ("", report.arm, label, _with_interval(report.metrics[name]), f"n={report.metrics[name].n}")
        for report in comparison.reports
        for name, label in CHECKED.items()
        if name in report.metrics
    ]
    if not rows:
        return ""
    title = "Checks of how tasks were solved; in brackets the 95% interval"
    return "\n".join([title, "", *_table(("", "arm", "check", "kept", "tasks"), rows)])


def _labels(comparison: Comparison, recommendation: Recommendation) -> str:
    """Return how well labels were told, and what the recommended arm confuses most."""
    told = confusions(comparison)
    if not told:
        return ""
    shares = ", ".join(f"{one.arm} {one.macro_f1:.2f}" for one in told)
    lines = _wrapped(f"Macro-F1 over {len(told[0].labels)} labels: {shares}.")
    chosen = next((one for one in told if one.arm == recommendation.arm), None)
    if chosen and chosen.confused:
        pairs = [f"{pair.wanted} as {pair.given} ({pair.n})" for pair in chosen.confused[:N_CONFUSED]]
        lines += _wrapped(f"{chosen.arm} confuses most: {', '.join(pairs)}.")
    return "\n".join(lines)


def _verdict(recommendation: Recommendation) -> str:
    return "\n".join([*_wrapped(recommendation.headline), *_bullets(recommendation.reasons)])


def _tree(recommendation: Recommendation) -> str:
    skipped = [f"{node.question} {node.reply}" for node in recommendation.tree.nodes if not node.is_reached]
    return "\n".join(["Skipped, because an earlier question decides:", *_bullets(skipped)]) if skipped else ""


def _drill(comparison: Comparison) -> str:
    if comparison.drill is None:
        return ""
    rows = []
    for summary in comparison.drill.summaries:
        seconds = summary.update_seconds
        least = "at least " if summary.is_lower_bound else ""
        rows.append(
            (
                "",
                summary.arm,
                share_text(summary.share_right),
                share_text(summary.share_stale),
                "never" if seconds is None else least + seconds_text(seconds),
            )
        )
    n = max((summary.share_right.n for summary in comparison.drill.summaries), default=0)
    heading = ("", "arm", "right", "outdated", "time to the first right answer")
    title = f"Answers after facts changed ({n} questions asked again)"
    return "\n".join([title, "", *_table(heading, rows)])


def _would_change(recommendation: Recommendation) -> str:
    if not recommendation.would_change:
        return ""
    title = "What could change this" if recommendation.is_measured else "Next steps"
    return "\n".join([title, *_bullets(recommendation.would_change)])


def _table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table; columns from the third on are flushed right."""
    widths = [max(len(row[place]) for row in (heading, *rows)) for place in range(len(heading))]
    for row in (heading, *rows):
        cells = [
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _metric(report: Report, name: str) -> str:
    return share_text(report.metrics[name]) if name in report.metrics else "-"


def _with_interval(share: Estimate) -> str:
    return f"{share.mean * 100:.0f}% ({share.low * 100:.0f}-{share.high * 100:.0f})"


def _bullets(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        yield from textwrap.wrap(line, WIDTH, initial_indent="  - ", subsequent_indent="    ")


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, WIDTH)
