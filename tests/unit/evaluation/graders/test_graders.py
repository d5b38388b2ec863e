"""What graders say of an output."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from lorewright.evaluation.graders import Grade, Grader, GraderReply, InvalidFormula, Means, UnreadableGrade
from lorewright.evaluation.graders.formula import compute

GRADER: TypeAdapter[Any] = TypeAdapter(Grader)
SCOPE = {"item": {"capital": "Paris", "said": "no"}, "sample": {"output_text": "It is Paris."}}
ASKED = [{"role": "user", "content": "Is {{ sample.output_text }} right?"}]


def grade(grader: Mapping[str, Any], *, says: str = "") -> Grade:
    def ask(model: str, messages: Sequence[Mapping[str, str]], options: Mapping[str, Any]) -> GraderReply:
        return GraderReply(says, {"model": model, "input": list(messages), "options": dict(options)})

    made: Grade = GRADER.validate_python(grader).grade(SCOPE, Means(ask, lambda a, b: float(a == b)))
    return made


@pytest.mark.parametrize(
    ("operation", "reference", "passed"),
    [
        ("eq", "It is Paris.", True),
        ("eq", "it is paris.", False),
        ("ne", "{{ item.capital }}", True),
        ("like", "{{ item.capital }}", True),
        ("like", "paris", False),
        ("ilike", "PARIS", True),
    ],
)
def test_strings_are_compared(operation: str, reference: str, passed: bool) -> None:
    check = {"type": "string_check", "name": "c", "input": "{{ sample.output_text }}"}
    assert grade({**check, "operation": operation, "reference": reference}).passed is passed


def test_similarity_passes_from_its_threshold_on() -> None:
    similar = {"type": "text_similarity", "name": "s", "input": "a b", "reference": "a c"}
    told = grade({**similar, "evaluation_metric": "rouge_1", "pass_threshold": 0.5})
    assert (told.score, told.passed) == (0.5, True)
    assert not grade({**similar, "evaluation_metric": "rouge_1", "pass_threshold": 0.6}).passed
    assert grade({**similar, "evaluation_metric": "cosine", "pass_threshold": 0.5}).score == 0.0


@pytest.mark.parametrize(
    ("says", "passed"),
    [('{"label": "good"}', True), ("bad", False), (" good\n", True), ('```\n{"label": "bad"}\n```', False)],
)
def test_a_model_chooses_a_label(says: str, passed: bool) -> None:
    label = {"type": "label_model", "name": "l", "model": "judge", "input": ASKED}
    told = grade({**label, "labels": ["good", "bad"], "passing_labels": ["good"]}, says=says)
    assert told.passed is passed
    assert told.sample is not None
    assert told.sample["input"] == [{"role": "user", "content": "Is It is Paris. right?"}]


def test_a_model_that_chooses_no_label_is_quoted() -> None:
    label = {"type": "label_model", "name": "l", "model": "judge", "input": ASKED}
    with pytest.raises(UnreadableGrade, match="judge replied 'perhaps'; expected one of good, bad"):
        grade({**label, "labels": ["good", "bad"], "passing_labels": ["good"]}, says="perhaps")


@pytest.mark.parametrize(
    ("says", "score"),
    [
        ('{"result": 7}', 7.0),
        ("4", 4.0),
        ('```json\n{"result": 8}\n```', 8.0),
        ('<think>It is {mostly} right.</think>\nMy verdict: {"why": "short", "result": 6}', 6.0),
        ('{"result": 3} As I said: {"result": 3.0}', 3.0),
    ],
)
def test_a_model_gives_a_score(says: str, score: float) -> None:
    told = grade(
        {"type": "score_model", "name": "s", "model": "judge", "input": ASKED, "range": [0, 10]}, says=says
    )
    assert (told.score, told.passed) == (score, score >= 5)


@pytest.mark.parametrize(
    "says",
    [
        '{"result": 11}',
        "seven",
        '{"score": 1}',
        "nan",
        '{"result": NaN}',
        "8 of 10",
        '{"result": {"a": 8}}',
        '{"result": 8} or rather {"result": 9}',
        '{"result": 8, "result": 9}',
        '```json\n{"result": \n```',
    ],
)
def test_a_score_out_of_its_range_is_none(says: str) -> None:
    with pytest.raises(UnreadableGrade, match="expected a number from 0 to 10"):
        grade(
            {"type": "score_model", "name": "s", "model": "judge", "input": ASKED, "range": [0, 10]},
            says=says,
        )


def test_several_graders_make_one_score() -> None:
    check = {"type": "string_check", "input": "{{ sample.output_text }}", "operation": "ilike"}
    told = grade({
        "type": "multi", "name": "m", "calculate_output": "0.75 * holds + 0.25 * max(other, 0)",
        "graders": {
            "holds": {**check, "name": "holds", "reference": "paris"},
            "other": {**check, "name": "other", "reference": "rome"},
        },
    })  # fmt: skip
    assert (told.score, told.passed, told.parts) == (0.75, True, {"holds": 1.0, "other": 0.0})


@pytest.mark.parametrize(
    ("grader", "told"),
    [
        ({"type": "python", "source": "1"}, "not supported"),
        ({"type": "text_similarity", "input": "", "reference": "", "evaluation_metric": "meteor"}, "WordNet"),
        ({"type": "string_check", "name": "", "input": "{{ x }}", "reference": "", "operation": "eq"}, "or"),
        (
            {
                "type": "multi", "name": "", "calculate_output": "a + b",
                "graders": {"name": "a", "type": "string_check", "input": "", "reference": "",
                            "operation": "eq"},
            },
            "calculate_output names b; the graders are a",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_graded_is_refused_when_it_is_asked_for(grader: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        GRADER.validate_python(grader)


@pytest.mark.parametrize(
    ("formula", "value"),
    [("2 ^ 3 - 1", 7.0), ("-min(a, 1, 2)", -0.5), ("sqrt(abs(-4)) * log(exp(1))", 2.0), ("ceil(a)", 1.0)],
)
def test_a_formula_is_computed(formula: str, value: float) -> None:
    assert compute(formula, {"a": 0.5}) == pytest.approx(value)


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os')",
        "a.real",
        "1 / 0",
        "9 ^ 9 ^ 9 ^ 9",
        "-" * 990 + "1",
        "a if a else a",
        "'a' * 9",
        "a +",
    ],
)
def test_a_formula_is_arithmetic_and_nothing_else(formula: str) -> None:
    with pytest.raises(InvalidFormula):
        compute(formula, {"a": 0.5})
