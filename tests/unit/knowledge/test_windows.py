"""The windows that long texts are read in."""

from lorewright.knowledge.windows import closest, windows


def test_windows_are_whole_sentences_that_overlap() -> None:
    """An answer at the border of two windows must stand in one of them entirely."""
    text = "One is here. Two is here. Three is here."

    assert windows(text, size=28) == ["One is here. Two is here.", "Two is here. Three is here."]


def test_a_long_row_stands_alone() -> None:
    """A table row without a full stop must neither vanish nor make the window endless."""
    row = "word " * 40

    assert windows(f"Short.\n{row}", size=30) == ["Short.", row[:60]]


def test_the_closest_texts_share_most_words() -> None:
    """What is not read costs nothing: the choice must come before the judge."""
    texts = ["Travel is by train.", "Leave lasts 30 days.", "Leave is paid."]

    assert closest(texts, "How many days does leave last?", n=1) == ["Leave lasts 30 days."]
