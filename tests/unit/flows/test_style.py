"""How a domain speaks, read off its examples."""

from lorewright.datasets import Example, example_id
from lorewright.flows import style_from
from lorewright.messages import Message
from lorewright.settings import Prompt, Settings


def example(question: str, completion: str, *, answerable: bool = True, system: str = "Desk.") -> Example:
    prompt = (Message("system", system), Message("user", question))
    return Example(example_id(prompt, completion), prompt, completion, answerable=answerable)


CARDS = [example(f"Is Zope {n} fine?", f"Zope {n}: GREEN\nUntil: {n} May 2027, card 42") for n in range(1, 9)]
REFUSED = [example(f"Is Zope {n} fine?", "Not on our list.", answerable=False) for n in (77, 78, 79)]


def test_the_instruction_is_the_examples_most_common_system_message() -> None:
    assert style_from(CARDS, Settings()).instruction == "Desk."
    assert style_from(CARDS, Settings(prompt=Prompt(instruction="Clerk."))).instruction == "Clerk."


def test_words_and_numbers_that_recur_are_style_and_facts_are_not() -> None:
    words = style_from(CARDS, Settings()).style_words

    assert {"green", "until", "card", "42"} <= words
    assert not words & {"zope", "3", "5"}


def test_a_number_in_a_few_completions_stays_a_fact() -> None:
    """Were it style, an answer with that number could never be caught."""
    some = [example(f"What of {n}?", f"Card 9{n % 3}") for n in range(9)]

    assert "91" not in style_from(some, Settings()).style_words


def test_refusing_examples_teach_the_domain_s_refusal() -> None:
    style = style_from([*CARDS, *REFUSED], Settings())

    assert style.has_own_refusals
    assert style.refusal == "Not on our list."
    assert style.refusal_phrases


def test_a_refusal_that_was_set_stays() -> None:
    style = style_from([*CARDS, *REFUSED], Settings(prompt=Prompt(refusal="No.")))

    assert style.refusal == "No."


def test_conversations_with_different_system_messages_keep_their_own() -> None:
    mixed = [example("a?", "b", system=f"Task {n}") for n in range(4)]

    assert style_from(mixed, Settings()).keeps_system
    assert not style_from(CARDS, Settings()).keeps_system


def test_a_domain_without_examples_has_a_plain_style() -> None:
    style = style_from([], Settings())

    assert (style.instruction, style.few_shot, style.keeps_system) == ("", (), False)


def test_few_shot_examples_show_different_forms_and_do_not_depend_on_the_order() -> None:
    few_shot = style_from([*CARDS, *REFUSED], Settings(prompt=Prompt(n_few_shot=2))).few_shot

    assert {chosen.answerable for chosen in few_shot} == {True, False}
    assert style_from([*REFUSED, *CARDS[::-1]], Settings(prompt=Prompt(n_few_shot=2))).few_shot == few_shot


def test_the_fingerprint_follows_what_is_learned() -> None:
    plain = style_from(CARDS, Settings())

    assert style_from(CARDS[::-1], Settings()).fingerprint == plain.fingerprint
    assert style_from(CARDS, Settings(prompt=Prompt(instruction="Clerk."))).fingerprint != plain.fingerprint
