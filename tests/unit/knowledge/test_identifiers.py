"""Words of a query that must be met letter by letter."""

import pytest

from lorewright.knowledge.identifiers import identifiers, share_held


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


def test_only_whole_words_count() -> None:
    assert share_held(["18.0"], "release 18.0.69") == 0.0
    assert share_held(["18.0", "err_42"], "release 18.0. No more.") == 0.5
