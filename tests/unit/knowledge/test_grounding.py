"""Numbers, dates, versions and names that no source holds."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit, is_covered, unsupported
from lorewright.settings import Retrieval


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("It ended on 5 Mar 2027.", "| 11.6 | 2027-03-05 |"),
        ("It ended on March 5th, 2027.", "ended 05.03.2027"),
        ("It ended in March 2027.", "2027-03-05"),
        ("It ended in 2027.", "the 5th of March 2027"),
        ("on 3 April 2027", "04/03/2027"),
        ("It costs $1,496.50.", "Total: 1496.5"),
        ("It is 50%.", "50 percent"),
        ("There are twelve.", "12 apostles"),
        ("There are 3.", "the third of them"),
        ("Take 1.5 million.", "1,500,000 rows"),
        ("Use v18.0.69 now.", "release 18.0.69"),
        ("Call BatchGetItem.", "`BatchGetItem` returns"),
        ("It was Rosa's idea.", "rosa said so"),
        ("Ask the UNHCR.", "United Nations High Commissioner for Refugees"),
        ("Paid by Rolls-Royce.", "Rolls and Royce"),
        ("The WiFi is free.", "guests use the Wi-Fi"),
        ("Use the Wi-Fi.", "there is wifi"),
        ("However, nothing else is said here [2].", ""),
    ],
)
def test_what_a_source_says_in_another_notation_is_supported(said: str, written: str) -> None:
    assert unsupported(said, [written]) == ()


@pytest.mark.parametrize(
    ("said", "written", "missing"),
    [
        ("It ended on 5 Mar 2027.", "2027-03-06", "5 Mar 2027"),
        ("It ended on 5 March 2027.", "March 2027", "5 March 2027"),
        ("Python 3.1 is out.", "3.10", "3.1"),
        ("Use 18.0.69.", "18.0.68", "18.0.69"),
        ("It costs $1,496.", "$1,495", "$1,496"),
        ("Then ask Alice.", "Bob knows", "Alice"),
        ("Yes, Alpine ended.", "Debian ended", "Alpine"),
        ("Call getItem first.", "Call put_item", "getItem"),
        ("There are twelve.", "11", "twelve"),
    ],
)
def test_what_no_source_says_is_named_as_written(said: str, written: str, missing: str) -> None:
    assert missing in unsupported(said, [written])


def test_any_source_will_do() -> None:
    assert unsupported("Alice paid $5 and Bob too.", ["then Alice", "for Bob", "5 dollars"]) == ()


def test_words_of_the_style_are_allowed() -> None:
    assert unsupported("Kind regards, your Version Desk", [], allowed=frozenset({"version", "desk"})) == ()


def test_without_sources_every_claim_is_named_once() -> None:
    assert unsupported("Then Bob met Bob on 5 May.", []) == ("Bob", "5 May")


def hit(cosine: float | None) -> Hit:
    return Hit(Chunk("1", "d", "", 0, 4, "text"), score=1.0, rank=1, cosine=cosine)


def test_hits_far_from_the_question_do_not_cover_it() -> None:
    settings = Retrieval(min_cosine=0.3)

    assert is_covered([hit(0.1), hit(0.5)], settings)
    assert not is_covered([hit(0.1), hit(0.2)], settings)
    assert not is_covered([], settings)


def test_a_rare_word_that_a_hit_holds_covers_the_question() -> None:
    """A page found by its abbreviation was refused because its vector lies far from the question."""
    toil = Hit(Chunk("1", "pto.md", "", 0, 4, "Time off in lieu (TOIL) is taken soon."), 1.0, 1, cosine=0.09)

    assert is_covered([toil], Retrieval(), question="How much TOIL can I take?")
    assert is_covered([toil], Retrieval(min_cosine=0.05), question="How much time?")
    assert not is_covered([toil], Retrieval(), question="Who founded Rome?")
