"""Parts of hits chosen by weights that were learned from examples."""

import numpy as np
import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.part_choice import SIGNS, PartChoice, chosen_parts, parts_with_signs, place_of

HEADER = "| Release | Served until |\n|---|---|\n"


def rows(document: str, rank: int, *releases: tuple[str, str], start: int = 0) -> Hit:
    text = HEADER + "\n".join(f"| {name} | {until} |" for name, until in releases)
    chunk = Chunk(f"{document}{rank}", document, document, start=start, end=start + len(text), text=text)
    return Hit(chunk, score=1 / rank, rank=rank)


ASKED = rows("Zope", 1, ("3.2", "2021"), ("3.1", "2020"), start=500)
NEWEST = rows("Zope", 2, ("4.1", "2025"), ("4.0", "2024"))
OTHER = rows("Plone", 3, ("3.1", "2019"))
HITS = [ASKED, NEWEST, OTHER]
QUESTION = "Is Zope 3.1 still served?"


def weights(**counted: float) -> tuple[float, ...]:
    named = {name.replace("_", " "): value for name, value in counted.items()}
    assert named.keys() <= set(SIGNS)
    return tuple(named.get(sign, 0.0) for sign in SIGNS)


def sign(name: str) -> list[float]:
    _, signs = parts_with_signs(QUESTION, HITS)
    return [float(value) for value in signs[:, SIGNS.index(name)]]


def test_every_part_has_one_value_for_every_sign() -> None:
    parts, signs = parts_with_signs(QUESTION, HITS)

    assert [part.text for part in parts] == [
        *("| 3.2 | 2021 |", "| 3.1 | 2020 |", "| 4.1 | 2025 |", "| 4.0 | 2024 |", "| 3.1 | 2019 |")
    ]
    assert signs.shape == (5, len(SIGNS))
    assert sign("most words") == [0, 1, 0, 0, 0]
    assert sign("first document") == [1, 1, 1, 1, 0]
    assert sign("found early") == pytest.approx([1, 1, 1 / 2, 1 / 2, 1 / 3])


def test_the_first_of_its_kind_stands_first_in_the_document_however_it_was_found() -> None:
    assert sign("first of its kind in the first document") == [0, 0, 1, 0, 0]
    assert sign("last of its kind in the first document") == [0, 1, 0, 0, 0]
    assert sign("first of its kind") == [0, 0, 1, 0, 1]


def test_meaning_counts_where_it_can_be_told() -> None:
    _, signs = parts_with_signs(
        QUESTION, HITS, likeness=lambda _, texts: [float("2025" in text) for text in texts]
    )

    assert signs[:, SIGNS.index("nearest in meaning")].tolist() == [0, 0, 1, 0, 0]
    assert not np.any(
        parts_with_signs(QUESTION, HITS, likeness=lambda _, __: None)[1][:, SIGNS.index("meaning")]
    )


def test_hits_are_cut_to_the_parts_that_weigh_most_the_best_first() -> None:
    choice = PartChoice(weights(most_words=2, first_of_its_kind_in_the_first_document=1), n=2)

    shown = chosen_parts(QUESTION, HITS, choice)

    assert [(hit.rank, hit.chunk.text) for hit in shown] == [(1, "| 3.1 | 2020 |"), (2, "| 4.1 | 2025 |")]
    assert all(hit.chunk.header.startswith("| Release |") for hit in shown)
    assert shown[0].chunk.start == 500 + ASKED.chunk.text.index("| 3.1")


def test_what_is_needed_takes_the_place_of_what_weighs_least() -> None:
    choice = PartChoice(weights(most_words=2, first_of_its_kind_in_the_first_document=1), n=2)
    parts, _ = parts_with_signs(QUESTION, HITS)
    needed = next(part for part in parts if "2019" in part.text)

    shown = chosen_parts(QUESTION, HITS, choice, needed={place_of(needed)})

    assert [hit.chunk.text for hit in shown] == ["| 3.1 | 2020 |", "| 3.1 | 2019 |"]


def test_hits_without_a_part_leave_nothing() -> None:
    assert chosen_parts(QUESTION, [], PartChoice(weights(words=1), n=2)) == []
