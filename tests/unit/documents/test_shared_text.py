"""What most pages of a site share is left out of each of them."""

from lorewright.documents import Document
from lorewright.documents.shared_text import find_shared, without_shared

MENU = "- Home\n- Meters\n- Bills"
FOOT = "Waterworks, Dam Road 1. Imprint."


def page(name: str, body: str) -> Document:
    return Document(name, name, f"Waterworks\n\n{MENU}\n\n# {name}\n\n{body}\n\n{FOOT}", "text/html")


def site(*bodies: str) -> list[Document]:
    return [page(f"Page {number}", body) for number, body in enumerate(bodies)]


def own_texts(pages: list[Document]) -> list[str]:
    shared = find_shared({each.id: each.text for each in pages})
    return [without_shared(each, shared).text for each in pages]


def test_menus_and_feet_of_a_site_are_left_out_of_its_pages() -> None:
    """The menu names every topic, so it would be found for every question."""
    pages = site("Wrap it in felt.", "A drip costs nine crowns.", "Read it in May.", "Softeners help.")

    assert own_texts(pages)[0] == "# Page 0\n\nWrap it in felt."
    report = without_shared(pages[0], find_shared({each.id: each.text for each in pages})).report
    assert report.left_out == ("71 characters shared by most pages in the folder",)
    assert report.notices == ()


def test_two_pages_are_no_site() -> None:
    pages = site("Wrap it in felt.", "A drip costs nine crowns.")

    assert own_texts(pages) == [each.text for each in pages]


def test_copies_and_versions_of_a_page_share_content_and_keep_it() -> None:
    """Three years of a handbook differ in a line, and each must still be found."""
    rules = "\n\n".join(f"Rule {number}: keep door {number} shut at night." for number in range(30))
    copies = [page("Handbook", rules)] * 4
    versions = [page("Handbook", f"Edition of {year}.\n\n{rules}") for year in range(2020, 2025)]

    assert own_texts(copies) == [each.text for each in copies]
    assert own_texts(versions) == [each.text for each in versions]


def test_what_stands_between_a_pages_own_text_stays() -> None:
    pages = site(
        *(f"Own {word}.\n\nCall us first.\n\nMore {word}." for word in ("felt", "drip", "may", "soft"))
    )

    assert "Call us first." in own_texts(pages)[0]


def test_other_documents_have_no_frame() -> None:
    notes = Document("a.md", "a", "Shared.\n\nOwn a.", "text/markdown")
    shared = find_shared({name: f"Shared.\n\nOwn text of {name}." for name in "abc"})

    assert without_shared(notes, shared) is notes
