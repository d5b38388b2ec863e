"""What pages repeat, and what only looks like it."""

from lorewright.documents.pages import running_lines, without_running_lines


def pages_ending_in(*lines: str) -> list[str]:
    """Return three pages of a text of their own that end in the same lines but for the page's number."""
    texts = ("Rent\n\nis due\n\nin May.", "Heat\n\nis paid\n\nin June.", "Tax\n\nis free\n\nin July.")
    return ["\n\n".join([text, *lines]).replace("N", str(n)) for n, text in enumerate(texts, start=1)]


def test_page_numbers_are_left_out() -> None:
    pages = pages_ending_in("N")

    assert [page.rstrip() for page in without_running_lines(pages, running_lines(pages))] == [
        page[:-3] for page in pages
    ]


def test_amounts_at_the_end_of_a_page_are_no_page_numbers() -> None:
    """A table that ends a page ends in bare numbers; a page has one number of its own."""
    pages = pages_ending_in("N00.50", "4N", "1N2")

    assert without_running_lines(pages, running_lines(pages)) == pages
