"""Rows whose dates are all moved by the same number of years: what an answer says of them stays right.

Examples that were written on one day ask "today is 1 June 2024" in every question. A model that learns from
them cannot tell a rule about that day, such as "ended before today", from one about a date. Seen with other
days it learns to compare (as entities are put in each other's place in Longpre et al. 2021, "Entity-based
knowledge conflicts in question answering").
"""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import ceil

from lorewright.datasets import Example
from lorewright.knowledge.date_distances import days_in, named_day
from lorewright.knowledge.dates import dates_in
from lorewright.messages import last_user_turn
from lorewright.tuning import Row

SHARE = 0.5
"""Of the rows are moved; the others keep their dates."""
MOST_YEARS = 6
_MIN_EXAMPLES, _MOST_EXAMPLES, _NEARLY_ALL = 30, 50, 0.9
_YEAR = re.compile(r"(?<!\d)[12]\d{3}(?!\d)")


def ask_on_a_day(examples: Sequence[Example]) -> bool:
    """Return whether nearly all questions name one day, and most answers others: they compare dates."""
    return bool(_days_asked_on(examples))


def ask_on_one_day(examples: Sequence[Example]) -> bool:
    """Return whether they compare dates, nearly all with the same day.

    Where questions name many days, answers may rest on what is true of a certain time: those are learned as
    they are.
    """
    days = Counter(_days_asked_on(examples))
    return bool(days) and days.most_common(1)[0][1] >= _NEARLY_ALL * days.total()


def _days_asked_on(examples: Sequence[Example]) -> list[date]:
    """Return the days that questions name, where examples compare dates; a sample of many tells."""
    if len(examples) < _MIN_EXAMPLES:
        return []
    sample = examples[:: ceil(len(examples) / _MOST_EXAMPLES)]
    days: list[date] = []
    n_others = n_dated = 0
    for example in sample:
        day = named_day(last_user_turn(example.turns))
        if day is None:
            n_others += 1
        else:
            days.append(day)
            n_dated += bool(days_in(example.completion) - {day})
        if n_others > (1 - _NEARLY_ALL) * len(sample):
            return []
    return days if 2 * n_dated >= len(sample) else []


def with_moved_dates(row: Row, draw: random.Random) -> Row:
    """Return a row with all its dates moved by up to six years, or as it is: half of the time."""
    if draw.random() >= SHARE:
        return row
    years = draw.choice([years for years in range(-MOST_YEARS, MOST_YEARS + 1) if years])
    texts = [*(turn.content for turn in row.messages), row.completion]
    if any(_has_leap_day(text) for text in texts):  # there is none in other years
        return row
    messages = tuple(replace(turn, content=moved(turn.content, years)) for turn in row.messages)
    return replace(row, messages=messages, completion=moved(row.completion, years))


def moved(text: str, years: int) -> str:
    """Return a text with its dates so many years later; what is no date, such as a version, stays."""
    parts, end = [], 0
    for found in sorted(dates_in(text), key=lambda found: found.start):
        if not found.is_time:
            later = _YEAR.sub(lambda year: str(int(year.group()) + years), text[found.start : found.end])
            parts += [text[end : found.start], later]
            end = found.end
    return "".join((*parts, text[end:]))


def _has_leap_day(text: str) -> bool:
    return any((day.month, day.day) == (2, 29) for day in days_in(text))
