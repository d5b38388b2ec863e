"""How far dates lie from the day that a question names."""

from datetime import date

import pytest

from lorewright.knowledge.date_distances import named_day, with_distances

DAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        ("Today is 2024-06-01. Is 4.1 served?", DAY),
        ("Is 4.1 served on 1 June 2024? I ask on June 1st, 2024, at 14:30.", DAY),
        ("Wird 4.1 am 1. Juni 2024 unterstützt?", DAY),
        ("Is 4.1 served in June 2024?", None),
        ("Between 2024-06-01 and 2024-07-01?", None),
        ("Was it so on 03/04/2024?", None),
        ("On 2024-02-30?", None),
        ("Is 4.1 served?", None),
    ],
)
def test_a_question_names_one_day_or_none(asked: str, day: date | None) -> None:
    assert named_day(asked) == day


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "| 4.1 | 2024-03-04 | 2025-06-01 |",
            "| 4.1 | 2024-03-04 (89 days ago) | 2025-06-01 (in 365 days) |",
        ),
        ("until 2 June 2024", "until 2 June 2024 (in 1 day)"),
        ("seit 31.05.2024, heute 1.6.2024", "seit 31.05.2024 (1 day ago), heute 1.6.2024 (that day)"),
        ("2020-01-01 to 2030-12-31", "2020-01-01 (4 years ago) to 2030-12-31 (in 7 years)"),
        ("5.7.8 (2025-05-29), May 2025, 14:30", "5.7.8 (2025-05-29 (in 362 days)), May 2025, 14:30"),
        ("No end date", "No end date"),
    ],
)
def test_every_full_date_tells_its_distance(text: str, told: str) -> None:
    assert with_distances(text, DAY) == told
