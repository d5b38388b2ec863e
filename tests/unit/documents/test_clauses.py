"""Headings of clauses in plain text."""

from lorewright.documents.blocks import blocks
from lorewright.documents.clauses import with_clause_headings
from lorewright.documents.item_marks import with_marks_of


def headings(*pages: str) -> list[tuple[int, str]]:
    text = "\n\n".join(with_clause_headings(pages))
    return [(block.level, block.title) for block in blocks(text) if block.kind == "heading"]


def test_the_title_on_the_next_line_belongs_to_the_heading() -> None:
    """So laws are printed; nobody finds "Article 2" who looks for the opening hours."""
    law = """CHAPTER I
General

Article 1
Scope

(1) These rules apply to all baths.

Article 2

Opening hours

(1) Baths open at 8.
"""
    assert headings(law) == [
        (2, "CHAPTER I General"),
        (3, "Article 1 Scope"),
        (3, "Article 2 Opening hours"),
    ]


def test_a_title_in_the_same_line_is_one_too() -> None:
    text = "§ 1 Ruhezeiten\nVon 22 bis 6 Uhr ist Ruhe.\n\n§ 2 Grillen\nGegrillt wird im Hof.\n"
    assert headings(text) == [(2, "§ 1 Ruhezeiten"), (2, "§ 2 Grillen")]


def test_text_in_the_line_of_its_number_stands_below_the_heading() -> None:
    """Polish and Czech laws begin a sentence behind "Art. 2."."""
    text = (
        "Art. 1. Woda jest płatna.\n\nArt. 2. 1. Wodomierze odczytuje się w czerwcu.\n2. Odczyt kosztuje.\n"
    )
    page = with_clause_headings([text])[0]
    assert headings(text) == [(2, "Art. 1"), (2, "Art. 2")]
    assert "1. Wodomierze odczytuje się w czerwcu." in page.splitlines()


def test_numbered_chapters_of_a_contract_are_headings_and_their_clauses_paragraphs() -> None:
    contract = """SUPPLY CONTRACT
1. Goods
1.1 The Supplier delivers apples.
1.2 Apples are green.
2. Price
2.1 A crate is 12 euros.
3. Term
3.1 The contract runs for a year."""
    assert headings(contract) == [(2, "1 Goods"), (2, "2 Price"), (2, "3 Term")]
    page = with_clause_headings([contract])[0]
    kinds = [page[block.start : block.end] for block in blocks(page) if block.kind == "paragraph"]
    assert "1.2 Apples are green." in kinds


def test_clauses_go_on_over_pages() -> None:
    assert headings("Article 1 Scope\n\nIt holds for all.", "Article 2 Rent\n\nIt is 4 euros.") == [
        (2, "Article 1 Scope"),
        (2, "Article 2 Rent"),
    ]


def test_a_table_of_contents_is_no_heading() -> None:
    """Its entries have nothing below them."""
    text = "Article 1 Scope\nArticle 2 Rent\nArticle 3 Term\n\nThese rules were made in 2020 by the council."
    assert headings(text) == []


def test_a_reference_at_the_beginning_of_a_line_is_no_heading() -> None:
    text = (
        "Article 1 Scope\n\nIt holds as laid down in\nArticle 7 of a law.\n\nArticle 2 Rent\n\nIt is low.\n"
    )
    assert [title for _, title in headings(text)] == ["Article 1 Scope", "Article 2 Rent"]


def test_lists_recipes_and_single_mentions_stay_as_they_are() -> None:
    """A step is no chapter, and one "Section 3" makes no law."""
    for text in (
        "1. Flour\n2. Eggs\n3. Milk",
        "1. Open the app\n\nTap on it.\n\n2. Choose a plan\n\nTake any.\n\n3. Pay\n\nBy card.",
        "Section 3\n\nis where the parcels are kept.",
        "```\nArticle 1 Scope\nx\nArticle 2 Rent\ny\n```",
    ):
        assert with_clause_headings([text]) == [text]


def test_what_is_marked_already_stays() -> None:
    text = "# Law\n\n## Article 1 Scope\n\nIt holds.\n\n## Article 2 Rent\n\nIt is low."
    assert with_clause_headings([text]) == [text]


def test_items_have_the_numbers_of_the_page() -> None:
    """A list that goes on from the page before began at 1 again."""
    read = "1. The rent is due in May: (a) by card; (b) in cash at the desk.\n2. Nobody pays twice for it."
    page = "(3) The rent is due in May:\r\n(a) by card;\r\n(b) in cash at the desk.\r\n"
    page += "(4) Nobody pays twice for it."
    assert with_marks_of(read, page).splitlines() == [
        "(3) The rent is due in May:",
        "(a) by card;",
        "(b) in cash at the desk.",
        "(4) Nobody pays twice for it.",
    ]


def test_one_chapter_above_numbered_lines_is_no_law() -> None:
    text = "Chapter I\n\nGetting up\n\n1 Wash\n1.1 With soap.\n2 Eat\n2.1 With friends.\n3 Go\n3.1 On foot."
    assert [title for _, title in headings(text)] == ["1 Wash", "2 Eat", "3 Go"]
