"""What a client's file is checked for before a fine-tuning job trains on it."""

from lorewright.messages import Message
from lorewright.tuning import Preference, RatedRow, Recipe, Row
from lorewright.workspace.openai.fine_tuning.checks import check_rows


def row(question: str, answer: str) -> Row:
    return Row((Message("user", question),), answer)


ROWS = [row(f"What is {n} plus {n}?", f"It is {2 * n}.") for n in range(60)]


def test_a_good_file_is_said_nothing_about() -> None:
    checked = check_rows(ROWS, [row("What is 99 plus 99?", "It is 198.")], Recipe())
    assert (checked.problem, checked.warnings) == ("", ())


def test_what_to_know_of_a_file_is_told() -> None:
    """A client reads the events of a job; the terminal of the server it never sees."""
    rows = [*ROWS, ROWS[0], row("What is 1 plus 1?", "Three."), row("Whom to ask?", "ada@example.org")]
    told = " ".join(check_rows(rows, [ROWS[5]], Recipe()).warnings)
    assert "1 rows repeat another one" in told
    assert "another one answers differently" in told
    assert "1 of the examples hold an e-mail address" in told
    assert "1 prompts of the validation file are in the training file" in told


def test_one_answer_for_all_is_refused() -> None:
    checked = check_rows([row(f"Question {n}?", "Yes.") for n in range(20)], [], Recipe())
    assert checked.problem.startswith("All 20 examples have the same answer")


def test_one_preferred_answer_for_all_prompts_is_fine() -> None:
    """A model can learn from preferences when to refuse, always in the same words."""
    pairs = [Preference((Message("user", f"Question {n}?"),), "I do not know.", f"{n}.") for n in range(20)]
    assert check_rows(pairs, [], Recipe()).problem == ""
    rated = [RatedRow(pair.messages, pair.completion, is_good=True) for pair in pairs]
    assert check_rows(rated, [], Recipe()).problem == ""


def test_preferences_that_are_all_too_long_are_refused() -> None:
    """The rejected answer is read as well as the preferred one."""
    pairs = [Preference(one.messages, one.completion, "long " * 4000) for one in ROWS]
    assert check_rows(pairs, [], Recipe()).problem.startswith("All 60 preferences are longer")
    assert check_rows([*pairs[:1], Preference(ROWS[0].messages, "a", "b")], [], Recipe()).warnings == (
        "1 of the preferences are longer than what is learned from.",
    )
