"""Templates are filled strictly."""

import pytest

from lorewright.evaluation.graders import UnknownPath, fill
from lorewright.evaluation.graders.template import check_template

SCOPE = {
    "item": {"question": "Why?", "turns": [{"text": "a"}, {"text": "b"}], "n": 3, "more": {"x-y": True}},
    "sample": {"output_text": "Because."},
}


def test_places_are_filled_with_or_without_blanks() -> None:
    assert fill("{{item.question}} {{ sample.output_text }}", SCOPE) == "Why? Because."


def test_a_path_leads_into_lists_and_objects() -> None:
    assert fill("{{ item.turns[1].text }}{{ item.turns.0.text }}{{ item.more.x-y }}", SCOPE) == "batrue"


def test_what_is_no_text_comes_as_json() -> None:
    assert fill("{{ item.n }} {{ item.turns }}", SCOPE) == '3 [{"text": "a"}, {"text": "b"}]'


def test_what_was_filled_in_is_not_filled_again() -> None:
    assert fill("{{ item.a }}", {"item": {"a": "{{ item.b }}", "b": "no"}}) == "{{ item.b }}"


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ item.answer }}", "no key 'answer'; the keys are question, turns, n, more"),
        ("{{ item.turns[2].text }}", "no index '2' in a list of 2"),
        ("{{ item.question.x }}", "no 'x' in \"Why?\""),
        ("{{ sample.output_json.a }}", "no key 'output_json'; the keys are output_text"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_there(template: str, told: str) -> None:
    with pytest.raises(UnknownPath) as error:
        fill(template, SCOPE)
    assert told in str(error.value)


@pytest.mark.parametrize("template", ["{{ env.HOME }}", "{{ item.x | upper }}", "{{ }}", "{{ item..x }}"])
def test_a_template_that_can_never_be_filled_is_told_beforehand(template: str) -> None:
    with pytest.raises(UnknownPath):
        check_template(template)
