"""What is different between two states of a dataset."""

from lorewright.datasets.difference import Difference, Entry, difference

A, B = Entry("1", "Long?", "28 days"), Entry("2", "Where?", "Rome")


def test_what_came_and_what_went() -> None:
    assert difference([A], [B]) == Difference((B,), (A,), ())


def test_the_same_id_with_another_answer_changed() -> None:
    new = Entry("1", "Long?", "30 days")
    assert difference([A, B], [B, new]) == Difference((), (), ((A, new),))


def test_the_same_question_under_another_id_changed() -> None:
    new = Entry("9", "long", "30 days")
    assert difference([A], [new]).changed == ((A, new),)


def test_another_order_is_no_difference() -> None:
    assert difference([A, B], [B, A]) == Difference((), (), ())


def test_one_of_two_alike_can_go() -> None:
    assert difference([A, A], [A]) == Difference((), (A,), ())
