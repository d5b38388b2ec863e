"""The report as a page that needs nothing but itself."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from lorewright.advisor import Facts, recommend, render_text
from lorewright.advisor.page import render_html
from lorewright.evaluation import Comparison, Estimate
from lorewright.settings import Settings

Measure = Callable[..., Comparison]
NEVER_CLOSED = {"meta", "rect", "path", "line", "br"}


class Outline(HTMLParser):
    """Collects what is open at the end, ids, and every address."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.ids.add(known.get("id") or "")
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in NEVER_CLOSED:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture
def page(facts: Facts, measure: Measure) -> str:
    return render_html(measure(), recommend(facts, measure(), Settings()))


def test_the_page_needs_no_network(page: str) -> None:
    outline = Outline(page)
    assert outline.open == []
    assert all(address.startswith("#") for address in outline.addresses)
    assert {address[1:] for address in outline.addresses} <= outline.ids
    assert "url(http" not in page
    assert "@import" not in page


def test_the_verdict_comes_first_and_every_part_follows(page: str) -> None:
    headings = re.findall(r"<h[12]>(.*?)</h[12]>", page)
    assert headings == [
        *("Use hybrid", "Arms compared", "Why", "Head to head", "Costs"),
        *("When a fact changes", "What goes wrong", "Example answers", "How it was measured"),
    ]
    assert 'aria-label="Correctness: base 2%, few-shot 18%' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_answers_are_shown_as_text_never_as_markup(facts: Facts, measure: Measure) -> None:
    """What a model or a document says must not run in the reader's browser."""
    comparison = measure({"base": 0.0, "rag": 0.2}, n=10)
    report = comparison.reports[0]
    row = replace(report.rows[0], text="<script>alert(1)</script>", question="<img src=x onerror=alert(1)>")
    hostile = replace(comparison, reports=(replace(report, rows=(row,)), *comparison.reports[1:]))
    page = render_html(hostile, recommend(facts, hostile, Settings()))
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<img" not in page


def test_the_chosen_arms_failures_are_read_first(page: str) -> None:
    examples = page[page.index('<section id="examples">') :]
    first = examples[: examples.index("</details>")]
    assert "✗ retrieved-but-ignored" in first
    assert "STATUS: ENDING-SOON" in first
    assert "unsupported: " in page


def test_before_any_measurement_the_page_says_where_to_begin(facts: Facts) -> None:
    page = render_html(None, recommend(replace(facts, tuned=()), None, Settings()))
    assert "<h1>Start with hybrid</h1>" in page
    assert "A guess until it is measured." in page
    assert "assumed: " in page
    assert Outline(page).open == []


def test_no_arm_good_enough_is_the_headline(facts: Facts, measure: Measure) -> None:
    poor = measure({"base": 0.0, "rag": 0.2}, is_drilled=False)
    page = render_html(poor, recommend(facts, poor, Settings()))
    assert "<h1>No arm is good enough yet</h1>" in page
    assert "When a fact changes" not in page


def test_right_answers_that_were_withheld_have_a_column(facts: Facts, measure: Measure) -> None:
    """Who pays for a check with lost answers must see how many."""
    comparison = measure()
    reports = [
        replace(
            report,
            metrics={**report.metrics, "right_withheld": Estimate(mean=0.02, low=0.0, high=0.05, n=60)},
        )
        for report in comparison.reports
    ]
    shown = replace(comparison, reports=tuple(reports))
    advice = recommend(facts, shown, Settings())

    assert " withheld " in render_text(shown, advice)
    assert "right but withheld" in render_html(shown, advice)
    assert " withheld " not in render_text(comparison, advice).split("\n\n")[1]
