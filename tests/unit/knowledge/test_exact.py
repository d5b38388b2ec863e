"""One value, however it is written."""

import pytest

from lorewright.knowledge.exact import Exact, exact_values, same


def only(text: str, language: str = "") -> Exact:
    (value,) = exact_values(text, language)
    return value


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.249,50 €", "€1,249.50"),
        ("1.249,50 €", "1249,50 Euro"),
        ("1 249,50 EUR", "1'249.50 euros"),
        ("2 hours", "120 minutes"),
        ("drei Wochen", "21 Tage"),
        ("1.5 million", "1,500,000"),
        ("3,5 млн рублей", "3500000 руб"),
        ("neunundzwanzig", "29"),
        ("quatre-vingt-douze", "92"),
        ("ventotto", "28"),
        ("zweihundertfünf", "205"),
        ("二十九天", "29天"),
        ("٢١ يوما", "21 days"),
        ("5. März 2027", "2027-03-05"),
        ("2027年3月5日", "March 5th, 2027"),
        ("E-4711", "e4711"),
        ("2:30 pm", "14:30"),
        ("50 per cent", "50%"),
        ("about 1.2 million", "1,234,567"),
    ],
)
def test_the_same_value_in_another_notation_is_the_same(left: str, right: str) -> None:
    """A German page, an English answer and a spelled-out number must not contradict each other."""
    assert same(only(left), only(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.249,50 €", "$1,249.50"),
        ("5 days", "5 weeks"),
        ("3.1", "3.10"),
        ("18.0.69", "18.0.68"),
        ("about 1.3 million", "1,234,567"),
        ("P-100", "P-1001"),
        ("2:30 am", "14:30"),
        ("Monday", "Dienstag"),
    ],
)
def test_another_value_or_unit_is_not_the_same(left: str, right: str) -> None:
    assert not same(only(left), only(right))


@pytest.mark.parametrize(
    "text",
    [
        "1. Open the cover.\n2. Turn the bulb.\n3. Close the cover.",
        "Do this: 1) open it, 2) turn it.",
        "Step 1: Open it.\nStep 2: Close it.",
        "As the text says [2].",
    ],
)
def test_numbers_that_count_items_are_no_values(text: str) -> None:
    """An answer as a numbered list was refused because no document says 1, 2 and 3."""
    assert exact_values(text) == ()


def test_a_year_at_the_start_of_a_line_is_a_value() -> None:
    assert [value.text for value in exact_values("2019. A good year.")] == ["2019"]
