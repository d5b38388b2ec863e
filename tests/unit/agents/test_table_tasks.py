"""Totals, counts and lists over a spreadsheet, with fixed steps that write the query."""

import pytest

from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.run import run_agent
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.agents.tools.calculator import calculator_tool
from lorewright.agents.tools.tables import table_tools
from lorewright.documents import Chunk

ORDERS = """| order | date | customer | country | quantity | total_eur |
|---|---|---|---|---|---|
| O-1 | 2026-01-12 | Cafe Linde | DE | 2 | 1,358.10 |
| O-2 | 2026-01-30 | Hotel Mira | AT | 5 | 2,045.00 |
| O-3 | 2026-02-03 | Cafe Linde | DE | 12 | 166.80 |
| O-4 | 2026-02-17 | Nordkaffe | DK | 8 | 3,272.00 |
"""
PRICES = """| article | name | category | price_eur |
|---|---|---|---|
| A-1 | Kettle 300 | machine | 409.00 |
| A-2 | Kettle 500 | machine | 679.00 |
| C-1 | Milk jug | accessory | 26.90 |
| C-2 | Coffee scale | accessory | 54.00 |
"""
TEXTS = {"orders.xlsx": ORDERS, "prices.csv": PRICES}


def answer_to(task: str, texts: dict[str, str] | None = None) -> str:
    """Return what fixed steps answer where a search finds the tables."""
    given = TEXTS if texts is None else texts

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find the tables."""
        return ToolOutput(
            chunks=tuple(Chunk(name, name, name, 0, len(text), text) for name, text in given.items())
        )

    tools = [tool_from(search), calculator_tool(), *table_tools(given.__getitem__, {})]
    return run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal()).text


@pytest.mark.parametrize(
    ("task", "value"),
    [
        ("What is the total of all orders?", "6841.9 €"),
        ("What is the total of the orders of Cafe Linde?", "1524.9 €"),
        ("What was the total of the orders in February 2026?", "3438.8 €"),
        ("How many orders came from Cafe Linde?", "2"),
        ("What is the average price of the accessories?", "40.45 €"),
        ("What is the total quantity of the orders of Hotel Mira?", "5"),
    ],
)
def test_a_total_over_a_spreadsheet_is_asked_of_its_rows(task: str, value: str) -> None:
    """A search finds some of the rows; a sum needs all of them, and none of the others."""
    assert answer_to(task).splitlines()[0] == value


def test_the_largest_is_told_with_its_row() -> None:
    """The price alone does not say which article it is."""
    said = answer_to("Which article is the most expensive?")

    assert "| A-2 | Kettle 500 | machine | 679" in said
    assert "A-1" not in said


def test_what_is_dear_has_a_price() -> None:
    """The order with the largest total is no answer to which article is the most expensive."""
    said = answer_to("Which article is the most expensive?", {"orders.xlsx": ORDERS})

    assert "3272" not in said.splitlines()[0]
    assert "largest of total_eur" not in said


def test_rows_of_a_kind_are_listed() -> None:
    """All of them, and no others."""
    said = answer_to("List all accessories in the price list.", {"price-list.csv": PRICES})

    assert [name in said for name in ("Milk jug", "Coffee scale", "Kettle 300")] == [True, True, False]


@pytest.mark.parametrize(
    "task",
    [
        "How many orders came from Germany?",
        "What is the total of the orders of Bar Uno?",
        "What is the total weight of all orders?",
        "What was the total of the orders last week?",
    ],
)
def test_a_word_without_a_place_in_the_table_is_no_query(task: str) -> None:
    """A total of all rows in the place of some looks like an answer, and is none."""
    said = answer_to(task)

    assert "6841.9" not in said
    assert said.splitlines()[0] != "4"


MINUTES = {
    "minutes-2026-03-04.md": "# Minutes, 4 March 2026\n\n1. Returns rose.\n"
    "2. Decision: every box gets a note.\n3. Decision: the budget is 84,000 euros.\n",
    "minutes-2026-04-08.md": "# Minutes, 8 April 2026\n\n1. Decision: the budget is cut.\n",
}


@pytest.mark.parametrize(
    ("task", "lines"),
    [
        (
            "List all decisions in the minutes of March.",
            ["- Decision: every box gets a note.", "- Decision: the budget is 84,000 euros."],
        ),
        ("List all complaints in the minutes of March.", []),
        ("List all decisions in the contract.", []),
    ],
)
def test_all_that_a_document_says_of_something_is_listed(task: str, lines: list[str]) -> None:
    """One passage that answers best is no list, and another month's decisions do not belong to it."""

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find the minutes."""
        return ToolOutput(
            chunks=tuple(
                Chunk(name, name, text.splitlines()[0], 0, len(text), text, (text.splitlines()[0],))
                for name, text in MINUTES.items()
            )
        )

    def read_document(document: str) -> ToolOutput:
        """Read a document."""
        text = MINUTES[document]
        return ToolOutput("", (Chunk(f"{document}@0", document, document, 0, len(text), text),))

    def ask(question: str) -> str:  # noqa: ARG001
        """Find no answer."""
        return "Answer of quote: I cannot answer that."

    tools = [tool_from(search), tool_from(read_document), tool_from(ask)]
    said = run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal()).text

    assert [line for line in said.splitlines() if line.startswith("- ")] == lines


def test_numbers_with_a_decimal_comma_are_summed_as_such() -> None:
    """12,90 is no thousand two hundred and ninety."""
    text = "| Posten | Betrag_eur |\n|---|---|\n| Miete | 1.250,50 |\n| Strom | 12,90 |\n"

    assert answer_to("Was ist die Summe der Posten?", {"kosten.csv": text}).splitlines()[0] == "1263.4 €"
