"""Forms of tasks whose answer is computed from tables: shares, rows over years, values of one row."""

import pytest

from lorewright.agents.decompose import decompose
from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.run import run_agent
from lorewright.agents.tool import ToolOutput, tool_from
from lorewright.agents.tools.calculator import calculator_tool
from lorewright.documents import Chunk

REPORT = """Report

| | 2019 | 2018 | 2017 |
| --- | --- | --- | --- |
| Rent | 60 | 50 | 40 |
| Travel, abroad | 20 | 10 | 0 |
| Travel | 15 | 5 | 3 |
| Total expenses | 240 | 200 | 160 |
| Cash at the end of the year | 90 | 120 | 80 |
"""


def answer_to(task: str, text: str = REPORT) -> str:
    """Return what fixed steps answer where a search finds one report."""
    chunk = Chunk("report.md#0", "report.md", "Report", 0, len(text), text)

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find the report."""
        return ToolOutput(chunks=(chunk,))

    tools = [tool_from(search), calculator_tool()]
    return run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal()).text


@pytest.mark.parametrize(
    ("task", "value"),
    [
        ("What is the percentage of rent in the total expenses in 2019?", "25 %"),
        ("What is rent as a percentage of total expenses in 2018?", "25 %"),
        ("What is the ratio of rent to total expenses in 2017?", "0.25"),
        ("What is the average rent for the years 2017, 2018 and 2019?", "50"),
        ("What is the average rent?", "50"),
        ("What was the change in cash at the end of the year?", "-30"),
        ("What is the increase / (decrease) in travel from 2018 to 2019?", "10"),
        ("What was the % change in total expenses from 2018 to 2019?", "20 %"),
        ("What is the percentage change in rent in 2019 from 2018?", "20 %"),
        ("What is the sum of rent in 2017, 2018 and 2019?", "150"),
    ],
)
def test_a_value_that_nobody_wrote_down_is_computed(task: str, value: str) -> None:
    """The table has the numbers, and only their share, mean or change is asked for."""
    assert answer_to(task).splitlines()[0] == value


def test_what_one_sentence_says_is_no_answer_to_two_questions() -> None:
    """A difference of a number with itself is always nothing, and always wrong."""
    said = answer_to(
        "What is the change in transfers from 2018 to 2019?",
        "Transfers of 2018 and 2019 amounted to 1,395 million.",
    )

    assert "Nothing was computed" in said


def test_a_whole_may_be_called_a_total_and_nothing_else() -> None:
    """Most tables end so."""
    table = REPORT.replace("Total expenses", "Total")

    assert answer_to("What is the percentage of rent in total expenses in 2019?", table).startswith("25")


def test_a_question_that_says_average_of_a_year_is_looked_up() -> None:
    """The average of one year's value is no form that could be computed here."""
    assert decompose("What is the 2019 average rent?").operation == "none"


@pytest.mark.parametrize(
    "task", ["How much more is the rent than the travel?", "What was the change in the weather?"]
)
def test_a_form_that_fits_no_table_is_looked_up(task: str) -> None:
    """An answer that computes nothing is better than none."""
    said = answer_to(task)

    assert said
    assert "could not go on" not in said
