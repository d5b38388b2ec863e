"""What is known before anything was measured."""

from lorewright.advisor import Changes, Facts, count_changes, form_of

DAY = 86_400.0


def test_changes_are_counted_from_what_was_added_and_replaced() -> None:
    events = [("a", "new", 0.0), ("b", "new", 1.0), ("a", "changed", 5 * DAY), ("b", "removed", 9 * DAY)]
    changes = count_changes(events, now=30.4 * DAY)
    assert (changes.n_changed, changes.n_documents, changes.share) == (2, 2, 1.0)
    assert changes.per_month is not None
    assert round(changes.per_month, 1) == 2.0


def test_a_day_of_watching_is_no_rate_and_a_stated_one_wins() -> None:
    events = [("a", "new", 0.0), ("a", "changed", DAY)]
    assert count_changes(events, now=DAY).per_month is None
    assert count_changes(events, now=DAY, stated_per_month=4).per_month == 4
    assert count_changes([], now=DAY, stated_per_month=0).per_month == 0


def test_alike_completions_have_a_form() -> None:
    desk = [f"STATUS: {word}\nANSWER: It ends in 20{n}." for n, word in enumerate(("OK", "GONE", "SOON"))]
    labels = ["refund", "card_lost", "refund", "card_lost"]
    sums = ["Two and two.\n#### 4", "Three and one more.\n#### 4", "Nine less two.\n#### 7"]
    letters = [
        "We loved the breakfast but parking was hard.",
        "Sadly nobody answered my call on Monday!",
        "Rooms face an old harbour, ask for quiet ones.",
    ]
    assert form_of(desk) == form_of(labels) == form_of(sums) == 1.0
    assert form_of(letters) < 0.5
    assert form_of([]) == 0.0


def test_what_nobody_knows_is_said() -> None:
    assert any("changes_per_month" in name for name in Facts().unknown)
    known = Facts(
        n_examples=1,
        n_documents=1,
        n_questions=1,
        tuned=("bare",),
        changes=Changes(stated_per_month=0),
    )
    assert known.unknown == ()
