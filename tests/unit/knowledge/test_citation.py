"""Which place supports which sentence."""

from lorewright.documents import Chunk, Document
from lorewright.knowledge import Citation, Hit, cite

MARIADB = Document(
    "mariadb.md",
    "MariaDB",
    "# MariaDB\n\nMariaDB is a database. It is free.\n\n"
    "| Release | Released | Support until |\n|---|---|---|\n"
    "| 11.6 | 2024-08-15 | 2025-02-13 |\n| 11.5 | 2024-05-11 | 2024-08-15 |\n",
)
LEAVE = Document("leave.md", "Leave", "Everybody gets 28 days of holiday.\n\nParental leave is 14 months.")


def hits(*documents: Document) -> list[Hit]:
    return [
        Hit(
            Chunk(str(rank), document.id, document.title, 0, len(document.text), document.text),
            score=1 / rank,
            rank=rank,
        )
        for rank, document in enumerate(documents, start=1)
    ]


def quotes(text: str, *documents: Document, question: str = "") -> list[str]:
    return [citation.quote for citation in cite(text, hits(*documents), question=question)]


def test_a_date_in_words_cites_the_row_that_holds_it() -> None:
    text = "Good question! MariaDB 11.6 is supported until 13 Feb 2025."

    (citation,) = cite(text, hits(LEAVE, MARIADB))

    assert citation == Citation(
        number=2,
        document_id="mariadb.md",
        title="MariaDB",
        start=citation.start,
        end=citation.end,
        quote="| 11.6 | 2024-08-15 | 2025-02-13 |",
        position=len(text),
    )
    assert MARIADB.text[citation.start : citation.end] == citation.quote


def test_of_two_rows_with_the_same_date_the_question_chooses() -> None:
    answer = "It was on 15 August 2024."

    assert quotes(answer, MARIADB, question="When did support of 11.5 end?") == [
        "| 11.5 | 2024-05-11 | 2024-08-15 |"
    ]
    assert quotes(answer, MARIADB, question="When was 11.6 released?") == [
        "| 11.6 | 2024-08-15 | 2025-02-13 |"
    ]


def test_every_sentence_gets_its_own_place() -> None:
    assert quotes("You get 28 days of holiday. Parental leave takes 14 months.", LEAVE) == [
        "Everybody gets 28 days of holiday.",
        "Parental leave is 14 months.",
    ]


def test_one_sentence_may_need_two_places() -> None:
    assert quotes("You get 28 days, and parental leave of 14 months.", LEAVE) == [
        "Everybody gets 28 days of holiday.",
        "Parental leave is 14 months.",
    ]


def test_what_no_hit_says_is_not_cited() -> None:
    assert quotes("Happy to help! Ask me about 30 other things on 3 June 2027.", LEAVE) == []
    assert quotes("Parental leave is 15 months.", LEAVE) == []


def test_a_marker_decides_between_equal_places() -> None:
    twin = Document("twin.md", "Leave", LEAVE.text)

    (citation,) = cite("Everybody gets 28 days of holiday [2].", hits(LEAVE, twin))

    assert (citation.number, citation.document_id) == (2, "twin.md")
