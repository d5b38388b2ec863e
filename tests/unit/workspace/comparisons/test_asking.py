"""What an answer of a comparison is remembered under."""

from lorewright.evaluation import Question
from lorewright.messages import Message
from lorewright.workspace.comparisons.asking import answer_step


def test_two_questions_with_one_id_do_not_share_an_answer() -> None:
    """Questions about changed facts are often numbered from 1 as well."""
    first, other = asked("When does it close?"), asked("Who has the key?")
    assert answer_step("rag", "abc", first) != answer_step("rag", "abc", other)
    assert answer_step("rag", "abc", first) == answer_step("rag", "abc", asked("When does it close?"))
    assert answer_step("rag", "abc", first).endswith("/1")


def asked(text: str) -> Question:
    return Question("1", (Message("user", text),), ("so",))
