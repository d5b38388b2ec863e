"""The node that answers with a label."""

from dataclasses import dataclass

import pytest

from lorewright.datasets import Example
from lorewright.errors import InvalidFlow
from lorewright.flows import arms, run, style_from
from lorewright.flows.answer_trace import trace_of
from lorewright.flows.fakes import GivenParts
from lorewright.flows.flow import Flow, Node
from lorewright.flows.parameters import build
from lorewright.messages import Message
from lorewright.settings import Settings, Tuning
from lorewright.tuning.classifier import FieldPrediction, NearExample, Prediction

SEEN = Example("seen", (Message("user", "Where is my parcel?"),), "delay")
ASKED = (Message("user", "It has not come."),)
LABELLED = [
    Example(f"e{n}", (Message("user", f"Question {n}?"),), ("delay", "refund")[n % 2]) for n in range(30)
]


@dataclass(frozen=True)
class Told:
    """A classifier that says the same of every text."""

    prediction: Prediction
    name: str = "hashing"
    sha256: str = "c0ffee"

    def predict(self, _text: str, *, n_top: int = 3, n_nearest: int = 3) -> Prediction:
        assert n_top == 3
        assert n_nearest == 3
        return self.prediction


def said(probability: float = 0.9, *, is_unknown: bool = False) -> Prediction:
    field = FieldPrediction(
        name="",
        label="delay",
        probability=probability,
        top=(("delay", probability), ("refund", 1 - probability)),
        is_unknown=is_unknown,
    )
    nearest = (NearExample("seen", 0.8), NearExample("hidden", 0.7))
    return Prediction(
        text="" if is_unknown else "delay", fields=(field,), nearest=nearest, is_unknown=is_unknown
    )


def parts(prediction: Prediction) -> GivenParts:
    return GivenParts({}, examples=[SEEN], classifier=Told(prediction))


def tuned(**params: float) -> Flow:
    flow = arms(style_from(LABELLED, Settings()))["tuned"]
    nodes = tuple(
        Node(node.id, node.kind, {**node.params, **params}) if node.kind == "classify" else node
        for node in flow.nodes
    )
    return Flow(flow.name, nodes, flow.edges)


def test_the_answer_is_the_label_with_its_reasons() -> None:
    """Examples that whoever asks may not see are no reason to show."""
    answer = run(tuned(), ASKED, parts(said()))
    assert (answer.text, answer.refused) == ("delay", False)
    told = answer.trace["classify"]
    assert told["top"] == [
        {"label": "delay", "probability": 0.9},
        {"label": "refund", "probability": 0.1},
    ]
    assert told["nearest"] == [{"question": "Where is my parcel?", "answer": "delay", "likeness": 0.8}]
    assert trace_of(answer, tuned())["labels"] == [
        {"probability": 0.9, "unknown": False, "top": told["top"], "nearest": told["nearest"]}
    ]
    assert (answer.provenance.model, answer.provenance.adapter) == ("hashing", "c0ffee")


def test_what_no_label_fits_is_refused() -> None:
    answer = run(tuned(), ASKED, parts(said(is_unknown=True)))
    assert (answer.text, answer.refused) == ("None of the labels fits.", True)


def test_a_label_below_the_least_probability_is_not_given() -> None:
    assert run(tuned(min_probability=0.5), ASKED, parts(said(0.4))).refused
    assert not run(tuned(min_probability=0.5), ASKED, parts(said(0.6))).refused


def test_labels_make_the_tuned_arm_a_classifier_unless_a_lora_is_asked_for() -> None:
    def kinds(settings: Settings, examples: list[Example]) -> set[str]:
        return {node.kind for node in arms(style_from(examples, settings))["tuned"].nodes}

    free = [Example(f"e{n}", (Message("user", f"{n}?"),), f"Number {n} it is.") for n in range(30)]
    assert "classify" in kinds(Settings(), LABELLED)
    assert "generate" in kinds(Settings(tuning=Tuning(method="lora")), LABELLED)
    assert "generate" in kinds(Settings(), free)
    assert "classify" in kinds(Settings(tuning=Tuning(method="classifier")), free)


def test_generate_refuses_a_classifier_and_classify_everything_else() -> None:
    """What is drawn in the editor fails before it runs, and says what to use."""
    with pytest.raises(InvalidFlow, match="writes no text"):
        build(Node("generate", "generate", {"adapter": "classifier"}))
    with pytest.raises(InvalidFlow, match="bare is no classifier"):
        build(Node("classify", "classify", {"adapter": "bare"}))
