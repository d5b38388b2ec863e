"""A classifier: trained on a few examples, kept in a file, asked."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lorewright.datasets import Example
from lorewright.datasets.closed_answers import ClosedAnswers, closed_answers
from lorewright.errors import TooFewExamples, UnknownModel
from lorewright.messages import Message
from lorewright.models.fakes import HashingEmbedder
from lorewright.tuning.classifier.fit import FittedClassifier, fit_classifier
from lorewright.tuning.classifier.regression import fit_regression, softmax
from lorewright.tuning.classifier.trained import TrainedClassifier, open_classifier, save_classifier
from lorewright.tuning.classifier.validation import fit_temperature, fit_threshold, macro_f1

TOPICS = {
    "parcel": "the parcel with my order never arrived at the door",
    "invoice": "the invoice shows a wrong amount and a double charge",
    "login": "I cannot log in since the password was reset",
}
OTHER = ("zebras graze upon distant moons", "violins hum beneath quiet snow", "maps of forgotten rivers")
EMBED = HashingEmbedder().embed


def rows(topics: dict[str, str] = TOPICS, n: int = 10) -> list[Example]:
    return [
        Example(f"{label}{number}", (Message("user", f"{_without(text, number)} {number}"),), label)
        for label, text in topics.items()
        for number in range(n)
    ]


def _without(text: str, place: int) -> str:
    words = text.split()
    return " ".join(word for number, word in enumerate(words) if number != place % len(words))


def closed(examples: Sequence[Example]) -> ClosedAnswers:
    answers = closed_answers(examples, is_forced=True).answers
    assert answers is not None
    return answers


def fitted(examples: Sequence[Example], *, most: int = 1000) -> FittedClassifier:
    return fit_classifier(examples, closed(examples), EMBED, most_examples=most)


def kept(examples: Sequence[Example], folder: Path) -> TrainedClassifier:
    save_classifier(fitted(examples), folder / "c.safetensors", embedding="hashing")
    return open_classifier(folder / "c.safetensors", lambda _: EMBED)


def test_a_new_text_gets_the_label_of_its_like_and_the_reason(tmp_path: Path) -> None:
    """An answer without a reason cannot be checked by anybody."""
    said = kept(rows(), tmp_path).predict("the parcel with my order never arrived at home")
    assert said.text == "parcel"
    assert not said.is_unknown
    assert said.fields[0].top[0][0] == "parcel"
    assert all(near.example_id.startswith("parcel") for near in said.nearest)


def test_probabilities_sum_to_one_and_promise_what_was_held(tmp_path: Path) -> None:
    said = kept(rows(), tmp_path).predict("a wrong amount", n_top=10)
    assert sum(share for _, share in said.fields[0].top) == pytest.approx(1, abs=1e-4)


def test_a_text_like_nothing_that_was_learned_is_unknown(tmp_path: Path) -> None:
    """A label for what no label fits would be believed."""
    classifier = kept(rows(), tmp_path)
    assert classifier.predict("zzz qqq xxx").is_unknown
    assert not classifier.predict("the invoice shows a wrong amount").is_unknown


def test_the_examples_own_word_for_none_of_them_is_used(tmp_path: Path) -> None:
    others = [Example(f"o{n}", (Message("user", f"{OTHER[n % 3]} {n}"),), "other") for n in range(9)]
    said = kept([*rows(), *others], tmp_path).predict("violins and zebras beneath the moons")
    assert (said.text, said.fields[0].is_unknown, said.is_unknown) == ("other", True, False)


def test_refused_examples_teach_what_is_unknown(tmp_path: Path) -> None:
    refused = [
        Example(f"o{n}", (Message("user", f"{OTHER[n % 3]} {n}"),), "I do not know.", answerable=False)
        for n in range(9)
    ]
    classifier = kept([*rows(), *refused], tmp_path)
    assert classifier.predict("violins and zebras beneath the moons").is_unknown
    assert classifier.predict("the invoice shows a wrong amount").text == "invoice"


def test_every_closed_field_of_json_has_a_head(tmp_path: Path) -> None:
    examples = [
        Example(one.id, one.prompt, json.dumps({"topic": label, "paid": label == "invoice"}))
        for one in rows()
        for label in [one.completion]
    ]
    said = kept(examples, tmp_path).predict("the invoice shows a wrong amount")
    assert json.loads(said.text) == {"topic": "invoice", "paid": True}
    assert [field.name for field in said.fields] == ["topic", "paid"]


def test_the_same_examples_give_the_same_file(tmp_path: Path) -> None:
    """What a deployment keeps is told by its content."""
    first = save_classifier(fitted(rows()), tmp_path / "a", embedding="hashing")
    assert save_classifier(fitted(rows()), tmp_path / "b", embedding="hashing") == first


def test_a_label_with_one_example_is_learned_and_not_validated() -> None:
    made = fitted([*rows(), *rows({"refund": "please refund the money"}, 1)])
    assert made.validations[0].n_labels == 4
    assert made.validations[0].accuracy is not None


def test_one_example_of_each_label_says_that_nothing_can_be_told() -> None:
    made = fitted(rows({f"label{letter}": f"{letter * 4} {letter * 3}" for letter in "abcdefgh"}, 1))
    assert made.validations[0].accuracy is None


def test_of_too_many_examples_each_label_keeps_its_share() -> None:
    """A hundred thousand rows must not take an hour; rare labels must not go."""
    made = fitted([*rows(n=40), *rows({"refund": "please refund the money"}, 5)], most=20)
    assert (len(made.example_ids), made.n_left_out) == (20, 105)
    assert sum(name.startswith("refund") for name in made.example_ids) == 5


def test_examples_without_a_question_are_left_out() -> None:
    made = fitted([*rows(), Example("blank", (Message("user", "  "),), "parcel")])
    assert made.n_unusable == 1


def test_three_examples_are_too_few() -> None:
    with pytest.raises(TooFewExamples, match="3 examples"):
        fitted(rows(n=1))


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.safetensors").write_bytes(b"no weights")
    with pytest.raises(UnknownModel, match="not a classifier"):
        open_classifier(tmp_path / "c.safetensors", lambda _: EMBED)


def test_regression_finds_the_best_weights() -> None:
    """Against what follows by hand: with a mirrored pair of rows the weights are mirrored too."""
    inputs = np.array([[1.0], [-1.0]], np.float32)
    found = fit_regression(inputs, np.array([0, 1]), 2, penalty=1.0)
    gap = float(found.weights[0, 0] - found.weights[0, 1])
    # The gradient is zero where the penalty's pull, gap / 2, is the two rows' push, 2 sigmoid(-gap).
    assert gap / 2 == pytest.approx(2 / (1 + np.exp(gap)), abs=2e-3)


def test_a_temperature_softens_what_was_too_sure() -> None:
    logits = np.array([[9.0, 0.0]] * 10, np.float32)
    labels = np.array([0] * 7 + [1] * 3)
    temperature = fit_temperature(logits, labels)
    assert softmax(logits, temperature)[0, 0] < softmax(logits)[0, 0]


def test_a_threshold_gives_up_at_most_a_twentieth_of_the_right_answers() -> None:
    known = np.zeros((100, 3), np.float32)
    known[:, 0] = np.arange(2, 102)
    unknown = np.tile(np.array([[1.0, 0.0, 0.5]], np.float32), (5, 1))
    labels = np.array([0] * 100 + [2] * 5)
    threshold = fit_threshold(np.concatenate([known, unknown]), labels, 2)
    assert 1 < threshold.value <= 7


def test_macro_f1_counts_every_label_the_same() -> None:
    assert macro_f1([0, 0, 0, 1], [0, 0, 0, 0]) == pytest.approx((6 / 7 + 0) / 2)
