"""Words of a query that must be met letter by letter."""

import pytest

from lorewright.knowledge.identifiers import identifiers, share_held, spellings


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Is release 18.0.69 of BatchGetItem safe?", ["18.0.69", "batchgetitem"]),
        ("What does ERR_42 mean?", ["err_42"]),
        ("Which of the 2 cost $1,500 in 2019, on 5 May 2020, the 3rd?", ["2"]),
        ("How do I cancel two orders in Rome?", []),
    ],
)
def test_versions_codes_and_function_names_are_identifiers(query: str, found: list[str]) -> None:
    assert sorted(identifiers(query)) == sorted(found)


@pytest.mark.parametrize("query", ["E4711", "e 4711", "E-4711", "what is e4711?"])
def test_a_code_is_found_in_every_spelling(query: str) -> None:
    """People type e4711 where the page says E-4711."""
    assert share_held(identifiers(query), "the display shows E-4711 this") == 1.0
    assert share_held(identifiers(query), "the display shows E4711 this") == 1.0
    assert share_held(identifiers(query), "the display shows E-47112 this") == 0.0


@pytest.mark.parametrize(
    "other", ["Part P-100-B", "Part P-100/2", "Part XP-100", "Part P-1001", "Part SP-100"]
)
def test_a_code_is_not_a_part_of_another(other: str) -> None:
    assert share_held(identifiers("p100"), other) == 0.0


def test_full_text_is_searched_for_the_other_spellings() -> None:
    assert spellings("What does E-4711 mean?") == ["e4711", "e 4711"]
    assert spellings("How many in 2019?") == []


def test_only_whole_words_count() -> None:
    assert share_held(["18.0"], "release 18.0.69") == 0.0
    assert share_held(["18.0", "err_42"], "release 18.0. No more.") == 0.5
