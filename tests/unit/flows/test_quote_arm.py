"""The documents' own words as the answer, without a model."""

from lorewright.documents import Document
from lorewright.flows import Answer, Style, arms, run
from lorewright.flows.fakes import GivenParts
from lorewright.knowledge.fakes import PlainRetriever
from lorewright.messages import Message
from lorewright.settings import Retrieval

LEAVE = Document(
    "leave.md",
    "Leave",
    "Full-time staff have 29 days of annual leave. Unused days expire on 31 March. "
    "Requests go to the staff office.",
)
PARKING = Document("parking.md", "Parking", "Visitors may park in rows A and B.\n\nRow C is for deliveries.")
RELEASES = Document(
    "releases.md", "Releases", "| Release | Ends |\n|---|---|\n| 11.5 | 2024-08-15 |\n| 11.6 | 2025-02-13 |"
)
MINUTES = Document(
    "minutes.txt",
    "Minutes",
    "2. Hiring\n   Interviews begin in the second week of November.\n\n"
    "3. Canteen\n   The supplier changes on 1 December.",
)
STEPS = Document(
    "steps.txt",
    "Steps",
    "Treatment, step 1\nUnder 55 years:\nan ACE inhibitor.\n55 years and over:\na calcium-channel blocker.",
)
RECORD = Document(
    "sop.json",
    "Calibration",
    "sop: SOP-114\ntitle: Calibration of balances\nowner: Metrology\ninterval_days: 180",
)
STEPS_1 = "1. Empty the drip tray.\n2. Hold the steam button.\n   - not the other one"
STEPS_2 = "3. Wait until the lamp is green.\n4. Rinse the tank.\n\n- Descaler is sold in shops."
DESCALING = Document("em7.md", "Descaling", f"{STEPS_1}\n\n{STEPS_2}")
COMMANDS = Document("cli.md", "Commands", "```\ntool init\ntool backup --all\ntool restore\n```")


def asked(question: str, *documents: Document) -> Answer:
    flow = arms(Style(instruction="", refusal="No idea."))["quote"]
    return run(flow, (Message("user", question),), GivenParts({}, PlainRetriever(documents, n_kept=5)))


def test_the_sentence_that_answers_is_shown_word_for_word_with_its_place() -> None:
    answer = asked("When do unused days of leave expire?", LEAVE, PARKING)

    assert "Unused days expire on 31 March." in answer.text
    quoted = {LEAVE.text[citation.start : citation.end] for citation in answer.citations}
    assert all(citation.quote in answer.text for citation in answer.citations)
    assert "Unused days expire on 31 March." in quoted
    assert not answer.refused


def test_a_heading_names_what_the_quote_is_about() -> None:
    assert asked("Where may visitors park?", LEAVE, PARKING).text.startswith("Parking:\n")


def test_nothing_is_said_that_the_documents_do_not_say() -> None:
    """Nothing can be made up: every line is a heading or stands in a document."""
    text = asked("How many days of annual leave do staff have?", LEAVE, PARKING).text
    texts = LEAVE.text + PARKING.text

    assert all(line in texts or line in ("Leave:", "Parking:", "") for line in text.split("\n"))


def test_a_table_row_comes_with_its_header() -> None:
    answer = asked("When does release 11.6 end?", RELEASES)

    assert "| Release | Ends |\n|---|---|\n| 11.6 | 2025-02-13 |" in answer.text


def test_lines_of_code_stay_code() -> None:
    assert "```\ntool backup --all\n```" in asked("How do I backup everything?", COMMANDS).text


def test_what_no_document_covers_is_refused() -> None:
    answer = asked("What is the capital of Peru?", LEAVE, PARKING)

    assert (answer.text, answer.refused, answer.citations) == ("No idea.", True, ())


def test_no_model_is_asked() -> None:
    """The arm answers on a machine where no chat model was ever fetched."""
    assert asked("Where may visitors park?", PARKING).usage.completion_tokens == 0


def test_a_line_that_only_heads_a_list_item_is_no_answer_of_its_own() -> None:
    """ "3. Canteen" answers nothing; above what it heads, it says what that is about."""
    answer = asked("When does the canteen supplier change?", MINUTES)

    assert "3. Canteen\nThe supplier changes on 1 December." in answer.text
    assert "3. Canteen" not in [citation.quote for citation in answer.citations]


def test_a_line_that_ends_with_a_colon_stands_above_what_it_announces() -> None:
    """ "Under 55 years:" alone withholds the treatment, the treatment alone for whom it is."""
    answer = asked("Which treatment is for patients of 55 years and over?", STEPS)

    assert "55 years and over:\na calcium-channel blocker." in answer.text


def test_of_a_record_the_line_that_was_asked_for_is_shown_below_what_it_is_about() -> None:
    """The line with the number that the question names says nothing that is not known."""
    answer = asked("Who is the owner of SOP-114?", RECORD)

    assert answer.text == "Calibration:\nsop: SOP-114\nowner: Metrology"
    assert [citation.quote for citation in answer.citations] == ["owner: Metrology"]


def test_a_question_in_the_documents_is_no_answer_but_stands_above_it() -> None:
    """Pages of frequent questions hold nothing closer to a question than the question itself."""
    page = "**How long does delivery take?**\nTwo to four days.\n\n**Do you ship abroad?**\nTo ten countries."
    answer = asked("How long does delivery take?", Document("faq.md", "Shipping", page))

    assert "**How long does delivery take?**\nTwo to four days." in answer.text
    assert answer.citations[0].quote == "Two to four days."


def test_a_term_stands_above_its_definition() -> None:
    """Markdown writes definitions below what they define."""
    glossary = Document("g.md", "Glossary", "Promoter score\n: A figure that says who would recommend us.")

    assert asked("What is the promoter score?", glossary).text == (
        "Glossary:\nPromoter score\n: A figure that says who would recommend us."
    )


def test_whoever_asks_how_is_shown_every_step() -> None:
    """A procedure with a step left out may break what it is for; it may go on over two chunks."""
    lines = asked("How do I empty the drip tray and rinse the tank?", DESCALING).text.splitlines()

    assert lines == [
        "Descaling:",
        "1. Empty the drip tray.",
        "2. Hold the steam button.",
        "- not the other one",
        "3. Wait until the lamp is green.",
        "4. Rinse the tank.",
    ]


def test_a_question_about_one_step_is_shown_that_step() -> None:
    """The rest would only hide it."""
    text = asked("Which lamp is green?", DESCALING).text

    assert "3. Wait until the lamp is green." in text
    assert "1." not in text


def test_how_a_question_is_asked_counts_in_no_language() -> None:
    """ "Wie viele ... habe ich" stands in no answer, and "Urlaubstage" only in parts."""
    leave = Document(
        "urlaub.md", "Urlaub", "Vollzeitkräfte haben im Jahr Anspruch auf 30 Arbeitstage Urlaub."
    )
    answer = asked("Wie viele Urlaubstage habe ich im Jahr?", leave)

    assert not answer.refused
    assert "30 Arbeitstage" in answer.text


def test_whoever_asks_what_there_is_is_shown_the_whole_list() -> None:
    """One of three exceptions reads as the only one."""
    page = "Keep data for a year. Exceptions:\n- data of a court\n- open complaints\n- backups"
    answer = asked("What are the exceptions for data?", Document("keep.md", "Retention", page))

    assert answer.text.endswith("Exceptions:\n- data of a court\n- open complaints\n- backups")
    assert answer.text.count("Exceptions:") == 1


CLAIMS = Document(
    "claims.md",
    "Expenses",
    "How to claim expenses:\n1. Keep the receipt.\n2. Send it to the office.\n\nHotels cost 90 euros.",
)
SERVICE = "| Length of service | Days of leave |\n|---|---|\n| Up to 2 years | 24 |\n| 2 to 5 years | 26 |"
DAYS = Document("days.md", "Leave", f"{SERVICE}\n| Over 5 years | 29 |")
TOWER = Document(
    "tower.md",
    "Harbour tower",
    "Harbour tower\n\n|  |  |\n|---|---|\n| Opened | 14 June 1931 |\n| Height | 61 m |\n\n"
    "The tower is a public building at the harbour.",
)


def test_what_announces_the_steps_comes_with_them() -> None:
    answer = asked("How do I claim expenses?", CLAIMS)

    assert "How to claim expenses:\n1. Keep the receipt.\n2. Send it to the office." in answer.text


def test_a_small_table_is_whole_where_two_of_its_rows_are_shown() -> None:
    """Which of the rows holds after three years nobody can tell from two of them."""
    assert SERVICE in asked("How many days of leave do I have after three years of service?", DAYS).text


def test_a_line_that_only_says_the_title_again_is_no_answer() -> None:
    answer = asked("When was the harbour tower opened?", TOWER)

    assert "| Opened | 14 June 1931 |" in answer.text
    assert all(citation.quote != "Harbour tower" for citation in answer.citations)


def test_a_refusal_points_at_the_passage_that_comes_closest() -> None:
    """Whoever asked may find there what the arm did not dare to take for an answer; it is no citation."""
    answer = asked("May visitors from Portugal park in rows A and B?", PARKING)

    (nearest,) = answer.nearest
    assert (answer.refused, answer.text, answer.citations) == (True, "No idea.", ())
    assert PARKING.text[nearest.start : nearest.end] == nearest.quote == "Visitors may park in rows A and B."


def test_an_answer_has_no_nearest_passage_beside_it() -> None:
    assert asked("Where may visitors park?", PARKING).nearest == ()


def test_a_table_without_the_column_that_is_asked_for_is_not_quoted() -> None:
    """The row is the right one, and says nothing of it."""
    assert asked("How many people tested release 11.6?", RELEASES).refused
    assert not asked("When does release 11.6 end?", RELEASES).refused


def test_who_switches_checks_off_is_shown_what_comes_closest() -> None:
    """With retrieval.min_answerability = 0 nothing is asked: as before."""
    flow = arms(Style(instruction="", refusal="No idea.", retrieval=Retrieval(min_answerability=0.0)))[
        "quote"
    ]
    parts = GivenParts({}, PlainRetriever([PARKING], n_kept=5))
    answer = run(flow, (Message("user", "May visitors from Portugal park in rows A and B?"),), parts)

    assert not answer.refused


def test_a_question_in_polish_is_answered_whatever_the_endings() -> None:
    """Nouns there have a dozen forms: the question and the page shared no word as it is written."""
    rules = Document(
        "regulamin.md",
        "Regulamin",
        "Kto zgubi książkę, płaci dwukrotność jej ceny.\n\nPsów nie wprowadza się do czytelni.",
    )
    assert "dwukrotność" in asked("Ile płaci się za zgubione książki?", rules).text
    assert asked("Kiedy odjeżdżają nocne tramwaje?", rules).refused


def test_whoever_asks_how_is_shown_all_of_a_short_paragraph() -> None:
    """What has to be done stands in the sentence beside the one that has the question's words."""
    lamp = Document(
        "lamp.md",
        "Lamp",
        "Hold both buttons for five seconds. The night light is then switched on.\n\nIt is red.",
    )

    assert "Hold both buttons" in asked("How do I switch on the lamp?", lamp).text
    assert "It is red" not in asked("How do I switch on the lamp?", lamp).text
