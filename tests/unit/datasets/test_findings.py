"""What is wrong, or looks wrong, with examples."""

from lorewright.datasets import Example
from lorewright.datasets.findings import find_conflicts, find_long, find_private, find_unknown_documents
from lorewright.messages import Message


def example(name: str, asked: str, answer: str, *documents: str) -> Example:
    return Example(name, (Message("user", asked),), answer, document_ids=documents)


def test_two_answers_to_one_question_contradict_each_other() -> None:
    found = list(
        find_conflicts(
            [
                example("a", "How long is the leave?", "28 days."),
                example("b", "how long is the LEAVE", "30 days."),
                example("c", "Where to?", "Rome."),
            ]
        )
    )
    assert [(one.example_id, one.other_id) for one in found] == [("a", "b"), ("b", "a")]
    assert "30 days" in found[0].message


def test_the_same_answer_twice_is_no_conflict() -> None:
    assert not list(find_conflicts([example("a", "Long?", "Yes."), example("b", "long", "yes")]))


def test_an_answer_that_would_be_cut_is_too_long() -> None:
    rows = [example("a", "Q", "word " * 300), example("b", "Q", "short"), example("c", "Q", "word " * 3000)]
    found = list(find_long(rows, max_answer_tokens=256, max_row_tokens=2048))
    assert [one.example_id for one in found] == ["a", "c"]
    assert "tuning skips" in found[1].message


def test_a_document_that_is_not_there_is_named() -> None:
    (found,) = find_unknown_documents([example("a", "Q", "A", "here.md", "gone.md")], {"here.md"})
    assert found.message == "No document found with id gone.md."


def test_secrets_are_found_and_not_repeated() -> None:
    secrets = [
        "the key is sk-abcdefghijklmnopqrstuvwx",
        "AKIAIOSFODNN7EXAMPLE",
        "password: hunter2hunter2",
        "-----BEGIN RSA PRIVATE KEY-----",
        "pay with 4111 1111 1111 1111",
    ]
    found = list(find_private([example(text, "Q", text) for text in secrets]))
    assert [one.example_id for one in found if one.kind == "secret"] == secrets
    assert not any("hunter2hunter2" in one.message or "mnopqrst" in one.message for one in found)


def test_ordinary_numbers_and_words_are_no_secrets() -> None:
    texts = ["Call 0800 123456", "Order 1234567890123 is late", "A token is a word", "Forgot the password?"]
    assert not list(find_private([example(text, text, text) for text in texts]))


def test_an_address_is_found_in_question_and_answer() -> None:
    (found,) = find_private([example("a", "ask ada@example.org", "or bob@example.org")])
    assert (found.kind, found.message) == ("email", "Contains an e-mail address: ada@example.org and 1 more")
