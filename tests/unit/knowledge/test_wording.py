"""What a text has of a claim's wording."""

from lorewright.knowledge.wording import Source

TEXT = (
    "Requests go to Ada Byron in Leeds. Leave lasts 30 days for office staff and 35 days for night staff. "
    "Bicycles are repaired every Tuesday by Max Weber near the eastern gate."
)


def test_a_sentence_of_the_text_is_held_entirely() -> None:
    """What was copied must never look doubtful."""
    wording = Source([TEXT]).wording("Requests go to Ada Byron in Leeds.")

    assert (wording.held, wording.pairs, wording.n_missing) == (1.0, 1.0, 0)
    assert wording.displaced < 0


def test_a_name_in_the_place_of_another_has_strange_neighbours() -> None:
    """All its words stand in the text, so that counting words cannot see it."""
    wording = Source([TEXT]).wording("Requests go to Max Weber in Leeds.")

    assert wording.held == 1.0
    assert wording.displaced > 0


def test_a_number_that_stands_nowhere_is_missing() -> None:
    """An invented number costs most."""
    assert Source([TEXT]).wording("Leave lasts 28 days for office staff.").n_missing == 1


def test_several_texts_count_together() -> None:
    """An answer may join what two chunks say."""
    wording = Source(["Leave lasts 30 days.", "Travel is by train."]).wording("Travel is by train.")

    assert wording.held == 1.0


def test_a_claim_without_words_is_held() -> None:
    """ "Yes." claims nothing that a text could lack."""
    assert Source([TEXT]).wording("...").held == 1.0


def test_numbers_are_compared_in_one_notation() -> None:
    """A price in words, or in continental notation, is the same price."""
    wording = Source(["The annual pass costs 1,249.50 euros and lasts 12 months."]).wording(
        "The annual pass costs 1.249,50 euros and lasts twelve months."
    )

    assert (wording.held, wording.pairs, wording.n_missing) == (1.0, 1.0, 0)
