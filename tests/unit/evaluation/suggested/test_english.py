"""English sentences turned into questions."""

import pytest

from lorewright.evaluation.suggested.english import Asked, ask
from lorewright.evaluation.suggested.english_clause import Spelling
from lorewright.evaluation.suggested.english_rewording import reword


def _asked(sentence: str, *, around: str = "") -> list[tuple[str, str]]:
    found: list[Asked] = list(ask(sentence, Spelling.of(f"{sentence} {around}")))
    return [(one.question, one.answer) for one in found]


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        (
            "Employees can carry over up to 8 days of leave to the next year.",
            "How many days of leave can employees carry over to the next year?",
            "up to 8 days",
        ),
        ("The plan includes 20 seats.", "How many seats does the plan include?", "20 seats"),
        ("You can store up to 5 buckets per account.", "How many buckets can I store per account?",
         "up to 5 buckets"),
        ("The limit for a hotel is 140 euros per night.", "What is the limit for a hotel per night?",
         "140 euros"),
        ("The museum was opened in Dresden in May 2014.", "When was the museum opened in Dresden?",
         "May 2014"),
        ("In 1884, Marta Lindt invented a filter for water.",
         "When did Marta Lindt invent a filter for water?", "1884"),
        ("The office is located on the second floor.", "Where is the office located?", "on the second floor"),
        ("The song was written by Ada Holm.", "Who was the song written by?", "Ada Holm"),
        ("Flights are booked early because they are cheap then and seats are few.",
         "Why are flights booked early?", ""),
        ("Lost keys must be reported to the desk within two hours.",
         "Within how many hours must lost keys be reported to the desk?", "within two hours"),
        ("A lathe is a machine that turns a piece of wood against a blade.", "What is a lathe?",
         "a machine that turns a piece of wood against a blade"),
        ("The director of the museum is Ada Holm.", "Who is the director of the museum?", "Ada Holm"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_as_a_person_would_ask_it(sentence: str, question: str, answer: str) -> None:
    """Questions that nobody would ask measure nothing; the answer stands in the sentence word for word."""
    asked = dict(_asked(sentence))

    if answer:
        assert asked.get(question) == answer
    else:
        assert question not in asked  # "because they": of whom, the question cannot tell


@pytest.mark.parametrize(
    "sentence",
    [
        "It includes 20 seats.",
        "This was opened in 2014.",
        "Environmental causes of fever include heat, dust and smoke.",
        "Depreciation was $27 million and $22 million in 2019 and 2018, respectively.",
        "Patience is an important part of the work.",
        "Foles was selected by the club in the 2012 draft.",
        "see the table below for 12 more",
    ],
)
def test_a_sentence_that_cannot_be_asked_surely_is_left_alone(sentence: str) -> None:
    """A wrong or vague question costs the reader more than a missing one."""
    assert _asked(sentence) == []


def test_a_name_keeps_its_capital_and_a_common_word_loses_it() -> None:
    """ "How many days do Employees have?" is no question that a person writes."""
    [(question, _)] = _asked("Passwords must have at least 14 characters.")
    assert question == "How many characters must passwords have?"

    [(question, _)] = _asked("Redis was released in May 2009.", around="We use Redis here.")
    assert question == "When was Redis released?"


def test_other_words_ask_the_same() -> None:
    """An index that finds only the words of the document must not pass for one that understands."""
    assert reword("How much does Basic cost?") == "What do I have to pay for Basic?"
    assert reword("Which tower has the bell?") == ""
