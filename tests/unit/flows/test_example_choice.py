"""Examples that fit the question: shown in the prompt, or given as the answer."""

from dataclasses import replace

from lorewright.datasets import Example
from lorewright.flows import ExamplePool, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.messages import Message
from lorewright.models.fakes import ScriptedEngine


def example(name: str, question: str, answer: str) -> Example:
    return Example(name, (Message("user", question),), answer)


REFUND = example("refund", "How do I get a refund for my order?", "Open Orders and press Refund.")
REFUND_TOO = example("refund-2", "How do I get a refund for my order", "Press Refund.")
ADDRESS = example("address", "How do I change the address of my order?", "Open Orders and press Address.")
HOURS = example("hours", "When are you open on Sundays?", "From 10 to 16.")
ALL = (HOURS, ADDRESS, REFUND, REFUND_TOO)
STYLE = Style(instruction="", refusal="No idea.", few_shot=(HOURS, ADDRESS))


def prompt_of(style: Style, question: str) -> str:
    engine = ScriptedEngine({}, otherwise="Yes.")
    run(arms(style)["few-shot"], (Message("user", question),), GivenParts({"": engine}, examples=ALL))
    return "\n".join(turn.content for turn in engine.seen[0])


def test_the_examples_most_like_the_question_are_shown() -> None:
    """What any engineer would try before tuning; tuning has to beat it."""
    prompt = prompt_of(STYLE, "Can I get a refund for an order of last week?")

    assert REFUND.completion in prompt
    assert HOURS.completion not in prompt


def test_the_most_alike_example_stands_next_to_the_question() -> None:
    prompt = prompt_of(STYLE, "Can I get a refund for an order of last week?")

    assert prompt.index("address of my order") < prompt.index("get a refund for my order?")


def test_of_examples_that_ask_the_same_only_one_is_chosen() -> None:
    chosen = ExamplePool(ALL).nearest("How do I get a refund for my order?", 3)

    assert sum(near.example.id.startswith("refund") for near in chosen) == 1


def test_a_setting_keeps_the_same_examples_for_every_question() -> None:
    prompt = prompt_of(replace(STYLE, example_choice="fixed"), "Can I get a refund for an order?")

    assert HOURS.completion in prompt


def test_the_answer_of_the_nearest_example_is_an_arm() -> None:
    """The floor that a tuned model has to beat where the same questions come again."""
    parts = GivenParts({}, examples=ALL)
    nearest = arms(STYLE)["nearest"]

    answer = run(nearest, (Message("user", "On which Sundays are you open?"),), parts)
    unlike = run(nearest, (Message("user", "Who wrote Faust?"),), parts)

    assert (answer.text, answer.refused) == (HOURS.completion, False)
    assert (unlike.text, unlike.refused) == ("No idea.", True)
