"""Sentences that were wrapped at the end of a line, as mail, README files and plain text are."""

import pytest

from lorewright.knowledge.words import sentences

WRAPPED = """\
Nurses work twelve hours. A swap must be entered in the roster
tool at least 48 hours ahead and approved by the ward manager, currently
Ines Okafor. Call the ward desk before the shift begins; from the third day a
doctor's note is needed."""


def _split(text: str) -> list[str]:
    return [" ".join(text[start:end].split()) for start, end in sentences(text)]


def test_a_wrapped_sentence_is_one() -> None:
    """Half a sentence as a quote drops what was asked for: here, who approves."""
    assert _split(WRAPPED) == [
        "Nurses work twelve hours.",
        "A swap must be entered in the roster tool at least 48 hours ahead and approved by the ward manager, "
        "currently Ines Okafor.",
        "Call the ward desk before the shift begins; from the third day a doctor's note is needed.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Riverside Clinic staff handbook, second edition\nThe clinic opens at seven",
        "Wartungsvertrag zwischen der Klinik und der MedTec GmbH\n§ 1 Gegenstand sind alle Pumpen",
        "Infusion pump with battery and pole mount 1290 EUR\nInfusion pump with charger and clamp 1690 EUR",
        "street: 12 Harbour Road, second floor on the left\ncity: Bergen\nzip: 5003 and whatever else",
        "apples and pears\nbananas\ncherries",
        "- a swap must be entered in the roster tool\n- a note is needed from the third day of sickness",
        "## Everything about shifts and how to swap them\nnurses work twelve hours",
        "| zone of the car park | price for a month or an hour |\nvisitors pay by the hour",
        "The following things are kept in the locker room:\nshoes and coats",
        '"eventSource": "forecast.example.com",\n"eventName": "CreateDataset",\n"awsRegion": "eu-west-1"',
        "A first paragraph that has no full stop at its end\n\nand a second one below it",
    ],
)
def test_lines_that_mean_something_stay_apart(text: str) -> None:
    """Rows, headings, addresses and lists are no sentences of each other."""
    assert _split(text) == [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_a_name_at_the_start_of_a_line_goes_on_where_other_lines_do() -> None:
    """German nouns and names have a capital wherever they stand."""
    text = (
        "Der Vertrag kann mit einer Frist von drei Monaten zum\n"
        "Jahresende schriftlich gekündigt werden, sofern nicht eine\n"
        "Partei widerspricht."
    )
    assert _split(text) == [" ".join(text.split())]


def test_a_colon_in_a_sentence_makes_no_entry_of_its_line() -> None:
    """ "age:" begins a line here only because the line before was full."""
    text = "Patients of 55 years and over, or of African family origin of any\nage: calcium-channel blocker."
    assert _split(text) == [" ".join(text.split())]


def test_short_forms_end_no_sentence_at_the_end_of_a_line() -> None:
    """A line may break behind "approx." as behind any word."""
    text = "Rinse the wound under running water for approx.\nten minutes and report to the ward desk."
    assert _split(text) == [" ".join(text.split())]


def test_scripts_without_small_letters_go_by_the_width_of_their_lines() -> None:
    """Chinese is wrapped in the middle of words."""
    text = "员工每年享有三十天带薪年假并且可以把未休完的假期结转到下一年的三\n月底。申请须提前两周提交。"
    assert [part.replace(" ", "") for part in _split(text)] == [
        "员工每年享有三十天带薪年假并且可以把未休完的假期结转到下一年的三月底。",
        "申请须提前两周提交。",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sick pay is 100 % for six\nweeks, then 70 % up to 52 weeks.",
        "Interviews begin in\n   the second week of November; Amara is in charge.",
        "Keys expire after 90 days; rotate\nthem with `keys rotate`, which keeps the old one\nfor a day.",
    ],
)
def test_an_excerpt_may_begin_in_the_middle_of_a_line(text: str) -> None:
    """What a model reads is cut at sentences, so its first line is shorter than it was."""
    assert _split(text) == [" ".join(text.split())]
