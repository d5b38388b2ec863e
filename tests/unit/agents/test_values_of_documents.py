"""Computing with what a shop has: price lists, technical data, minutes; units, commas, and dates in words."""

import re
from datetime import date

import pytest

from lorewright.agents.driver import DriverLimits
from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.run import run_agent
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.agents.tools.calculator import calculator_tool
from lorewright.agents.tools.dates import date_tools
from lorewright.documents import Chunk

MANUAL = """# Kettles: manual

| | Kettle 300 | Kettle 500 |
|---|---|---|
| Power | 1,450 W | 1,900 W |
| Tank | 1.8 l | 2.4 l |
| Warranty | 24 months | 36 months |
| Weight | 900 g | 1.2 kg |
"""
PRICES = """| article | name | category | price_eur | stock |
|---|---|---|---|---|
| A-1 | Kettle 300 | machine | {} | 42 |
| A-2 | Kettle 500 | machine | {} | 17 |
"""
MARCH = """1. The launch of the Kettle 500 is moved to 15 May 2026.
2. 37 returns of the Kettle 300 came in February, 29 of them with error 5.
3. The marketing budget for the second quarter is 84,000 euros.
"""
APRIL = """1. Returns of the Kettle 300 fell to 14 in March.
2. The marketing budget for the second quarter is cut to 71,500 euros.
"""
GERMAN = """| Jahr | Umsatz |
|---|---|
| 2024 | 1.250,50 € |
| 2025 | 1.375,00 € |
"""
SCALES = "Revenue in 2024 was 900 thousand euros.\n\nRevenue in 2025 was 1.2 million euros."
MILLIONS = "(in millions)\n\n| | 2024 | 2025 |\n|---|---|---|\n| Revenue | $12.0 | $8.5 |\n"
SHARES = "The share of returns was 3.5 % in 2024.\n\nThere were 120 returns in 2025."
PAGES = {
    "manual.md": MANUAL,
    "prices-2025.csv": PRICES.format("389.00", "649.00"),
    "prices-2026.csv": PRICES.format("409.00", "679.00"),
    "minutes-march.md": MARCH,
    "minutes-april.md": APRIL,
}


def answer_to(task: str, pages: dict[str, str], limits: DriverLimits | None = None) -> str:
    """Return what fixed steps answer where a search finds every page."""
    chunks = tuple(Chunk(f"{name}#0", name, name, 0, len(text), text) for name, text in pages.items())

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find the pages."""
        return ToolOutput(chunks=chunks)

    tools = [tool_from(search), calculator_tool(), *date_tools(lambda: date(2026, 5, 1))]
    driver, journal = FixedPlan("small"), MemoryJournal()
    return run_agent(task, driver=driver, tools=tools, journal=journal, limits=limits or DriverLimits()).text


@pytest.mark.parametrize(
    ("task", "value"),
    [
        ("What is the difference in power between the Kettle 300 and the Kettle 500?", "450 W"),
        ("How much larger is the tank of the Kettle 500 than the tank of the Kettle 300?", "0.6 l"),
        ("What is the difference in price between the Kettle 300 and the Kettle 500 in 2026?", "270 €"),
        ("How much more expensive is the Kettle 500 than the Kettle 300 in 2025?", "260 €"),
        ("How much did the price of the Kettle 300 change from 2025 to 2026?", "20 €"),
        ("What is the percentage change in the price of the Kettle 300 from 2025 to 2026?", "5.14 %"),
        ("How did the marketing budget change between March and April?", "-12500 €"),
        ("Which has the longer warranty, the Kettle 300 or the Kettle 500?", "Kettle 500"),
        ("What is the sum of the stock of the Kettle 300 and the Kettle 500 in 2026?", "59"),
    ],
)
def test_values_are_read_where_people_keep_them(task: str, value: str) -> None:
    """Items stand in columns, in rows, or in two documents, and numbers have units."""
    assert answer_to(task, PAGES).splitlines()[0] == value


@pytest.mark.parametrize(
    ("task", "n_days"),
    [
        ("How many days are there between 8 April 2026 and the launch of the Kettle 500?", "37 days"),
        ("How many days are left until the launch of the Kettle 500?", "14 days"),
        ("How many days lie between 2026-03-01 and 2026-03-31?", "30 days"),
        ("How many days are there between the launch of the Kettle 500 and 8 April 2026?", ": 37 days"),
    ],
)
def test_dates_are_read_however_they_are_written(task: str, n_days: str) -> None:
    """Hardly anybody writes 2026-05-15."""
    assert n_days in answer_to(task, PAGES).splitlines()[0]


@pytest.mark.parametrize(
    ("task", "text", "value"),
    [
        ("What is the change in Umsatz from 2024 to 2025?", GERMAN, "124.5 €"),
        ("What is the change in revenue from 2024 to 2025?", SCALES, "300000 €"),
        ("What is the change in revenue from 2024 to 2025?", MILLIONS, "-$3.5 million"),
    ],
)
def test_a_number_is_read_as_it_was_meant(task: str, text: str, value: str) -> None:
    """A thousandth or a thousandfold of the right number looks like an answer, and is none."""
    assert answer_to(task, {"report.md": text}).splitlines()[0] == value


@pytest.mark.parametrize(
    ("task", "text"),
    [
        ("What is the change in returns from 2024 to 2025?", SHARES),
        ("What is the difference in weight between the Kettle 300 and the Kettle 500?", MANUAL),
        ("What is the difference in noise between the Kettle 300 and the Kettle 500?", MANUAL),
    ],
)
def test_what_cannot_be_compared_is_not_computed_with(task: str, text: str) -> None:
    """A percentage less a count, grams less kilograms, or any two numbers are a wrong answer."""
    assert "Nothing was computed" in answer_to(task, {"report.md": text})


def test_what_was_moved_is_at_its_newer_date() -> None:
    """The first date of the sentence no longer holds."""
    text = "The launch of the Kettle 500 is moved from 1 May 2026 to 15 May 2026."

    said = answer_to("How many days are left until the launch of the Kettle 500?", {"minutes.md": text})

    assert said.startswith("From 2026-05-01 (Friday) to 2026-05-15 (Friday): 14 days")


def test_a_search_that_failed_is_told() -> None:
    """Without it "no value" would read as if the documents held none."""

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find nothing, for the index is away."""
        raise OSError("no index")

    tools = [tool_from(search), calculator_tool()]
    task = "What is the difference in power between the Kettle 300 and the Kettle 500?"
    said = run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal()).text

    assert "Nothing was computed" in said
    assert "search failed: OSError: no index Something may be missing above; try again." in said


def test_nothing_that_is_quoted_counts_as_unsupported() -> None:
    """The head of a table is told with its rows; nobody has to check what was only copied."""
    chunk = Chunk("prices.csv#1", "prices.csv", "prices", 0, 9, "| A-1 | Kettle 300 | 409.00 |")

    def ask(question: str) -> ToolOutput:  # noqa: ARG001
        """Answer with a table."""
        return ToolOutput("Answer of quote: | article | name | price_eur |\n" + chunk.text, (chunk,))

    journal = MemoryJournal()
    outcome = run_agent("Which prices?", driver=FixedPlan("small"), tools=[tool_from(ask)], journal=journal)

    assert outcome.unsupported == ()
    assert not any(entry["kind"] == "check" for entry in journal.entries())


def test_a_computed_value_cites_the_places_of_its_numbers() -> None:
    """Whoever reads 450 W wants to see both numbers, not only the sum."""
    said = answer_to("What is the difference in power between the Kettle 300 and the Kettle 500?", PAGES)

    assert re.findall(r"[\d,.]+ W", said) == ["450 W", "1,450 W", "1,900 W"]


def test_fixed_steps_read_all_that_was_found() -> None:
    """What is cut for a model's context would be missing, and another table's numbers would be taken."""
    notes = "Notes on the revenue of an office. " + "Nothing is said of it. " * 60
    pages = {"report.md": SCALES} | {f"notes-{n}.md": notes for n in range(4)}

    said = answer_to(
        "What is the change in revenue from 2024 to 2025?", pages, DriverLimits(context_tokens=1024)
    )

    assert said.splitlines()[0] == "300000 €"
