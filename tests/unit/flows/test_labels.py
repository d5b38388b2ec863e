"""Answers that are labels of a closed set."""

from collections.abc import Sequence

import pytest
from tests.fixtures.drawn_flows import made

from lorewright.datasets import Example
from lorewright.flows import arms, style_from
from lorewright.flows.answer import Draft
from lorewright.flows.fakes import GivenParts
from lorewright.flows.labels import labels_of, nearest_label
from lorewright.messages import Message
from lorewright.settings import Settings, Tuning

LABELS = ("card_arrival", "card_not_working", "refund", "refund_not_showing_up", "top_up_failed")


def examples_of(answers: Sequence[str]) -> list[Example]:
    return [
        Example(f"e{number}", (Message("user", f"Question {number}?"),), answer)
        for number, answer in enumerate(answers)
    ]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("card_arrival", "card_arrival"),
        ("Card arrival.", "card_arrival"),
        ("The label is: card-not-working", "card_not_working"),
        ("refund not showing up", "refund_not_showing_up"),
        ("card_isnt_working", "card_not_working"),
        ("topup_failing", "top_up_failed"),
        ("I cannot answer that from the documents.", "I cannot answer that from the documents."),
    ],
)
def test_a_text_becomes_the_label_that_it_means(text: str, label: str) -> None:
    """A tuned model writes labels that sound right and are not there."""
    assert nearest_label(text, LABELS) == label


def test_short_answers_that_occur_again_are_labels() -> None:
    assert set(labels_of(examples_of(LABELS * 5))) == set(LABELS)
    assert labels_of(examples_of(("urgent", *LABELS * 5)))[0] in LABELS  # one stray answer changes nothing


@pytest.mark.parametrize(
    "answers",
    [
        LABELS * 2,  # too few to tell
        [f"the {number}th of May" for number in range(40)],
        ["The notice period is three months to the end of the quarter."] * 40,
        [*("Not on our list.",) * 20, *(f"Until 20{number}" for number in range(30, 60))],
    ],
)
def test_other_answers_are_not(answers: Sequence[str]) -> None:
    assert labels_of(examples_of(answers)) == ()


def test_only_arms_that_know_the_labels_give_them() -> None:
    """The base model never saw them: choosing for it would measure the choice, not the model."""
    flows = arms(style_from(examples_of(LABELS * 8), Settings(tuning=Tuning(method="lora"))))
    choosing = {name for name, flow in flows.items() if any(node.kind == "label" for node in flow.nodes)}
    assert choosing == {"few-shot", "rag-few-shot", "tuned", "naive-hybrid", "hybrid"}
    prose = arms(
        style_from(examples_of([f"Answer {number}, at length." for number in range(40)]), Settings())
    )
    assert not any(node.kind == "label" for flow in prose.values() for node in flow.nodes)


def test_the_node_keeps_refusals_and_what_a_model_wrote_is_noted() -> None:
    node = {"labels": list(LABELS)}
    refusal = Draft(text="refund", refused=True)
    assert made("label", node, GivenParts({}), draft=refusal)["draft"] == refusal
    assert made("label", node, GivenParts({}), draft=Draft(text="Refund!"))["draft"].text == "refund"
