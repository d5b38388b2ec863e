"""Where documents are cut, and what every chunk says about its place."""

import random
import re

import pytest

from lorewright.documents import Document, TokenOffsets, cut
from lorewright.documents.cut import each_chunk

GUIDE = """# Travel guide

Welcome to the guide of our company. It holds for everybody who travels for work.

## Trains

Book trains first. A train is cheaper than a flight and you can work in it. Seats are reserved.

## Flights

Flights need the approval of your lead. Ask at least five days before, because prices rise.
"""


def document(text: str, **fields: object) -> Document:
    return Document("guide.md", "Travel guide", text, **fields)  # type: ignore[arg-type]


def test_every_section_becomes_a_chunk_with_its_headings(words: TokenOffsets) -> None:
    """A hit must tell where it stands without its neighbours."""
    chunks = cut(document(GUIDE), token_offsets=words, size_tokens=40)

    assert [chunk.heading_path for chunk in chunks] == [
        ("Travel guide",),
        ("Travel guide", "Trains"),
        ("Travel guide", "Flights"),
    ]
    assert chunks[2].text.startswith("## Flights\n\nFlights need")


def test_offsets_are_exact_and_nothing_is_lost(words: TokenOffsets) -> None:
    """A citation points at characters of the document."""
    chunks = cut(document(GUIDE), token_offsets=words, size_tokens=16)

    assert all(GUIDE[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert "".join("".join(chunk.text for chunk in chunks).split()) == "".join(GUIDE.split())


def test_a_long_paragraph_is_cut_evenly_between_sentences(words: TokenOffsets) -> None:
    """Two halves are found better than a long chunk and its last three words."""
    text = " ".join(f"Sentence number {number} says little." for number in range(8))

    first, second = cut(document(text), token_offsets=words, size_tokens=40)

    assert first.text.endswith("says little.")
    assert second.text.startswith("Sentence number 4")


def test_rows_of_a_long_table_carry_its_header(words: TokenOffsets) -> None:
    """A row without the names of its columns answers nothing."""
    rows = "\n".join(f"| {number}.0 | 2024-01-0{number} |" for number in range(1, 9))
    text = f"## Releases\n\n| Release | Released |\n|---|---|\n{rows}\n"

    first, *others = cut(document(text), token_offsets=words, size_tokens=60)

    assert first.text.startswith("## Releases\n\n| Release | Released |\n|---|---|\n| 1.0 |")
    assert first.header == ""
    assert {chunk.header for chunk in others} == {"| Release | Released |\n|---|---|"}
    assert all(chunk.text.startswith("| ") and chunk.text.endswith(" |") for chunk in others)
    assert "Release | Released" in others[0].context


def test_a_table_without_a_separator_has_the_rows_without_a_first_cell_as_header(words: TokenOffsets) -> None:
    """Tables in annual reports have two header rows and no line below them."""
    rows = "\n".join(f"| Item {number} | {number} | {number + 1} |" for number in range(9))
    text = f"| | Fiscal | |\n| | 2019 | 2018 |\n{rows}"

    chunks = cut(document(text), token_offsets=words, size_tokens=50)

    assert chunks[1].header == "| | Fiscal | |\n| | 2019 | 2018 |"


def test_code_that_fits_is_kept_whole(words: TokenOffsets) -> None:
    """Half a command cannot be run; and a comment in it is no heading."""
    code = "```sh\n# not a heading\nrun --all\n\nrun --again\n```"
    text = f"{'Some words before. ' * 10}\n\n{code}\n\n{'Some words after. ' * 10}"

    chunks = cut(document(text), token_offsets=words, size_tokens=45)

    assert any(code in chunk.text for chunk in chunks)
    assert {chunk.heading_path for chunk in chunks} == {()}


def test_no_chunk_is_only_a_heading(words: TokenOffsets) -> None:
    """A heading alone answers nothing and pushes answers out of the hits."""
    text = "# One\n\n## Two\n\n### Three\n\nSome text under three.\n\n## Four\n\nMore text.\n\n# End\n"

    chunks = cut(document(text), token_offsets=words, size_tokens=16)

    assert [chunk.text.splitlines()[-1] for chunk in chunks] == ["Some text under three.", "# End"]
    assert chunks[0].heading_path == ("One", "Two", "Three")


def test_fragments_join_their_neighbour_but_not_across_the_top_headings(words: TokenOffsets) -> None:
    """Short questions under one heading are read together; two chapters are not."""
    text = "# A\n\n## a\n\nYes.\n\n## b\n\nNo.\n\n# B\n\n## c\n\nPerhaps.\n"

    chunks = cut(document(text), token_offsets=words, size_tokens=128)

    assert [chunk.heading_path for chunk in chunks] == [("A",), ("B", "c")]
    assert "Yes." in chunks[0].text
    assert "No." in chunks[0].text


def test_underlined_headings_count(words: TokenOffsets) -> None:
    """Half of all README files underline their titles."""
    text = "Title\n=====\n\nText one is here.\n\nPart\n----\n\nText two is a bit longer.\n"

    chunks = cut(document(text), token_offsets=words, size_tokens=14)

    assert [chunk.heading_path for chunk in chunks] == [("Title",), ("Title", "Part")]


def test_heading_titles_lose_their_markup(words: TokenOffsets) -> None:
    text = '## <a name="x"></a>Use [the `API`](https://example.org) \\- now ##\n\nText.'

    (chunk,) = cut(document(text), token_offsets=words)

    assert chunk.heading_path == ("Use the API - now",)


def test_a_chunk_knows_its_page(words: TokenOffsets) -> None:
    text = "First page text.\n\nSecond page text."

    chunks = cut(document(text, page_starts=(0, 18)), token_offsets=words, size_tokens=4)

    assert [chunk.page for chunk in chunks] == [1, 2]


def test_a_word_longer_than_a_chunk_is_the_only_thing_too_long() -> None:
    """Keys and hashes occur in real texts."""
    text = "A key: " + "x" * 500 + " and the end."
    letters: TokenOffsets = lambda text: [  # noqa: E731
        (place, place + 1) for place, letter in enumerate(text) if letter != " "
    ]

    chunks = cut(document(text), token_offsets=letters, size_tokens=64)

    assert max(len(letters(chunk.text)) for chunk in chunks) <= 64
    assert "".join(chunk.text for chunk in chunks).count("x") == 500


def test_ids_stay_when_other_text_changes(words: TokenOffsets) -> None:
    """What did not change need not be embedded again."""
    before = cut(document(GUIDE), token_offsets=words, size_tokens=40)
    after = cut(document(GUIDE.replace("five days", "nine days")), token_offsets=words, size_tokens=40)

    assert [chunk.id for chunk in before[:2]] == [chunk.id for chunk in after[:2]]
    assert before[2].id != after[2].id


def test_an_empty_document_has_no_chunks(words: TokenOffsets) -> None:
    assert cut(document(" \n\n---\n"), token_offsets=words) == []


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_text_chunks_fit_and_cover_it(words: TokenOffsets, seed: int) -> None:
    """Nobody writes Markdown the way its parsers expect."""
    draw = random.Random(seed)
    parts = [
        "# H\n",
        "\n\n",
        "| a | b |\n",
        "|---|---|\n",
        "- item ",
        "word " * 20,
        "```\n",
        "1. ",
        "===\n",
        "> q ",
    ]
    text = "".join(draw.choice(parts) for _ in range(80))

    chunks = cut(document(text), token_offsets=words, size_tokens=24)

    assert all(len(words(chunk.text)) <= 24 for chunk in chunks)
    assert re.findall(r"\w+", "\n".join(chunk.text for chunk in chunks)) == re.findall(r"\w+", text)


def test_a_text_of_any_length_is_cut_stretch_by_stretch(words: TokenOffsets) -> None:
    """Nothing is lost where stretches meet, and every chunk knows its headings and its place."""
    chapters = "\n\n".join(
        f"## Chapter {chapter}\n\n" + "\n\n".join(f"Rule {chapter}.{rule} says so." for rule in range(40))
        for chapter in range(9)
    )
    text = f"# Rules\n\n{chapters}"

    chunks = list(each_chunk(document(text), token_offsets=words, size_tokens=50, stretch_chars=500))

    assert "".join("".join(chunk.text for chunk in chunks).split()) == "".join(text.split())
    assert all(text[chunk.start : chunk.end] == chunk.text for chunk in chunks)
    assert {chunk.heading_path for chunk in chunks if "Rule 7." in chunk.text} == {("Rules", "Chapter 7")}
