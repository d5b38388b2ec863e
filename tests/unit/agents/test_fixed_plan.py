"""Fixed steps: a task cut by its form, values read, and nothing concluded beyond that."""

import pytest

from lorewright.agents.choosing import chosen_tools
from lorewright.agents.context import fitted
from lorewright.agents.decompose import decompose
from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.passages import Passage
from lorewright.agents.run import run_agent
from lorewright.agents.tool import tool_from
from lorewright.agents.values import Value, values_for

TABLE = """Sales

| | 2019 | 2018 |
| --- | --- | --- |
| Net sales | $1,496.5 | 1,202.9 |
| Loss | (30) | 12 |
"""


@pytest.mark.parametrize(
    ("task", "parts", "operation"),
    [
        (
            "What is the difference in revenue between 2018 and 2019?",
            ["revenue 2018", "revenue 2019"],
            "difference",
        ),
        (
            "What was the percentage change in sales from 2018 to 2019?",
            ["sales 2018", "sales 2019"],
            "change",
        ),
        (
            "What is the average of net sales in 2018 and 2019?",
            ["net sales 2018", "net sales 2019"],
            "mean",
        ),
        ("How many days after the sale starts does it end?", ["sale starts", "it end"], "days"),
        ("How many days before the fair is the deadline?", ["deadline", "fair"], "days"),
        ("What was the change in freight in 2019 from 2018?", ["freight 2018", "freight 2019"], "difference"),
        (
            "How long is the leave? Who approves it?",
            ["How long is the leave?", "Who approves the leave?"],
            "none",
        ),
        (
            "How long is the leave and who approves it?",
            ["How long is the leave?", "who approves the leave?"],
            "none",
        ),
        (
            "What does the returns desk do? When are its hours?",
            ["What does the returns desk do?", "When are the returns desk's hours?"],
            "none",
        ),
        (
            "How many nights are paid? Is it possible to fly?",
            ["How many nights are paid?", "Is it possible to fly?"],
            "none",
        ),
        (
            "How much was the average fee from 2021 to 2023?",
            ["fee 2021", "fee 2022", "fee 2023"],
            "mean",
        ),
        ("1. the leave\n2. the hotels", ["the leave", "the hotels"], "none"),
        ("How long is the leave?", ["How long is the leave?"], "none"),
        ("What does the lamp mean?", ["What does the lamp mean?"], "none"),
        ("Which room has the larger table, Oslo or Rome?", ["table Oslo", "table Rome"], "larger"),
    ],
)
def test_a_task_is_cut_by_its_form(task: str, parts: list[str], operation: str) -> None:
    """A small model cannot plan, but many tasks say themselves what their parts are."""
    cut = decompose(task)

    assert [part.question for part in cut.parts] == parts
    assert cut.operation == operation


@pytest.mark.parametrize("said", ["percentage of ", "the a ", "2018, ", "between a and ", "of a and b "])
def test_a_text_in_the_place_of_a_task_is_looked_up_as_it_is(said: str) -> None:
    """A pasted page has no form of a question, and must not hold a run up while one is looked for."""
    text = f"What is the average {said * 2000}"

    assert [part.question for part in decompose(text).parts] == [text.strip()]


def value_of(question: str, text: str, item: str) -> Value | None:
    """Return the likeliest value of one passage."""
    return next(iter(values_for(question, item, [Passage(1, "report.md (Report)", text)])), None)


@pytest.mark.parametrize(
    ("question", "item", "number"),
    [("net sales", "2018", "1202.9"), ("net sales", "2019", "1496.5"), ("loss", "2019", "-30")],
)
def test_a_value_is_the_cell_of_its_row_and_column(question: str, item: str, number: str) -> None:
    """The first number in sight is seldom the right one."""
    value = value_of(question, TABLE, item)

    assert value is not None
    assert str(value.number) == number


def test_a_year_that_is_not_there_has_no_value() -> None:
    """Another year's number would be a wrong answer."""
    assert value_of("net sales", TABLE, "2001") is None


def test_a_value_in_a_sentence_is_no_year_of_the_question() -> None:
    """The year stands in the sentence, too."""
    value = value_of("revenue 2019", "In 2019 the revenue was 1,250 million.", "2019")

    assert value is not None
    assert (str(value.number), value.scale) == ("1250", "million")


def test_few_tools_are_shown_and_they_fit_the_task() -> None:
    """A small model chooses badly among thirty."""

    def weather(place: str) -> str:
        """Say what the weather is at a place."""
        return place

    others = [tool_from(weather, name=f"other_{n}", description=f"Do thing number {n}.") for n in range(30)]
    tools = [*others, tool_from(weather)]

    shown = chosen_tools(tools, "What is the weather in Rome?", always=["other_3"], n=4)

    assert {tool.name for tool in shown} >= {"weather", "other_3"}
    assert len(shown) == 4


def test_a_long_conversation_is_cut_to_notes_that_keep_their_sources() -> None:
    """What was found early can still be cited at the end."""
    turns = [{"role": "system", "content": "Work."}, {"role": "user", "content": "The task"}]
    for n in range(12):
        call = {
            "id": f"c{n}",
            "type": "function",
            "function": {"name": "search", "arguments": f'{{"q": {n}}}'},
        }
        turns.append({"role": "assistant", "content": "", "tool_calls": [call]})  # type: ignore[dict-item]
        turns.append(
            {"role": "tool", "tool_call_id": f"c{n}", "content": f"[{n + 1}] page-{n}.md\n" + "word " * 400}
        )

    short = fitted(turns, limit=3000, count=lambda some: sum(len(str(turn["content"])) for turn in some) // 4)

    text = str(short.turns)
    assert sum(len(str(turn["content"])) for turn in short.turns) // 4 <= 3000
    assert short.turns[1]["content"] == "The task"
    assert all(f"[{n + 1}] page-{n}.md" in text for n in range(12))
    called = {call["id"] for turn in short.turns for call in turn.get("tool_calls") or ()}
    assert {turn["tool_call_id"] for turn in short.turns if turn["role"] == "tool"} == called


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ('In which state is this ticket? "The printer still does not print."', "open"),
        ("Say in which state this ticket is:\n\nThe printer still does not print.", "open"),
        ('Who said "The printer still does not print"?', "Nothing is known."),
        ("In which state is the ticket about the printer?", "Nothing is known."),
    ],
)
def test_a_marked_text_goes_to_the_model_that_is_for_it(task: str, said: str) -> None:
    """A tuned model is a tool for fixed steps too, but only for a text that is meant for it."""

    def use(text: str) -> str:
        return "open" if text == "The printer still does not print." else f"no ticket: {text}"

    def search(query: str, n: int = 5) -> str:  # noqa: ARG001
        """Find passages."""
        return "Nothing is known."

    desk = tool_from(
        use, name="model_desk", description="Says which state a ticket is in: open or closed.", is_source=True
    )
    tools = [desk, tool_from(search, is_source=True)]
    outcome = run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal())

    assert outcome.text == said
    assert [citation.document_id for citation in outcome.citations] in (["tool:model_desk"], ["tool:search"])
