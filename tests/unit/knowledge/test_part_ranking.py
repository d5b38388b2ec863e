"""Hits in the order of the sentence of each that answers best."""

from collections.abc import Sequence
from dataclasses import replace

from tests.fixtures.drawn_flows import hit, texts

from lorewright.knowledge import Hit
from lorewright.knowledge.part_ranking import N_RERANKED, ordered_by_parts, part_scores
from lorewright.models.fakes import WordJudge

QUESTION = "Who may use the roof terrace?"
ABOUT_MUCH = hit(
    "The cellar is locked at night. Bicycles stand in the yard. "
    "The roof terrace may be used by tenants of the fifth floor. Parcels are left with the caretaker.",
    score=0.5,
)
ABOUT_ROOFS = hit("The roof is repaired in May. Scaffolding stands in front of the house.", score=0.6)

FAR_OFF = hit("The lift is serviced twice a year.", score=0.1)


def by_meaning(_question: str, said: Sequence[str]) -> list[float]:
    """Tell that a sentence with tenants means what is asked."""
    return [0.9 if "tenants" in text else 0.1 for text in said]


def test_one_sentence_that_answers_counts_whatever_stands_around_it() -> None:
    """The vector of a chunk about four things is close to none of them."""
    much, roofs = part_scores(QUESTION, [ABOUT_MUCH, ABOUT_ROOFS], likeness=by_meaning)

    assert much > roofs + 0.5
    assert texts(ordered_by_parts(QUESTION, [ABOUT_ROOFS, ABOUT_MUCH, FAR_OFF], likeness=by_meaning)) == [
        one.chunk.text for one in (ABOUT_MUCH, ABOUT_ROOFS, FAR_OFF)
    ]


def test_the_score_with_which_a_hit_was_found_is_not_counted_twice() -> None:
    found, barely = (replace(ABOUT_MUCH, score=score) for score in (1.0, 0.0))

    assert part_scores(QUESTION, [found]) == part_scores(QUESTION, [barely])


def test_the_judge_counts_where_it_reads_the_language() -> None:
    german = hit("Die Dachterrasse dürfen die Mieter des fünften Stocks benutzen.")
    asked = "Wer darf die Dachterrasse benutzen?"

    assert part_scores(QUESTION, [ABOUT_MUCH], judge=WordJudge()) > part_scores(QUESTION, [ABOUT_MUCH])
    assert part_scores(asked, [german], judge=WordJudge()) == part_scores(asked, [german])


def test_hits_behind_those_that_are_read_follow_with_no_higher_score() -> None:
    """Whoever sorts by score must get the order that was returned."""
    many = [hit(f"Page {number} says nothing.", score=1 - number / 100) for number in range(N_RERANKED + 3)]
    many = [replace(one, rank=rank) for rank, one in enumerate(many, start=1)]

    ordered = ordered_by_parts(QUESTION, many)

    assert [one.chunk.text for one in ordered[N_RERANKED:]] == [one.chunk.text for one in many[N_RERANKED:]]
    assert [one.rank for one in ordered] == list(range(1, N_RERANKED + 4))
    assert sorted((one.score for one in ordered), reverse=True) == [one.score for one in ordered]


def test_hits_without_a_sentence_stay() -> None:
    heading: Sequence[Hit] = [hit("# Roof terrace", score=0.4)]

    assert part_scores(QUESTION, heading) == [0.0]
    assert ordered_by_parts(QUESTION, []) == []
