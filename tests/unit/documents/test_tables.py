"""Where the names of columns stand in tables as people make them."""

import pytest

from lorewright.documents import TokenOffsets, cut
from lorewright.documents.blocks import blocks
from lorewright.documents.document import Document
from lorewright.documents.tables import rows_as_markdown


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(";")] for line in text.strip().splitlines()]


def header_of(text: str) -> str:
    """Return the names above the line that separates them from the rows."""
    lines = rows_as_markdown(rows(text)).splitlines()
    return lines[next(place for place, line in enumerate(lines) if line.startswith("| ---")) - 1]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("name;color\napple;red\nplum;blue", "| name | color |"),
        ("id;name;amount\n1;Foo;10.0\n2;Bar;12.5", "| id | name | amount |"),
        ("Region;2021;2022;2023\nNorth;5;6;7\nSouth;8;9;4", "| Region | 2021 | 2022 | 2023 |"),
        ("Hour;1;2;3;4\nMon;20;22;23;25\nTue;19;22;21;20", "| Hour | 1 | 2 | 3 | 4 |"),
        ("Site;2026-01;2026-02\nNorth;5;6\nSouth;7;8", "| Site | 2026-01 | 2026-02 |"),
        ("Site;Q1;;Q2;\n;Early;Late;Early;Late\nA;1;2;3;4\nB;5;6;7;8",
         "| Site | Q1 / Early | Q1 / Late | Q2 / Early | Q2 / Late |"),
        ("Name;Weight;Price\n;kg;EUR\nBolt;1.5;3.20\nNut;0.5;1.10", "| Name | Weight / kg | Price / EUR |"),
        ("No.;What;Power;Price;;Note\n;;kW;1-9 pieces;from 10 pieces;\n"
         "A-1;Mow;1.4;329;299;\nA-2;Saw;2;149;;new",
         "| No. | What | Power / kW | Price / 1-9 pieces | Price / from 10 pieces | Note |"),
        ("01.03.2026;Bakery;-13,50\n02.03.2026;Butcher;-20,10", "|  |  |  |"),
        ("C-1;Anna;12\nC-2;Bert;14\nC-3;Carl;19", "|  |  |  |"),
    ],
)  # fmt: skip
def test_names_of_columns_are_told_from_values(text: str, header: str) -> None:
    assert header_of(text) == header


def test_lines_above_and_below_a_table_stay_there() -> None:
    """Exports of banks and meters begin with whose they are, and end with when they were made."""
    text = """Account statement;;;
    Holder;Garden club;;
    ;;;
    Date;Payee;Purpose;Amount
    01.03.2026;Bakery;Bread;-13,50
    02.03.2026;Butcher;Ham;-20,10
    Total;;;-33,60
    Printed on 3 March;;;"""

    assert rows_as_markdown(rows(text)) == (
        "Account statement\nHolder: Garden club\n\n"
        "| Date | Payee | Purpose | Amount |\n| --- | --- | --- | --- |\n"
        "| 01.03.2026 | Bakery | Bread | -13,50 |\n| 02.03.2026 | Butcher | Ham | -20,10 |\n"
        "| Total |  |  | -33,60 |\n\nPrinted on 3 March"
    )


def test_empty_rows_part_tables_unless_the_same_goes_on() -> None:
    text = "Name;Tel\nAnna;1234\nBert;2345\n;\nCarl;3456\n;\nItem;Price\nDesk;300"

    assert rows_as_markdown(rows(text)).split("\n\n") == [
        "| Name | Tel |\n| --- | --- |\n| Anna | 1234 |\n| Bert | 2345 |\n| Carl | 3456 |",
        "| Item | Price |\n| --- | --- |\n| Desk | 300 |",
    ]


def test_a_table_without_names_gives_its_chunks_none(words: TokenOffsets) -> None:
    """A row of values above every chunk would be found for all of them."""
    values = [[f"C-{number}", f"Anna {number}", str(number)] for number in range(60)]
    text = rows_as_markdown(values)

    chunks = cut(Document("a", "a", text), token_offsets=words, size_tokens=60)

    assert len(chunks) > 3
    assert {chunk.header for chunk in chunks} == {""}


@pytest.mark.parametrize("first", ["Opened | 14 June 1931", "Architect | Clara Witte", "Rooms | 12"])
def test_the_first_of_some_facts_is_no_header(first: str) -> None:
    """The box beside an article has a name in every row, and none above."""
    text = f"|  |  |\n| --- | --- |\n| {first} |\n| Height | 61 m |\n| Owner | the town |\n| Visitors | 900 |"

    table = next(blocks(text))

    assert text[slice(*table.rows[table.n_header_rows])] == f"| {first} |"


def test_names_below_an_empty_markdown_header_are_found(words: TokenOffsets) -> None:
    """Converters write an empty header where they knew of none."""
    body = "\n".join(f"| Item {number} | {number} |" for number in range(60))
    text = f"|  |  |\n| --- | --- |\n| What | Price |\n{body}"

    chunks = cut(Document("a", "a", text), token_offsets=words, size_tokens=60)

    assert chunks[-1].header.endswith("| What | Price |")
