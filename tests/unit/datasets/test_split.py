"""A split that stays put when examples are added."""

from lorewright.datasets import Example, split
from lorewright.messages import Message


def examples(n: int) -> list[Example]:
    return [Example(str(i), (Message("user", f"question {i}"),), "answer") for i in range(n)]


def test_an_example_keeps_its_part_when_others_are_added() -> None:
    """A report from last month and one from today measure the same questions."""
    some, more = split(examples(500)), split(examples(900))
    assert {e.id for e in some.test} <= {e.id for e in more.test}
    assert 70 <= len(some.test) <= 130
    assert 30 <= len(some.validation) <= 70


def test_no_prompt_occurs_in_two_parts() -> None:
    twice = [Example(f"{e.id}-{n}", e.prompt, f"answer {n}") for e in examples(200) for n in range(2)]
    parts = split(twice, test_share=0.5, validation_share=0.2)
    asked = [{e.question for e in part} for part in (parts.train, parts.validation, parts.test)]
    assert asked[0] & asked[1] == asked[0] & asked[2] == asked[1] & asked[2] == set()
    assert sum(map(len, (parts.train, parts.validation, parts.test))) == 400
