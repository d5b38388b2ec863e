"""What a question asks for and the passages found for it lack."""

import pytest

from lorewright.documents import Document
from lorewright.knowledge import choose_quotes
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.knowledge.missing import missing

KAYAKS = Document(
    "kayaks.md",
    "Kayaks",
    "| Boat | Length (m) | Weight (kg) | Price (EUR) | Days |\n|---|---|---|---|---|\n"
    "| Otter 4 | 4.1 | 21 | 890 | Monday and Friday |\n| Otter 5 | 5.2 | 27 | 1190 | daily |",
)
RENTAL = Document(
    "rental.md",
    "Rental",
    "The boathouse in Kirkwall rents kayaks from April to October. In 2024 the jetty was renewed. "
    "Bookings are made with Anna Sinclair, extension E-17. A paddle belongs to every boat.",
)
KANUS = Document(
    "kanus.csv",
    "Kanus",
    "| Boot | Gewicht (kg) | Preis (€) | Verleihtage |\n|---|---|---|---|\n"
    "| Biber 2 | 24 | 12,50 | Montag und Freitag |\n| Biber 3 | 31 | 16,00 | täglich |",
)


def lacking(question: str, *documents: Document, is_doubted: bool = True) -> str:
    hits = PlainRetriever(documents, n_kept=5).search(question)
    return missing(question, choose_quotes(question, hits), hits, is_doubted=is_doubted)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("Does the boathouse in Stromness rent kayaks?", "Stromness"),
        ("What does the E-23 extension of the boathouse do?", "e-23"),
        ("What happened to the jetty in 2019?", "2019"),
        ("What is the e-mail address for bookings?", "e-mail address"),
        ("What does a paddle cost at the boathouse?", "price"),
        ("Combien coûte a paddle?", "price"),
        ("E-mail address of the boathouse?", "e-mail address"),
        ("What's your phone number?", "telephone number"),
        ("Quel est le numéro de téléphone du hangar ?", "telephone number"),
        ("Wie lautet die Telefonnummer?", "telephone number"),
        ("Under which web address can I book?", "web address"),
    ],
)
def test_what_no_passage_holds_is_named(question: str, what: str) -> None:
    """The nearest passage is about another town, another code, another year, or tells no price."""
    assert lacking(question, RENTAL) == what


@pytest.mark.parametrize(
    "question",
    [
        "How long is the URL of bookings valid?",
        "Who may change my phone number for bookings?",
        "Can I have two e-mail addresses for bookings?",
        "Wie lange ist die Telefonnummer gültig?",
        "What happens to my phone number after the booking?",
    ],
)
def test_what_is_asked_about_a_number_or_an_address_needs_none_in_the_answer(question: str) -> None:
    """ "The URL is valid for 24 hours." answers and holds no URL."""
    assert lacking(question, RENTAL, is_doubted=False) == ""


@pytest.mark.parametrize(
    "question",
    [
        "Does the boathouse in Kirkwal rent kayaks?",
        "Does Kirkwall's boathouse rent kayaks?",
        "Who has the extension E17?",
        "What happened to the jetty in 2024?",
        "Does the RYA rent kayaks?",
        "How many kayaks were rented after 10 days?",
        "Does the boathouse rent kayaks in July?",
        "Does the boathouse rent kayaks on Sundays?",
    ],
)
def test_other_spellings_and_what_may_be_spelled_out_is_not_missing(question: str) -> None:
    """A typing error, a possessive, a code without its hyphen, an abbreviation, an amount, a day."""
    assert lacking(question, RENTAL) == ""


@pytest.mark.parametrize(
    "question", ["What colour is the Otter 4?", "Which material is the Otter 5 made of?"]
)
def test_a_row_lacks_what_no_column_is_about(question: str) -> None:
    assert lacking(question, KAYAKS)


@pytest.mark.parametrize(
    "question",
    [
        "How heavy is the Otter 4?",
        "What does the Otter 5 cost?",
        "What length has the Otter 4?",
        "On which days can I rent the Otter 4?",
        "Where can I rent the Otter 4?",
        "How do I carry the Otter 5?",
    ],
)
def test_a_row_that_has_it_or_may_have_it_lacks_nothing(question: str) -> None:
    """A column says so, a unit does, or the question is open to whatever stands there."""
    assert lacking(question, KAYAKS) == ""


def test_columns_of_another_language_are_asked_for_in_it() -> None:
    assert lacking("Wie schwer ist der Biber 3?", KANUS) == ""
    assert lacking("An welchen Tagen gibt es den Biber 2?", KANUS) == ""
    assert lacking("Welche Farbe hat der Biber 3?", KANUS) == "farbe"


def test_where_nobody_doubts_only_what_has_one_form_is_missing() -> None:
    """The rule for a rest of the world answers for a country that it does not name."""
    assert lacking("Does the boathouse in Stromness rent kayaks?", RENTAL, is_doubted=False) == ""
    assert lacking("What is the e-mail address for bookings?", RENTAL, is_doubted=False) == "e-mail address"
