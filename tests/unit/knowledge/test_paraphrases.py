"""Right answers in other words are shown; tampered ones are not."""

import pytest
from benchmarks.paraphrases import Paraphrase, is_withheld, read_paraphrases

from lorewright.knowledge import check_claims

ROWS = read_paraphrases()
HOLIDAY = "Vollzeitkräfte erhalten 29 Urlaubstage im Jahr. Anträge gehen an die Personalabteilung."
PRICES = "Die Jahreskarte kostet 1.249,50 €. Die Tageskarte kostet 12,5 Euro."
STAFF = "Fragen zur Rechnung beantwortet Frau Lind. Das Lager leitet Herr Jens Otten."


@pytest.mark.parametrize("language", sorted({row.language for row in ROWS}))
def test_hardly_any_right_paraphrase_is_withheld(language: str) -> None:
    """A right answer that is withheld looks to a user like a broken product."""
    withheld = [row for row in ROWS if row.language == language and is_withheld(row.right, row.source)]

    assert len(withheld) <= 1


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.tampered[:40])
def test_a_tampered_answer_is_withheld(row: Paraphrase) -> None:
    assert is_withheld(row.tampered, row.source)


def test_german_nouns_are_no_names() -> None:
    """Every German noun has a capital: "Anspruch" was taken for a name that no document holds."""
    assert check_claims("Sie haben Anspruch auf 29 Tage Urlaub im Jahr.", [HOLIDAY]).wrong == ()


@pytest.mark.parametrize("said", ["1249,50 Euro", "€1,249.50", "1.249,50 EUR"])
def test_an_amount_is_right_in_every_notation(said: str) -> None:
    assert check_claims(f"Die Jahreskarte kostet {said}.", [PRICES]).wrong == ()


def test_a_german_name_in_the_place_of_another_is_wrong() -> None:
    assert check_claims("Fragen zur Rechnung beantwortet Frau Kern.", [STAFF]).wrong == ("Kern",)
    assert check_claims("Das Lager leitet Jens Behrens.", [STAFF]).wrong == ("Behrens",)


def test_a_value_of_the_same_text_in_the_wrong_place_is_wrong() -> None:
    """The text holds both numbers, but not so: 3 trains and 12 buses."""
    source = "The town runs 12 trains daily and the firm owns 3 buses in all."

    assert check_claims("The town runs 3 trains daily.", [source]).wrong == ("3",)


def test_a_small_number_that_counts_what_is_listed_is_only_doubtful() -> None:
    verdict = check_claims("There are three ways to pay.", ["Pay by card, by cheque or in cash."])

    assert (verdict.wrong, verdict.doubtful) == ((), ("three",))
