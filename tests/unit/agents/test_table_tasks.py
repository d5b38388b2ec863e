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
        (
            "List all decisions in the minutes of March and April.",
            [
                "- Decision: every box gets a note.",
                "- Decision: the budget is 84,000 euros.",
                "- Decision: the budget is cut.",
            ],
        ),
        ("List the decision points of the minutes of April", ["- Decision: the budget is cut."]),
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


@pytest.mark.parametrize(
    ("task", "value"),
    [
        ("What share of the total of all orders comes from Cafe Linde?", "22.29 %"),
        ("What percentage of the total quantity of the orders is Hotel Mira's?", "18.52 %"),
    ],
)
def test_a_share_of_a_column_is_computed_over_all_rows(task: str, value: str) -> None:
    assert answer_to(task).splitlines()[0] == value


@pytest.mark.parametrize(
    ("task", "row"),
    [
        ("Which order has the most quantity?", "O-3"),
        ("Which order has the fewest quantity?", "O-1"),
        ("Which article in prices.csv has the highest price?", "Kettle 500"),
    ],
)
def test_superlatives_and_file_names_are_understood(task: str, row: str) -> None:
    told = answer_to(task)
    assert told.startswith(("largest of", "smallest of"))
    assert row in told


def table(title: str, head: str, *rows: str) -> str:
    lines = "".join(f"| {row} |\n" for row in (head, "--- | ---", *rows))
    return f"# {title}\n\n{lines}"


BRANCHES = {
    "branches-2024.md": table("Branches 2024", "branch | revenue", "North | 441,000 €", "South | 251,300 €"),
    "branches-2025.md": table("Branches 2025", "branch | revenue", "North | 455,500 €", "South | 298,400 €"),
}
PREISE = {
    "preise-2025.md": table("Preise 2025", "Leistung | Preis", "Säge schärfen | 12,50 €", "Öl | 38,00 €"),
    "preise-2026.md": table("Preise 2026", "Leistung | Preis", "Säge schärfen | 14,00 €", "Öl | 41,80 €"),
}
ROPES = {
    "alpin.md": "The rope Alpin is 60 m long, weighs 61 grams per metre and costs 169 euros.",
    "halle.md": "The rope Halle is 40 m long, weighs 66 grams per metre and costs 99 euros.",
}
VISITS = {
    "visits.md": table("Visits", "quarter | visits", "Q4 2025 | 5,200", "Q1 2026 | 8,410", "Q2 2026 | 6,950"),
}
KARTE = {"karte.md": table("Karte", "Getränk | Preis", "Espresso | 2,40 €", "Tee | 4,10 €")}
DRINKS = {"menu.md": table("Menu", "drink | price", "Espresso | 2.40 €", "Flat white | 4.10 €")}


@pytest.mark.parametrize(
    ("task", "texts", "value"),
    [
        ("By how many percent did the revenue of South change from 2024 to 2025?", BRANCHES, "18.74 %"),
        ("By how much did the revenue of North rise from 2024 to 2025?", BRANCHES, "14500 €"),
        ("Um wie viel Euro ist Säge schärfen von 2025 auf 2026 teurer geworden?", PREISE, "1.5 €"),
        ("Um wie viel Prozent ist der Preis für Öl von 2025 auf 2026 gestiegen?", PREISE, "10 %"),
        ("How much more does Flat white cost than Espresso?", DRINKS, "1.7 €"),
        ("What is the difference between the price of Espresso and Flat white?", DRINKS, "1.7 €"),
        ("Wie groß ist der Unterschied zwischen dem Preis von Espresso und Tee?", KARTE, "1.7 €"),
        ("How much longer is the rope Alpin than the rope Halle?", ROPES, "20 m"),
        ("How much less does the rope Halle cost than the rope Alpin?", ROPES, "-70 €"),
        ("Which rope is cheaper, Alpin or Halle?", ROPES, "Halle"),
        ("What is the average number of visits per quarter in 2026?", VISITS, "7680"),
        ("What is the average number of visits per quarter in 2025?", VISITS, "5200"),
    ],
)
def test_changes_are_computed_however_they_are_asked(task: str, texts: dict[str, str], value: str) -> None:
    assert answer_to(task, texts).splitlines()[0].partition(" [")[0] == value
