"""Examples that are fit to learn from, and those that are not."""

from lorewright.datasets import Example
from lorewright.datasets.duplicates import likely_near
from lorewright.datasets.fitness import Fitness, fitness_of
from lorewright.messages import Message


def examples(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(f"e{n}", (Message("user", asked),), answer) for n, (asked, answer) in enumerate(pairs)]


def fitness(*pairs: tuple[str, str], n_duplicates: int = 0, n_leaked: int = 0) -> Fitness:
    return fitness_of(
        examples(*pairs),
        max_answer_tokens=256,
        max_row_tokens=2048,
        n_duplicates=n_duplicates,
        n_leaked=n_leaked,
    )


def good(n: int) -> list[tuple[str, str]]:
    return [(f"Where is desk {i}?", f"On floor {i}.") for i in range(n)]


def test_good_examples_need_no_words() -> None:
    assert fitness(*good(30)) == Fitness(problem="", hint="", warnings=())


def test_one_answer_to_everything_cannot_be_learned_from() -> None:
    """Hours of training would give a model that says one sentence."""
    told = fitness(*((f"Question {i}?", "Ask the desk.") for i in range(40)))
    assert told.problem == "All 40 examples have the same answer: only that answer would be learned."
    assert told.hint


def test_examples_that_are_all_too_long_are_told_before_the_base_is_loaded() -> None:
    told = fitness(*((f"Question {i}?", f"word {i} " * 2000) for i in range(25)))
    assert told.problem == "All 25 examples are longer than what is learned from."


def test_three_examples_are_few() -> None:
    (warning,) = fitness(*good(3)).warnings
    assert warning.startswith("There are 3 examples")


def test_what_was_left_out_is_counted() -> None:
    warnings = fitness(*good(30), n_duplicates=4, n_leaked=2).warnings
    assert [line.partition(" ")[0] for line in warnings] == ["4", "2"]


def test_contradictions_secrets_and_long_answers_are_counted_with_the_first_of_them() -> None:
    """One line each says what it is and where to begin; the rest is one command away."""
    told = fitness(
        *good(30),
        ("How long is the leave?", "28 days."),
        ("How long is the leave?", "30 days."),
        ("What is the password?", "password: hunter2hunter2"),
        ("Tell it all?", "word " * 400),
    )
    assert told.problem == ""
    conflict, long, secret = told.warnings
    assert conflict.startswith("2 of the examples have a prompt that another one answers differently")
    assert "'How long is the leave?'" in conflict
    assert long.startswith("1 of the examples are longer")
    assert secret.startswith("1 of the examples hold what looks like a secret")
    assert "hunter2hunter2" not in secret


def test_of_very_many_examples_those_with_the_words_of_a_question_are_compared_by_meaning() -> None:
    """Embedding a hundred thousand examples takes an hour; no held-out question may slip in all the same."""
    rows = examples(
        ("How do I renew my badge for building seven?", "a"),
        ("Badge of building seven: how can it be renewed, please?", "b"),
        ("Where can I park?", "c"),
        ("How do I?", "d"),
    )
    texts = {"q": "How do I renew the badge of building seven?"} | {
        f"other{i}": f"How do I pay invoice {i} of team {i}x?" for i in range(30)
    }
    assert [one.id for one in likely_near(rows, texts)] == ["e0", "e1"]


def test_only_secrets_and_personal_data_are_private() -> None:
    """Whoever is warned that data leave the machine must not be so for a word of a question."""
    disputed = [("How many households hold a key?", "28."), ("How many households hold a key?", "30.")]
    told = fitness(*good(30), *disputed)
    assert told.warnings
    assert told.private == ()
    assert len(fitness(*good(30), ("What is the password?", "password: hunter2hunter2")).private) == 1
