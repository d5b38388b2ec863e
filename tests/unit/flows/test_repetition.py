"""Ending a text that only repeats itself."""

from lorewright.flows.repetition import without_loop


def test_a_text_that_says_the_same_again_and_again_keeps_it_once() -> None:
    """A small model at temperature 0 would go on until its tokens are used up."""
    closed = "The car park is closed on holidays.\n\n"
    assert without_loop(f"It closes at 22:00. {closed * 3}", max_repeats=2) == f"It closes at 22:00. {closed}"


def test_a_loop_may_be_cut_anywhere_in_its_stretch() -> None:
    text = "Yes. " + "Support has ended. " * 3 + "Support"
    assert without_loop(text, max_repeats=2).count("Support has ended.") == 1


def test_what_is_said_twice_is_no_loop() -> None:
    text = "Restart the service now. Restart the service now. "
    assert without_loop(text, max_repeats=2) == text


def test_short_repetitions_are_left_alone() -> None:
    """Rules of tables and rows of zeros are texts."""
    rule = "|---|---|---|---|"
    assert without_loop(rule, max_repeats=2) == rule
