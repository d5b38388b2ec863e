"""The line above a sentence that it needs: without it nobody knows what the sentence is about."""

import pytest

from lorewright.documents import Chunk
from lorewright.knowledge import Hit
from lorewright.knowledge.quotable import quotables


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the lead and the text of every part that can be quoted."""
    hit = Hit(Chunk("a.md@0", "a.md", "A", 0, len(text), text), score=1.0, rank=1)
    return [(part.lead, part.text) for part in quotables(hit)]


@pytest.mark.parametrize(
    "text",
    [
        "Do you ship?\nTo ten countries.\nIs it free?\nFrom 60 euros.",
        "Do you ship?\n\nTo ten countries.\n\nIs it free?\n\nFrom 60 euros.",
        "Do you ship? To ten countries. Is it free? From 60 euros.",
        "- Do you ship?\n  To ten countries.\n- Is it free?\n  From 60 euros.",
    ],
)
def test_a_question_leads_its_answer_wherever_that_stands(text: str) -> None:
    """In a line of its own, in a paragraph of its own, in the same line, in a list."""
    parts = [(lead.removeprefix("- "), said) for lead, said in _parts(text)]

    assert parts == [("Do you ship?", "To ten countries."), ("Is it free?", "From 60 euros.")]


def test_a_short_item_of_a_list_is_one_part() -> None:
    """Its second sentence says what the first one leaves open; items that announce more stay apart."""
    assert _parts("- Removed: the option `--slow`. Use `--pace`.\n- Slower by half.") == [
        ("", "- Removed: the option `--slow`. Use `--pace`."),
        ("", "- Slower by half."),
    ]
    assert _parts("- It rains. Take along:\n  - a coat") == [("- It rains. Take along:", "- a coat")]


def test_a_question_leads_the_table_and_the_list_below_it() -> None:
    """An answer may be many lines."""
    assert _parts("Where do you ship?\n\n- To Norway.\n- To Spain.") == [
        ("Where do you ship?", "- To Norway."),
        ("Where do you ship?", "- To Spain."),
    ]


def test_a_question_that_nothing_follows_stays() -> None:
    """It is all that there is; a heading below it begins something else."""
    assert _parts("Ask yourself: who will read this?") == [("", "Ask yourself: who will read this?")]
    assert _parts("Who will read this?\n\n# Style\n\nBe brief.") == [
        ("", "Who will read this?"),
        ("", "Be brief."),
    ]


def test_a_paragraph_behind_an_answer_is_led_by_nothing() -> None:
    """A question reaches to the next paragraph, not to the end of the page."""
    assert _parts("Do you ship?\n\nTo ten countries.\n\nThe shop opens at nine.")[-1] == (
        "",
        "The shop opens at nine.",
    )


def test_a_heading_of_plain_text_leads_the_prose_below_it() -> None:
    """Text files have no marks for headings; quoted as answers, these took the places of sentences."""
    assert _parts(
        "CONTRAT DE LOCATION\n\nArticle 2 - Dépôt de garantie\nIl est restitué dans un délai de deux mois."
    ) == [
        ("Article 2 - Dépôt de garantie", "Il est restitué dans un délai de deux mois."),
    ]


@pytest.mark.parametrize(
    "text", ["Nordhaven Ltd\n12 Harbour Road\n5003 Bergen", "NASA\n\nOpen to all.", "Tank: 2 l\nIt is full."]
)
def test_lines_that_may_be_asked_for_are_no_headings(text: str) -> None:
    """Addresses, names and entries answer questions."""
    assert _parts(text) == [("", line) for line in text.splitlines() if line]


def test_a_line_before_a_list_or_code_leads_it_and_is_no_answer_itself() -> None:
    """ "How to claim:" alone tells nobody how."""
    assert _parts("How to claim:\n\n- Keep the bill.\n- Send it in.") == [
        ("How to claim:", "- Keep the bill."),
        ("How to claim:", "- Send it in."),
    ]
    assert _parts("Register it with:\n\n```\nclient.add()\n```") == [("Register it with:", "client.add()")]


def test_a_line_before_a_table_stays_a_part() -> None:
    """The rows have their header above them."""
    text = "Prices from May on:\n\n| Item | Price |\n|---|---|\n| Pen | 2 |"

    assert [said for _, said in _parts(text)] == ["Prices from May on:", "| Pen | 2 |"]


def test_an_item_leads_those_that_stand_further_to_the_right() -> None:
    """What is to be done says little without the risk that it is for."""
    assert _parts(
        "- Only Arun knows the jobs\n  - Beate learns them\n- The roof leaks\n  - It is mended"
    ) == [
        ("", "- Only Arun knows the jobs"),
        ("- Only Arun knows the jobs", "- Beate learns them"),
        ("", "- The roof leaks"),
        ("- The roof leaks", "- It is mended"),
    ]


def test_an_option_stands_above_its_meaning() -> None:
    """In manual pages the meaning begins further to the right, below the option."""
    text = "       -n, --no-moon\n              leave out the moon"
    assert _parts(text) == [("-n, --no-moon", "leave out the moon")]
