"""Dates, numbers and words without their dress."""

import pytest

from lorewright.evaluation.compared import is_in, is_same, words
from lorewright.knowledge.notation import with_exact_values


@pytest.mark.parametrize(
    "written",
    [
        *("8 Jul 2025", "8th of July, 2025", "Jul. 8, 2025", "July 8 2025", "2025/7/8", "2025-07-08"),
        *("08.07.2025", "8. Juli 2025", "2025年7月8日"),
    ],
)
def test_a_date_is_the_same_in_every_format(written: str) -> None:
    """A target is written in one format and models answer in another."""
    assert with_exact_values(f"It ends on {written}.") == "It ends on 2025-07-08."
    assert is_in("2025-07-08", f"Fixes arrive until {written}.")


@pytest.mark.parametrize("written", ["18.0.69.3", "30.13.2024", "03/04/2024"])
def test_what_only_looks_like_a_date_stays(written: str) -> None:
    """A version is no date, and 03/04/2024 is two dates."""
    assert with_exact_values(written) == written


def test_versions_and_decimals_stay_whole() -> None:
    """SQuAD's rule turns 3.11 into 311, which is another release."""
    assert words("The v3.11 costs $1,496.50!") == ["3.11", "costs", "1496.50"]
    assert not is_in("18.0.69", "The latest patch is 18.0.69.3.")
    assert not is_same("3.1", "3.10")


def test_scripts_without_spaces_compare_by_character() -> None:
    assert words("黑豹队 308分") == ["黑", "豹", "队", "308", "分"]


def test_small_words_do_not_hide_a_short_target() -> None:
    assert is_in("no end date announced", "No end date is announced for it.")
    assert is_in("Kawann Short", "It was Kawann Short, with 11 sacks.")
    assert not is_in("Kawann Short", "Kawann had a short game.")


def test_a_bare_no_is_not_found_in_every_sentence() -> None:
    """Or every wrong answer to a yes/no question would be right."""
    assert is_in("no", "No, support ended.")
    assert not is_in("no", "Yes. There is no end date.")
    assert not is_in("no", "There was some effect.")


def test_equal_numbers_are_the_same_value() -> None:
    assert is_same("1,500", "1500.0")
    assert is_same("08.07.2025", "8 Jul 2025")
    assert not is_same("1500", "1501")


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("1249.50", "Die Jahreskarte kostet 1.249,50 Euro."),
        ("€1,249.50", "Sie kostet 1249,50 Euro."),
        ("29", "Es sind neunundzwanzig Tage."),
        ("21 days", "You may keep it for three weeks."),
        ("E-4711", "The display shows E4711."),
    ],
)
def test_an_answer_is_right_in_every_notation(target: str, said: str) -> None:
    """Grounding and scoring read values alike: what is shown as right is scored as right."""
    assert is_in(target, said)


def test_the_right_number_of_the_wrong_thing_is_wrong() -> None:
    assert not is_in("5 days", "It takes 5 weeks.")
    assert is_in("5 days", "It takes 5.")
