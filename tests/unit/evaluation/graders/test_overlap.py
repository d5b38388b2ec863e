"""Measures of similarity, against values worked out by hand."""

from itertools import product

import pytest

from lorewright.evaluation.graders.text_similarity import OVERLAPS


@pytest.mark.parametrize("metric", sorted(OVERLAPS))
def test_a_text_is_most_similar_to_itself_and_not_at_all_to_another(metric: str) -> None:
    text = "one two three four five six"
    assert OVERLAPS[metric](text, text) == pytest.approx(1.0)
    assert OVERLAPS[metric]("qqq", "zzz") == 0.0


@pytest.mark.parametrize(
    ("metric", "text", "reference", "score"),
    [
        ("fuzzy_match", "kitten", "sitting", 2 * 4 / 13),
        ("fuzzy_match", "", "", 1.0),
        ("rouge_1", "the cat sat", "The cat lay down", 2 * 2 / 7),
        ("rouge_2", "the cat sat", "the cat lay down", 2 * 1 / 5),
        ("rouge_l", "a x b y c", "a b c d", 2 * 3 / 9),
        ("gleu", "the cat", "the cat sat", 3 / 6),
        ("bleu", "the cat", "the cat", 1.0),
        ("bleu", "the cat", "the cat sat on", 0.36787944117),  # exp(1 - 4/2)
        ("bleu", "the dog sat", "the cat sat", (2 / 3 * 0.5 / 2 * 0.25 / 1) ** (1 / 3)),
        ("bleu", "the the the", "the cat", (1 / 3 * 0.5 / 2 * 0.25 / 1) ** (1 / 3)),
    ],
)
def test_a_measure_gives_what_its_definition_says(
    metric: str, text: str, reference: str, score: float
) -> None:
    assert OVERLAPS[metric](text, reference) == pytest.approx(score)


def test_the_common_subsequence_is_that_of_the_usual_table() -> None:
    words = ["".join(letters) for n in range(4) for letters in product("ab", repeat=n)]
    for first, second in product(words, words):
        total = len(first) + len(second)
        expected = 2 * _table(first, second) / total if total else 1.0
        assert OVERLAPS["fuzzy_match"](first, second) == pytest.approx(expected)


def _table(first: str, second: str) -> int:
    rows = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, j in product(range(len(first)), range(len(second))):
        same = rows[i][j] + 1 if first[i] == second[j] else 0
        rows[i + 1][j + 1] = max(same, rows[i][j + 1], rows[i + 1][j])
    return rows[-1][-1]
