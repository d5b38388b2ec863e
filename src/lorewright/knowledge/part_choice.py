"""Which parts of the hits a tuned model is shown, by what a domain's own examples needed."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lorewright.knowledge.excerpts import cut_to
from lorewright.knowledge.hit import Hit
from lorewright.knowledge.inflection import rooting
from lorewright.knowledge.part_ranking import best_of_each
from lorewright.knowledge.quotable import Quotable, quotables
from lorewright.knowledge.quoting import Likeness, as_said, scored_by_words

N_CHOSEN_FROM = 12
"""Hits whose parts are chosen from."""
SIGNS = (
    "words",
    "most words",
    "many words",
    "meaning",
    "nearest in meaning",
    "found early",
    "first document",
    "first of its kind",
    "first of its kind in the first document",
    "last of its kind in the first document",
    "after the most words",
    "row",
    "row with words",
    "item or code",
    "always",
)
"""What is known of a part: each is a number, most are 0 or 1."""
_MANY = 3

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PartChoice:
    """What each of `SIGNS` counts in favour of a part, and how many parts are shown."""

    weights: tuple[float, ...]
    n: int


def parts_with_signs(
    question: str, hits: Sequence[Hit], *, likeness: Likeness | None = None
) -> tuple[list[Quotable], Numbers]:
    """Return the parts of the hits, and what is known of each: (parts, signs).

    A part is of the same kind as others of its document under the same lead: the rows of one table, the
    items of one list.
    """
    parts = [part for hit in hits for part in quotables(replace(hit, score=0.0))]
    if not parts:
        return [], np.zeros((0, len(SIGNS)), np.float32)
    by_words = np.array(scored_by_words(question, parts, rooting(question, [part.text for part in parts]))[0])
    order = np.argsort(-by_words, kind="stable")
    place_by_words = np.empty(len(parts), dtype=np.intp)
    place_by_words[order] = np.arange(len(parts))
    words = by_words / max(float(by_words.max()), 1e-6)
    cosines = _cosines(question, parts, by_words.tolist(), likeness)
    ranks = {hit.chunk.id: rank for rank, hit in enumerate(hits, start=1)}
    rank = np.array([ranks[part.hit.chunk.id] for part in parts])
    is_of_first = np.array([part.hit.chunk.document_id == hits[0].chunk.document_id for part in parts])
    is_first, is_last = _ends(parts)
    is_row = np.array([part.kind == "table" for part in parts])
    best = parts[order[0]]
    is_after = np.array(
        [part.hit.chunk.id == best.hit.chunk.id and part.place == best.place + 1 for part in parts]
    )
    signs = (
        words,
        place_by_words == 0,
        place_by_words < _MANY,
        cosines,
        cosines == max(float(cosines.max()), 1e-6),
        1 / rank,
        is_of_first,
        is_first,
        is_first & is_of_first,
        is_last & is_of_first,
        is_after,
        is_row,
        is_row * words,
        np.array([part.kind in ("item", "code") for part in parts]),
        np.ones(len(parts)),
    )
    return parts, np.stack(signs, axis=1).astype(np.float32)


def chosen_parts(
    question: str,
    hits: Sequence[Hit],
    choice: PartChoice,
    *,
    likeness: Likeness | None = None,
    needed: Set[tuple[str, int]] = frozenset(),
) -> list[Hit]:
    """Return the hits cut down to the chosen parts, the one with the best of them first; none without parts.

    Parts that are `needed`, named by their chunk and their place in it, take the places of the last ones.
    """
    parts, signs = parts_with_signs(question, hits, likeness=likeness)
    order = np.argsort(-(signs @ np.array(choice.weights, np.float32)), kind="stable").tolist()
    ranked = [parts[place] for place in order]
    kept = set(needed)
    for part in ranked:
        if len(kept) < choice.n:
            kept.add(place_of(part))
    return cut_to([part for part in ranked if place_of(part) in kept], hits)


def place_of(part: Quotable) -> tuple[str, int]:
    """Return what names a part: its chunk and its place in it."""
    return part.hit.chunk.id, part.place


def _cosines(
    question: str, parts: Sequence[Quotable], by_words: Sequence[float], likeness: Likeness | None
) -> NDArray[np.float64]:
    """Return the cosines of the parts of each hit that have most words; 0 for the others."""
    cosines = np.zeros(len(parts))
    compared = best_of_each(parts, by_words)
    found = likeness(question, [as_said(parts[place]) for place in compared]) if likeness else None
    if found is not None:
        cosines[compared] = found
    return cosines


def _ends(parts: Sequence[Quotable]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which parts are the first and which the last of their kind in their document."""
    by_kind: dict[tuple[str, str, str], list[int]] = {}
    for place, part in enumerate(parts):
        by_kind.setdefault((part.hit.chunk.document_id, part.kind, part.lead), []).append(place)
    is_first, is_last = np.zeros(len(parts), np.bool_), np.zeros(len(parts), np.bool_)
    for places in by_kind.values():
        places.sort(key=lambda place: parts[place].hit.chunk.start + parts[place].start)
        is_first[places[0]] = is_last[places[-1]] = True
    return is_first, is_last
