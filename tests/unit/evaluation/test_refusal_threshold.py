"""From which answerability on questions should be answered."""

from lorewright.evaluation.refusal_threshold import choose_threshold, threshold_for_examples


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


def test_examples_that_answer_lower_a_threshold_that_refuses_too_many() -> None:
    """Questions in a house style look unanswerable to the judge: a tuned model was kept from answering."""
    scores = [0.02, 0.03, 0.05, *[0.5] * 37]
    fitted = threshold_for_examples(scores, [], usual=0.14)
    assert fitted == 0.05
    assert sum(score < 0.05 for score in scores) <= 2


def test_examples_alone_never_raise_the_threshold() -> None:
    """Without a question that has no answer nothing says what a higher one would catch."""
    assert threshold_for_examples([0.9] * 40, [], usual=0.14) == 0.14


def test_examples_that_refuse_decide_with_the_others() -> None:
    """A domain that teaches what it does not answer gets a threshold between the two."""
    fitted = threshold_for_examples([0.6] * 40, [0.3] * 12, usual=0.14)
    assert fitted is not None
    assert 0.3 < fitted <= 0.6


def test_few_examples_fit_nothing() -> None:
    """Ten examples say little about a quantile of one in twenty."""
    assert threshold_for_examples([0.01] * 10, [], usual=0.14) is None
