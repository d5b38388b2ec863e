"""What is said twice counts once, and what is held out is never learned."""

from lorewright.datasets import Example, deduplicate, near_duplicates, spoken
from lorewright.messages import Message
from lorewright.models.fakes import HashingEmbedder

EMBED = HashingEmbedder().embed


def example(name: str, prompt: str, completion: str) -> Example:
    return Example(name, (Message("system", "Be brief."), Message("user", prompt)), completion)


FIRST = example("a", "Is Debian 11 supported by the team today?", "No.")
SHOUTED = example("b", "is debian 11 SUPPORTED by the team today", "no")
REWORDED = example("c", "By the team is today Debian 11 supported?", "No.")
OTHER_NUMBER = example("d", "Is Debian 12 supported by the team today?", "No.")
OTHER_ANSWER = example("e", "Is Debian 11 supported by the team today?", "Yes, until 2026.")


def test_the_same_words_are_one_example() -> None:
    found = deduplicate([FIRST, SHOUTED, REWORDED, OTHER_NUMBER, OTHER_ANSWER])
    assert [one.id for one in found.kept] == ["a", "c", "d", "e"]
    assert [(pair.kept_id, pair.dropped_id, pair.similarity) for pair in found.dropped] == [("a", "b", 1.0)]


def test_nearly_the_same_meaning_is_one_example_unless_a_number_differs() -> None:
    found = deduplicate([FIRST, SHOUTED, REWORDED, OTHER_NUMBER, OTHER_ANSWER], embed=EMBED)
    assert [one.id for one in found.kept] == ["a", "d", "e"]
    assert [(pair.kept_id, pair.dropped_id) for pair in found.dropped] == [("a", "b"), ("a", "c")]


def test_an_example_that_asks_a_held_out_question_is_named_whatever_it_answers() -> None:
    held_out = {"q1": "Is Debian 11 supported by the team today?"}
    exact = near_duplicates([FIRST, REWORDED, OTHER_NUMBER, OTHER_ANSWER], held_out)
    assert [(pair.kept_id, pair.dropped_id) for pair in exact] == [("q1", "a"), ("q1", "e")]
    near = near_duplicates([FIRST, REWORDED, OTHER_NUMBER, OTHER_ANSWER], held_out, embed=EMBED)
    assert [pair.dropped_id for pair in near] == ["a", "c", "e"]


def test_the_same_last_turn_of_another_conversation_is_not_a_leak() -> None:
    """ "Is there wifi?" is asked about every hotel."""
    asked = (Message("user", "I look at the Acorn House."), Message("user", "Is there wifi?"))
    learned = Example("a", (Message("user", "Tell me about Rosa's."), asked[1]), "Yes.")
    assert near_duplicates([learned], {"q1": spoken(asked)}, embed=EMBED) == ()
    assert near_duplicates([learned], {"q1": spoken(learned.prompt)}) != ()


def test_a_version_is_one_number() -> None:
    """OpenBSD 2.7 and 7.2 hold the same digits and are twenty years apart."""
    old, new = example("a", "Is OpenBSD 2.7 fine?", "No."), example("b", "Is OpenBSD 7.2 fine?", "No.")
    assert deduplicate([old, new], embed=EMBED).dropped == ()


def test_nothing_has_no_duplicates() -> None:
    assert deduplicate([], embed=EMBED).kept == ()
    assert near_duplicates([], {"q": "a"}, embed=EMBED) == ()
    assert near_duplicates([FIRST], {}, embed=EMBED) == ()
