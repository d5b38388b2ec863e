"""Texts that are longer than an embedding model reads at once."""

import numpy as np
import pytest

from lorewright.models.fakes import HashingEmbedder
from lorewright.models.long_texts import embed_whole, max_input_tokens, parts_of

MODEL = HashingEmbedder(max_tokens=12)
SAME = "the first ten words of both of the texts are "


def test_texts_that_differ_only_in_their_end_get_different_vectors() -> None:
    """They were cut after 256 tokens unseen: two long pages were one and the same."""
    (first, second), _ = embed_whole(MODEL, [SAME + "salt mines in Hallein", SAME + "a ferry at dusk"])

    assert float(first @ second) < 0.95


def test_every_token_is_read_and_counted() -> None:
    _, n_tokens = embed_whole(MODEL, ["one two three", "word " * 100])

    assert n_tokens == 103


def test_a_long_text_is_as_near_to_its_beginning_as_to_its_end() -> None:
    begin, end = "alpha beta gamma delta epsilon", "zeta eta theta iota kappa"
    vectors, _ = embed_whole(HashingEmbedder(1024, max_tokens=7), [f"{begin} {end}", begin, end])

    assert float(vectors[0] @ vectors[1]) == pytest.approx(float(vectors[0] @ vectors[2]))
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0)


def test_a_text_that_fits_keeps_its_vector() -> None:
    vectors, _ = embed_whole(MODEL, ["one two three"])

    assert vectors[0] == pytest.approx(MODEL.embed_query("one two three"))


def test_parts_are_of_one_length_and_together_the_text() -> None:
    text = " ".join(f"w{n}" for n in range(25))

    parts = parts_of(MODEL, text)

    assert "".join(part for part, _ in parts) == text
    assert [n_tokens for _, n_tokens in parts] == [8, 8, 9]
    assert all(n_tokens <= max_input_tokens(MODEL) for _, n_tokens in parts)
