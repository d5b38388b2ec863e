"""Tasks for models of the settings: which one gets a marked text, and what is looked up about its label."""

import re
from typing import Any

import pytest

from lorewright.agents.fixed_plan import FixedPlan
from lorewright.agents.journal import MemoryJournal
from lorewright.agents.model_tasks import model_task, resolved
from lorewright.agents.outcome import Outcome
from lorewright.agents.run import run_agent
from lorewright.agents.tool import AgentTool, ToolOutput, tool_from
from lorewright.documents import Chunk

SORTER = ("model_desk", "Says which kind of ticket a message is: late_return, damage or other.")
WRITER = ("model_voice", "Writes the reply to a customer in our voice.")
RULES = {"late return": "Every started day costs 40 %.", "damage": "Report it within 24 hours."}


def tool(name: str, description: str) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "description": description}}


@pytest.mark.parametrize(
    ("task", "steps"),
    [
        ('Classify this ticket: "The saw broke."', ["model_desk"]),
        ("Classify this ticket: The saw broke in my hand.", ["model_desk"]),
        ('A customer writes "The saw broke." What kind of ticket is it?', ["model_desk"]),
        (
            'Classify this ticket and look up the rule for it: "It comes back late."',
            ["model_desk", "look up the rule for it"],
        ),
        (
            'Which kind of ticket is this and by when must it be reported? "The saw broke."',
            ["model_desk", "by when must it be reported"],
        ),
        (
            'Which rule applies to this ticket? "It comes back late."',
            ["model_desk", "Which rule applies to this ticket"],
        ),
        (
            "Classify this ticket: The saw broke in my hand. Then tell what it costs.",
            ["model_desk", "tell what it costs"],
        ),
        (
            'Classify this ticket, look up the rule for it and write a reply in our voice: "The saw broke."',
            ["model_desk", "look up the rule for it", "model_voice"],
        ),
        (
            "Klassifiziere dieses Ticket und nenne die Regel dafür: „Die Säge ist kaputt.“",
            ["model_desk", "nenne die Regel dafür"],
        ),
        ('Write the reply in our voice: "The saw broke."', ["model_voice"]),
    ],
)
def test_each_clause_of_a_task_is_a_step(task: str, steps: list[str]) -> None:
    made = model_task(task, [tool(*SORTER), tool(*WRITER)])
    assert made is not None
    assert [step.name for step in made.steps] == steps
    assert made.text.startswith(("The saw broke", "It comes back late", "Die Säge"))


@pytest.mark.parametrize(
    "task",
    [
        'Who said "The saw broke."?',
        "Which kind of ticket has the most rows?",
        "Compare two things: the price of the saw and of the drill",
        'What does "late return" cost?',
    ],
)
def test_a_task_without_a_text_for_a_model_asks_none(task: str) -> None:
    assert model_task(task, [tool(*SORTER)]) is None


@pytest.mark.parametrize(
    ("question", "label", "asked"),
    [
        ("look up the rule for it", "late_return", "What is the rule for late return?"),
        ("Which rule applies to this ticket", "damage", "Which rule applies to damage?"),
        ("what does it cost", "damage", "what does it cost: damage?"),
        ("tell what it costs", "damage", "what it costs: damage?"),
        ("What do we say about the category of this ticket", "damage", "What do we say about damage?"),
        ("nenne die Regel dafür", "Schaden", "Wie lautet die Regel für Schaden?"),
        (
            "find the rule for it",
            '{"team": "desk_north", "urgent": true}',
            "What is the rule for desk north?",
        ),
        ("look up the rule for it", "", "What is the rule for it?"),
    ],
)
def test_a_question_names_what_the_model_said(question: str, label: str, asked: str) -> None:
    assert resolved(question, label) == asked


def passage(document: str, text: str) -> Chunk:
    return Chunk(document, document, document, 0, len(text), text)


def solved(task: str, *, is_broken: bool = False) -> Outcome:
    """Return what fixed steps make of a task with a model that sorts, one that writes, and two pages."""

    def sort(text: str) -> str:
        if is_broken:
            raise RuntimeError("no weights")
        return "damage" if "broke" in text else "late_return" if "late" in text else "delivery"

    def write(text: str) -> str:
        return f"Ahoy! {' '.join(text.split())}"

    def ask(question: str) -> ToolOutput:
        """Have a question answered."""
        rule = next((rule for label, rule in RULES.items() if re.search(f"{label}[?]?$", question)), "")
        return ToolOutput("Answer of quote: " + (rule or "I cannot answer that."), _chunks(rule))

    def search(query: str, n: int = 5) -> ToolOutput:  # noqa: ARG001
        """Find passages."""
        return ToolOutput(
            chunks=(passage("prices.md", "A saw costs 12."), passage("delivery.md", "Call us."))
        )

    def _chunks(rule: str) -> tuple[Chunk, ...]:
        return (passage("rules.md", rule),) if rule else ()

    tools: list[AgentTool] = [
        tool_from(sort, name=SORTER[0], description=SORTER[1], is_source=True),
        tool_from(write, name=WRITER[0], description=WRITER[1], is_source=True),
        tool_from(ask),
        tool_from(search),
    ]
    return run_agent(task, driver=FixedPlan("small"), tools=tools, journal=MemoryJournal())


def test_the_rule_for_a_label_is_looked_up_and_cited() -> None:
    outcome = solved('Classify this ticket and look up the rule for it: "It comes back late."')
    assert outcome.text == "late_return\n\nEvery started day costs 40 %."
    assert [citation.document_id for citation in outcome.citations] == ["tool:model_desk", "rules.md"]


def test_a_writer_gets_what_was_found_and_its_text_stands_first() -> None:
    """A tuned voice that has to make up what a thing costs would be worse than none."""
    outcome = solved(
        'Classify this ticket, look up the rule for it and write the reply in our voice: "My saw broke."'
    )
    assert outcome.text.split("\n\n") == [
        "Ahoy! My saw broke. Report it within 24 hours.",
        "damage",
        RULES["damage"],
    ]


def test_a_label_without_a_rule_shows_the_passage_that_is_called_like_it() -> None:
    outcome = solved('Classify this ticket and look up the rule for it: "Good morning."')
    assert outcome.text == (
        "delivery\n\nlook up the rule for it: not found in the documents. "
        "The nearest passage, which may not answer it: Call us."
    )


def test_a_model_that_fails_is_said_and_the_rest_is_done() -> None:
    outcome = solved('Classify this ticket and look up the rule for it: "My saw broke."', is_broken=True)
    assert outcome.text.startswith("model_desk failed: RuntimeError: no weights")
