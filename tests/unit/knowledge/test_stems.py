"""Stems beside the words of an index, in languages that its full text does not know."""

import pytest

from lorewright.knowledge.inflection import rooting
from lorewright.knowledge.stems import added_stems, asked_stems, language_to_stem, stemmer

POLISH = "Psy wolno wyprowadzać na łąkach za rzeką, ale nie w parkach i nie na placach zabaw."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Gdzie wolno wyprowadzać psy?", "Polish"),
        ("Kde smí pes běhat bez vodítka, když je léto?", "Czech"),
        ("Koľko stojí vstupenka a kde sa dá kúpiť?", "Slovak"),
        ("Скільки коштує квиток і де його купити?", "Ukrainian"),  # noqa: RUF001
        ("Сколько стоит билет и где его купить?", "Russian"),  # noqa: RUF001
        ("Колко струва билетът и къде се купува?", "Bulgarian"),  # noqa: RUF001
        ("Колико кошта карта и где се она купује, њој на станици?", "Serbian"),  # noqa: RUF001
        ("How much is a ticket?", "English"),
    ],
)
def test_a_short_question_tells_its_language(text: str, language: str) -> None:
    """A wrong stemmer takes letters off that are no endings."""
    assert language_to_stem(text) == language


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("Polish", "książka książki książkę książką"),
        ("Czech", "knihovna knihovny knihovnu knihovnou"),
        ("Ukrainian", "бібліотека бібліотеки бібліотекою бібліотеці"),
        ("Bulgarian", "билетът билета билети билетите"),
    ],
)
def test_the_forms_of_a_word_have_one_stem(language: str, forms: str) -> None:
    """A question asks for one form, the page has another."""
    stem = stemmer(language)
    assert stem is not None
    assert len({stem(form) for form in forms.split()}) == 1


def test_an_index_that_stems_a_language_itself_gets_no_stems() -> None:
    """What is found in an English or German index is what was found before."""
    assert added_stems("The dogs are walked in the parks, and that is all there is.", "English") == ""
    assert added_stems("Die Hunde werden im Park ausgeführt und nicht auf der Wiese.", "German") == ""
    assert asked_stems("Where are dogs walked?", "English") == ""


@pytest.mark.parametrize("index_language", ["Polish", "English"])
def test_polish_words_have_their_stems_in_any_index(index_language: str) -> None:
    """A Polish page among English ones is found like one among Polish ones."""
    held = added_stems(POLISH, index_language).split()
    asked = asked_stems("Czy jest łąka lub plac zabaw?", index_language).split()
    assert set(asked) & set(held)


def test_a_word_of_another_language_does_not_change_a_page() -> None:
    """A Polish name on an English page is no Polish page."""
    page = "Lech Wałęsa led the union from 1980 to 1990 and was the president of the country for five years."
    assert added_stems(page, "English") == ""


def test_roots_of_a_short_question_are_those_of_its_documents() -> None:
    """ "Parking dla gości?" says too little by itself; the page tells that it is Polish."""
    assert rooting("Opłata?", [POLISH]).language == "Polish"
    assert rooting("Where are the dogs allowed to run?", [POLISH]).language == ""
