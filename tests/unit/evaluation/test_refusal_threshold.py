"""From which answerability on questions should be answered."""

from lorewright.evaluation.refusal_threshold import choose_threshold


def test_the_threshold_lies_where_most_questions_are_right() -> None:
    """Refusing is only worth it where it keeps more inventions away than answers."""
    threshold = choose_threshold([0.5] * 28 + [0.1] * 2, [0.2] * 20)

    assert threshold is not None
    assert threshold.at_least == 0.5
    assert threshold.refused.mean == 2 / 30
    assert threshold.answered is not None
    assert threshold.answered.mean == 0.0


def test_few_unanswerable_questions_do_not_cost_many_answers() -> None:
    """A desk whose questions nearly all have answers must not refuse a tenth of them for one."""
    threshold = choose_threshold([0.5] * 27 + [0.1] * 4, [0.2])

    assert threshold is not None
    assert threshold.at_least == 0.0


def test_too_few_questions_choose_nothing() -> None:
    """A threshold fitted on a handful of questions is chance."""
    assert choose_threshold([0.5] * 29, [0.1] * 29) is None
