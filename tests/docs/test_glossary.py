"""The glossary explains the words that a report and the studio use."""

import re
from pathlib import Path

from docs.generate.glossary import COPY, as_json

from lorewright.evaluation import FAILURES
from lorewright.flows import Style, arms

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
IN_THE_REPORT = ("correctness", "form", "unsupported", "cited right", "withheld", "p50", "set-up")
"""The columns of the table that a comparison prints."""


def entries() -> dict[str, str]:
    """Return what the glossary says, by term: the form in which the studio can use it as help."""
    return dict(re.findall(r"^### (.+)\n\n(.+)\n", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def test_the_words_of_a_report_are_explained() -> None:
    """A first report has seven arms and eight ways to be wrong; none is a word of everyday language."""
    words = (*IN_THE_REPORT, *FAILURES, *arms(Style(instruction="", refusal="")), "bare", "context")

    assert [word for word in words if word not in entries()] == []


def test_entries_are_short_and_in_order() -> None:
    """A help text that is not read in one glance is not read."""
    terms = list(entries())

    assert terms == sorted(terms, key=str.casefold)
    assert PAGE.read_text(encoding="utf-8").count("\n### ") == len(terms)
    assert [term for term, text in entries().items() if len(text) > 260] == []


def test_the_studio_explains_words_as_the_glossary_does() -> None:
    """One source: a term that is explained twice is soon explained in two ways."""
    assert COPY.read_text(encoding="utf-8") == as_json()
