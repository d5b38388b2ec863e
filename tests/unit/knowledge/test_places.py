"""A sentence must be borne by one place, not by pieces of many."""

import pytest

from lorewright.knowledge import check_claims, unsupported_together
from lorewright.knowledge.places import Places
from lorewright.knowledge.verdict import judge_answer
from lorewright.models.fakes import WordJudge

ALPHA = "The Alpha plan costs 9 euros a month."
BETA = "The Beta plan costs 5 euros a month."


@pytest.mark.parametrize(
    "crossed",
    [
        "The Alpha plan costs 5 euros a month.",
        "With Alpha you pay 5 euros a month.",
        "The Alpha plan costs 5 and the Beta plan 9 euros a month.",
    ],
)
def test_the_name_of_one_chunk_with_the_number_of_another_is_noticed(crossed: str) -> None:
    """Every word of it stands somewhere, and still it is false: the costliest mistake of an answer."""
    verdict = check_claims(crossed, [ALPHA, BETA])

    assert {*verdict.wrong, *verdict.doubtful} & {"5", "9", "5 euros", "9 euros"}
    assert unsupported_together(crossed, [ALPHA, BETA])
    assert Places([ALPHA, BETA]).wording(crossed)[0].n_missing > 0


def test_another_number_in_the_same_words_is_withheld() -> None:
    """The page of that name says otherwise: this is no doubt but a contradiction."""
    verdict = check_claims("The Alpha plan costs 5 euros a month.", [ALPHA, BETA])

    assert verdict.wrong == ("5 euros",)


@pytest.mark.parametrize(
    "right",
    [
        "The Alpha plan costs 9 euros a month.",
        "The Alpha plan costs 9 and the Beta plan 5 euros a month.",
        "Alpha costs 9 euros, while Beta costs 5 euros.",
        "Beta is cheaper than Alpha by 4 euros: 5 euros instead of 9.",
        "You can take Alpha for 9 euros; Beta for 5 euros.",
    ],
)
def test_a_sentence_that_puts_two_chunks_together_is_judged_in_parts(right: str) -> None:
    """Comparing what two pages say is what retrieval is for."""
    verdict = check_claims(right, [ALPHA, BETA])

    assert not {"9", "5", "9 euros", "5 euros"} & {*verdict.wrong, *verdict.doubtful}
    assert unsupported_together(right, [ALPHA, BETA]) == ()


def test_a_chunk_is_read_with_its_title_and_headings() -> None:
    """Many chunks name what they are about only above them."""
    chunks = ["Plans > Alpha\nPrice: 9 euros", "Plans > Beta\nPrice: 5 euros"]

    assert unsupported_together("Alpha costs 9 euros.", chunks) == ()
    assert unsupported_together("Alpha costs 5 euros.", chunks) == ("5 euros",)


def test_what_only_the_user_said_belongs_to_every_place() -> None:
    """A name that no document has came from the question; one that a document has must stand there."""
    said = "What does Alpha cost for Contoso?"
    known = Places([ALPHA, BETA], said=[said]).wording("Alpha costs Contoso 9 euros.")[0]
    crossed = Places([ALPHA, BETA], said=[said]).wording("Alpha costs Contoso 5 euros.")[0]

    assert known.n_missing == 0
    assert crossed.n_missing == 1
    assert check_claims("Alpha costs Contoso 9 euros.", [ALPHA, BETA], said=[said]).doubtful == ()


def test_a_crossed_sentence_is_supported_less_than_a_true_one() -> None:
    """The mark in a chat and the rate in a report follow from this figure."""
    right, crossed = (
        judge_answer(answer, [ALPHA, BETA], WordJudge()).sentences[0]
        for answer in ("The Alpha plan costs 9 euros a month.", "The Alpha plan costs 5 euros a month.")
    )

    assert right.support > crossed.support
    assert right.window == ALPHA
    assert crossed.state != "supported"
