"""Headings in capitals."""

from lorewright.documents.capital_headings import with_capital_headings


def test_lines_in_capitals_above_text_are_headings() -> None:
    """Recipes, manuals and minutes are written so; "LENTIL SOUP" was quoted as an answer."""
    text = "LENTIL SOUP\nServes 4\n\n- lentils\n- stock\n- cumin\n\n"
    text += "APPLE CRUMBLE\nServes 6\n\n- apples\n- flour\n- butter"
    lines = with_capital_headings(text).splitlines()
    assert [line for line in lines if line.startswith("#")] == ["## LENTIL SOUP", "## APPLE CRUMBLE"]
    assert "Serves 6" in lines


def test_what_shouts_or_stands_alone_stays() -> None:
    for text in (
        "WARNING\nDo not open.\nIt is hot.\nIt is heavy.",
        "SOLD OUT\nALL SHOWS\n\nCLOSED\nUNTIL MAY",
        "We met\nIBM\nand NASA\n\nThen we met\nESA\nagain for lunch",
        "# Marked\n\nTHE END\nof it\n\nTHE START\nof it\nand more\nand more",
    ):
        assert with_capital_headings(text) == text
