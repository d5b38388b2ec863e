"""Questions that are changed so that their text no longer answers them: what the judge learns to refuse."""

import random

from training.judge.changed_questions import changed_question

TEXT = "The Red Bridge in Basel was opened in 1925 by Karl Moser and closed after the flood of 1994."
STRANGERS = ["Lake Como", "Anna Weber", "Oslo", "Peter Rohn", "Hamburg", "Rita Falk", "Bergen", "Tom Hale"]


def test_the_mark_stands_on_what_was_changed() -> None:
    """A mark beside the change would teach the judge to doubt the words that are right."""
    question = "Who opened the Red Bridge in Basel in 1925?"

    for seed in range(40):
        made = changed_question(question, TEXT, STRANGERS, None, random.Random(seed))
        assert made is not None
        changed, (start, end) = made
        assert changed != question
        assert question.startswith(changed[:start])
        assert question.endswith(changed[end:])


def test_another_number_is_none_of_the_text() -> None:
    """A year that the text names too may well be answered by it."""
    for seed in range(40):
        made = changed_question("what opened in 1925", TEXT, STRANGERS, None, random.Random(seed))
        assert made is not None
        changed, (start, end) = made
        if changed[start:end].isdigit():
            assert changed[start:end] not in TEXT


def test_nothing_is_made_of_a_question_without_anything_to_change() -> None:
    """A question that stays as it was must not be called unanswerable."""
    assert changed_question("why?", TEXT, STRANGERS, None, random.Random(1)) is None
