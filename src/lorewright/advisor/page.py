"""The report as one HTML file: no network, readable in light and dark, printable."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from lorewright.advisor import amounts
from lorewright.advisor.arms import traits
from lorewright.advisor.charts import panels, shares
from lorewright.advisor.recommendation import Recommendation
from lorewright.advisor.text import MEANING
from lorewright.amounts import seconds_text, size_text, usd_text
from lorewright.evaluation import FAILURES, REMEDIES, Comparison, Row, confusions

MOST_EXAMPLES = 24


@dataclass(frozen=True, slots=True)
class ReportView:
    """One question with what every arm answered, for reading."""

    question: str
    targets: tuple[str, ...]
    answerable: bool
    rows: tuple[tuple[str, Row], ...]


def render_html(comparison: Comparison | None, recommendation: Recommendation) -> str:
    """Return the report as one self-contained HTML page."""
    environment = Environment(
        loader=PackageLoader("lorewright.advisor"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        share=amounts.share_text,
        interval=amounts.interval_text,
        seconds=seconds_text,
        usd=usd_text,
        bytes=size_text,
        day=_day,
        metric=lambda name: name.replace("_", " "),
    )
    return environment.get_template("report.html").render(
        comparison=comparison,
        recommendation=recommendation,
        lead=_lead(recommendation),
        arms=[traits(name, comparison) for name in (comparison.arms if comparison else ())],
        panels=panels(comparison, recommendation) if comparison else (),
        shares=shares,
        meaning=MEANING,
        happened=_happened(comparison),
        confusions=confusions(comparison) if comparison else (),
        remedies=REMEDIES,
        examples=_examples(comparison, recommendation.arm) if comparison else (),
    )


def _lead(recommendation: Recommendation) -> str:
    """Return the headline without what the page's title says already."""
    sentence = recommendation.headline.removeprefix(f"Use {recommendation.arm}: ")
    sentence = sentence.removeprefix(f"Start with {recommendation.arm}: ").removeprefix(
        "No arm is good enough to use on its own. "
    )
    return sentence[:1].upper() + sentence[1:]


def _happened(comparison: Comparison | None) -> list[str]:
    """Return the causes of failure that any arm had, in the order of the chain."""
    reports = comparison.reports if comparison else ()
    return [name for name in FAILURES if any(name in report.failures for report in reports)]


def _examples(comparison: Comparison, chosen: str) -> Sequence[ReportView]:
    """Return the questions that tell most: the chosen arm's failures, one of each kind first.

    After them come questions on which the arms disagree.
    """
    answered: dict[str, list[tuple[str, Row]]] = {}
    for report in comparison.reports:
        for row in report.rows:
            answered.setdefault(row.question_id, []).append((report.arm, row))
    seen: dict[str, int] = {}

    def telling(rows: Sequence[tuple[str, Row]]) -> tuple[int, int]:
        failure = next((row.failure for arm, row in rows if arm == chosen), "")
        disagree = len({row.is_right for _, row in rows}) > 1
        if not failure:
            return (1_000_000, 0 if disagree else 1)
        seen[failure] = seen.get(failure, 0) + 1
        return (seen[failure], 0)

    ranked = sorted(((telling(rows), rows) for rows in answered.values()), key=lambda ranked: ranked[0])
    return [
        ReportView(rows[0][1].question, rows[0][1].targets, rows[0][1].answerable, tuple(rows))
        for _, rows in ranked[:MOST_EXAMPLES]
    ]


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%d %B %Y, %H:%M UTC").lstrip("0")
