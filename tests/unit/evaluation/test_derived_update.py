"""Questions about a change, from two versions of a page."""

from collections.abc import Callable

import pytest

from lorewright.evaluation import Question
from lorewright.evaluation.derived_update import about_the_change, new_value

Ask = Callable[..., Question]
OLD = """# Leave

Everyone has 28 days of leave a year.
Ask Ada Brown before you go.
| Plesk 18 | 2025-07-08 |
"""


@pytest.mark.parametrize(
    ("target", "new", "value"),
    [
        ("28 days", OLD.replace("28", "30"), "30 days"),
        ("Ada Brown", OLD.replace("Ada Brown", "Bo Li"), "Bo Li"),
        ("2025-07-08", OLD.replace("2025-07-08", "2026-01-13"), "2026-01-13"),
        ("28 days", "# Leave\n\nThere is no leave at all in this house any more.\n", ""),
        ("28 days", OLD.replace("Everyone has 28 days of leave a year.\n", ""), ""),
        ("28 days", OLD.replace("Everyone has 28 days", "Since May everyone has 30 days"), "30 days"),
    ],
)
def test_the_value_in_its_place_is_the_new_answer(target: str, new: str, value: str) -> None:
    assert new_value(target, OLD, new) == value


def test_the_old_answer_becomes_the_stale_one(ask: Ask) -> None:
    question = ask("How many days?", targets=("28 days",), document_ids=("leave.md",))
    about = about_the_change(question, OLD, OLD.replace("28", "30"))
    assert about is not None
    assert (about.targets, about.stale_targets) == (("30 days",), ("28 days",))


def test_an_answer_that_still_stands_is_no_question_about_the_change(ask: Ask) -> None:
    """A comma moved, or another line changed."""
    question = ask("How many days?", targets=("28 days",))
    assert about_the_change(question, OLD, OLD.replace("Ada", "Eve")) is None
    assert about_the_change(ask("Who?", targets=("Nobody",)), OLD, OLD.replace("28", "30")) is None
