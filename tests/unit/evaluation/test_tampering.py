"""Answers made wrong on purpose."""

import random

from lorewright.evaluation.meter import Grounded, measure_meter
from lorewright.evaluation.tampering import exchange_name, exchange_number, negate
from lorewright.models.fakes import WordJudge

TEXT = "Leave lasts 30 days for office staff and 35 days for night staff. Requests go to Ada Byron, not Max."
ANSWER = "Office staff have 30 days of leave. The requests go to Ada Byron."


def test_one_number_is_exchanged_for_another() -> None:
    """An answer that is still right must not count as one that the meter missed."""
    text, ((start, end),) = exchange_number(ANSWER, TEXT, (), random.Random(1)) or ("", ((0, 0),))

    assert text[:start] + "30 days" + text[end:] == ANSWER
    assert text[start:end] != "30 days"


def test_one_name_is_exchanged_for_another_of_the_text() -> None:
    """A stranger would be found by looking it up; the neighbours of a name must tell."""
    text, _ = exchange_name(ANSWER, TEXT, (), random.Random(3)) or ("", ())

    assert text.endswith("go to Max.")


def test_a_statement_is_negated() -> None:
    """No word of the answer is wrong then, and yet all of it is."""
    text, _ = negate("Flights are paid by the office.", TEXT, (), random.Random(1)) or ("", ())

    assert text in ("Flights are not paid by the office.", "Flights are never paid by the office.")


def test_the_meter_says_what_it_caught_and_what_it_took_for_wrong() -> None:
    """A meter that marks everything catches everything."""
    grounded = [Grounded("Leave lasts 30 days for office staff.", (TEXT,))] * 3

    caught = {one.kind: one for one in measure_meter(grounded, WordJudge())}

    assert caught["right"].marked.mean == 0.0
    assert caught["number"].marked.mean == 1.0
    assert caught["number"].marked.n == 3
