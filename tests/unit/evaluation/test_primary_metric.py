"""Which score correctness means."""

from collections.abc import Callable

import pytest

from lorewright.evaluation import Question, choose_primary
from lorewright.settings import Evaluation, FieldPattern

LONG = "Breakfast is praised by most guests, though two found the coffee cold and the room small."


@pytest.mark.parametrize(
    ("targets", "settings", "primary"),
    [
        (("2025-07-08",), Evaluation(), "contains"),
        ((LONG,), Evaluation(), "token_f1"),
        ((LONG, "Yes."), Evaluation(), "contains"),
        ((LONG,), Evaluation(fields=(FieldPattern(name="status", pattern="x"),)), "fields"),
        (("2025-07-08",), Evaluation(primary="semantic"), "semantic"),
        ((), Evaluation(), "token_f1"),
    ],
)
def test_the_targets_say_what_correct_means(
    ask: Callable[..., Question], targets: tuple[str, ...], settings: Evaluation, primary: str
) -> None:
    assert choose_primary([ask(targets=targets)], settings) == primary
