"""Rows whose dates are moved together."""

import random
import re

import pytest

from lorewright.datasets import Example
from lorewright.flows.arms.moved_dates import (
    SHARE,
    ask_on_a_day,
    ask_on_one_day,
    moved,
    with_moved_dates,
)
from lorewright.messages import Message
from lorewright.tuning import Row


@pytest.mark.parametrize(
    ("text", "later"),
    [
        ("Today is 2024-06-01.", "Today is 2026-06-01."),
        ("until 5 Mar 2027, then 1.4.2028", "until 5 Mar 2029, then 1.4.2030"),
        ("March 2025 and December 31st, 2025", "March 2027 and December 31st, 2027"),
        ("seit dem 3. Mai 2020, 2019年3月", "seit dem 3. Mai 2022, 2021年3月"),
        ("| 4 | 2022-05-04 | 4.15.6 (2025-05-28) |", "| 4 | 2024-05-04 | 4.15.6 (2027-05-28) |"),
        (
            "SharePoint 2019 at 14:30, build 2024.1, 1999 euros",
            "SharePoint 2019 at 14:30, build 2024.1, 1999 euros",
        ),
    ],
)
def test_dates_are_moved_and_nothing_else(text: str, later: str) -> None:
    assert moved(text, 2) == later
    assert moved(later, -2) == text


def row(asked: str, answered: str) -> Row:
    return Row((Message("system", "Desk of 2020."), Message("user", asked)), answered)


def years(text: str) -> list[int]:
    return [int(year) for year in re.findall(r"\d{4}(?=-)", text)]


def test_half_of_the_rows_are_moved_each_as_a_whole() -> None:
    shown = row("| 4.1 | 2023-05-04 |\n\nToday is 2024-06-01. Is 4.1 served?", "It ended on 2023-05-04.")

    found = [with_moved_dates(shown, random.Random(seed)) for seed in range(200)]

    for one in found:
        end, today, answered = years(one.messages[1].content + one.completion)
        assert (today - end, answered - end) == (1, 0)
        assert one.messages[0] == shown.messages[0]
    n_moved = sum(one != shown for one in found)
    assert abs(n_moved - SHARE * len(found)) < 25
    assert len({years(one.completion)[0] for one in found}) == 13


def test_a_leap_day_stays_where_it_is() -> None:
    shown = row("Today is 2024-06-01.", "It ended on 2024-02-29.")

    assert all(with_moved_dates(shown, random.Random(seed)) == shown for seed in range(20))


def examples(questions: list[str], answers: list[str]) -> list[Example]:
    return [
        Example(str(n), (Message("user", question),), answer)
        for n, (question, answer) in enumerate(zip(questions, answers, strict=True))
    ]


ENDED = [f"It ended on {1 + n % 28} May 20{10 + n % 12}." for n in range(40)]


def test_questions_of_one_day_are_told_from_those_of_many() -> None:
    one = [f"Today is 2024-06-01. Is release {n} served?" for n in range(40)]
    many = [f"Today is 2024-06-{1 + n % 28:02}. Is release {n} served?" for n in range(40)]

    assert ask_on_one_day(examples(one, ENDED))
    assert ask_on_one_day(examples(one, [f"As of 1 June 2024: {ended}" for ended in ENDED]))
    assert not ask_on_one_day(examples(many, ENDED))
    assert ask_on_a_day(examples(many, ENDED))
    assert not ask_on_a_day(examples([f"{asked} It was on 2020-01-01." for asked in one], ENDED))
    assert not ask_on_one_day(examples(one, ["Yes, it is."] * 40))
    assert not ask_on_one_day(examples(one, ["Not since 1 June 2024."] * 40))
    assert not ask_on_one_day(examples([f"Is release {n} served?" for n in range(40)], ENDED))
    assert not ask_on_one_day(examples(one[:20], ENDED[:20]))
