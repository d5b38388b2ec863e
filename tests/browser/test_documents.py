"""Documents as people bring them in, look at them, change them and let them go."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.fixtures.studio import Studio, begin, file_of, lay_out, lorewright, picture, violations

INJECTION = "<img src=x onerror=document.title='broken'>.md"


def file(name: str, text: str) -> FilePayload:
    """Return a file as a browser's dialog gives it."""
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


def row(page: Page, name: str) -> Any:
    """Return the line of a document in the list."""
    return page.locator(".doc-row", has_text=name)


def dark(page: Page) -> None:
    """Show pages dark from now on."""
    page.emulate_media(color_scheme="dark")


def test_files_and_folders_are_uploaded_with_progress_and_found(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    """Whoever has never seen a terminal brings in a whole folder."""
    page.goto(studio.at("/documents"))
    expect(row(page, "leave.md")).to_contain_text("indexed")
    folder = tmp_path / "house"
    (folder / "rules").mkdir(parents=True)
    for number in range(5):
        (folder / "rules" / f"rule-{number}.md").write_text(f"# Rule {number}\n\nNo dogs on day {number}.\n")
    (folder / ".DS_Store").write_text("x")

    page.locator("input[data-kind=folder]").set_input_files(folder)

    expect(page.get_by_text("5 of 5 uploaded")).to_be_visible()
    expect(page.get_by_role("progressbar", name="house/rules/rule-1.md")).to_have_attribute(
        "aria-valuenow", "100"
    )
    expect(row(page, "house/rules/rule-1.md")).to_contain_text("indexed", timeout=60_000)
    page.get_by_role("navigation", name="Folders").get_by_role("button", name="house", exact=True).click()
    expect(row(page, "rule-")).to_have_count(5)
    expect(row(page, "leave.md")).to_have_count(0)
    expect(page.get_by_text("into house")).to_be_visible()
    picture(page, "documents-uploaded")

    page.locator("input[data-kind=files]").set_input_files(file("pool.md", "# Pool\n\nOpens at nine.\n"))

    expect(row(page, "house/pool.md")).to_contain_text("indexed", timeout=60_000)
    assert (studio.folder / "documents" / "house" / "pool.md").exists()


def test_dropped_files_are_taken(studio: Studio, page: Page) -> None:
    """The whole page is a place to drop on."""
    page.goto(studio.at("/documents"))
    expect(page.locator(".doc-drop[data-attached]")).to_be_visible()
    page.evaluate(
        """() => {
        const data = new DataTransfer();
        data.items.add(new File(["# Dropped\\n\\nIt fell from above."], "dropped.md"));
        const told = { dataTransfer: data, bubbles: true, cancelable: true };
        const place = document.querySelector(".doc-list");
        place.dispatchEvent(new DragEvent("dragover", told));
        place.dispatchEvent(new DragEvent("drop", told));
        }"""
    )
    expect(row(page, "dropped.md")).to_contain_text("indexed", timeout=60_000)


def test_what_cannot_be_taken_is_refused_with_the_reason(studio: Studio, page: Page, tmp_path: Path) -> None:
    """Two gigabytes are refused before a byte is read; a program is none of our business."""
    page.goto(studio.at("/documents"))
    huge = tmp_path / "film.txt"
    with huge.open("wb") as sparse:
        sparse.truncate(2 * 1024**3)
    page.locator("input[data-kind=files]").set_input_files(huge)
    expect(page.locator(".doc-upload", has_text="film.txt")).to_contain_text("exceeds the limit of 512 MB")

    page.on("console", lambda _: None)
    page.locator("input[data-kind=files]").set_input_files(file("empty.md", "..."))
    expect(row(page, "empty.md")).to_contain_text("it contains no text", timeout=60_000)
    expect(row(page, "empty.md")).to_contain_text("failed")
    picture(page, "documents-failed")

    (studio.folder / "documents" / "empty.md").write_text("# Not empty any more\n\nIt says this.\n")
    page.get_by_role("button", name="Retry empty.md").click()
    expect(row(page, "Not empty any more")).to_contain_text("indexed", timeout=60_000)


def test_a_name_that_is_a_script_stays_a_name(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/documents"))
    page.locator("input[data-kind=files]").set_input_files(
        file(INJECTION, "# <script>document.title='broken'</script>\n\n<b>Text</b> as it stands.\n")
    )
    expect(row(page, "<img src=x")).to_contain_text("indexed", timeout=60_000)
    row(page, "<img src=x").get_by_role("link").click()
    expect(page.get_by_role("heading", name="<script>document.title='broken'</script>")).to_be_visible()
    expect(page.get_by_text("<b>Text</b> as it stands.")).to_be_visible()
    for part in ("Chunks", "Metadata", "Versions", "Text"):
        page.get_by_role("link", name=part, exact=True).click()
        expect(page.get_by_role("link", name=part, exact=True)).to_have_attribute("aria-current", "page")
    expect(page).not_to_have_title("broken")
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1 document deleted.")).to_be_visible()
    expect(page).not_to_have_title("broken")


def test_a_sync_says_what_it_will_change(studio: Studio, page: Page) -> None:
    """Nobody should lose a document by a click on Sync without having seen its name."""
    folder = studio.folder / "documents"
    (folder / "leave.md").write_text("# Leave\n\nEvery employee has 30 days of leave a year.\n")
    (folder / "travel.md").unlink()
    (folder / "pets.md").write_text("# Pets\n\nDogs may come on Fridays.\n")
    page.goto(studio.at("/documents"))
    expect(row(page, "leave.md")).to_contain_text("changed on disk")
    expect(row(page, "travel.md")).to_contain_text("removed on disk")
    expect(row(page, "pets.md")).to_contain_text("waiting")
    assert violations(page) == []
    picture(page, "documents")
    page.get_by_role("button", name="removed on disk 1").click()
    expect(page.locator(".doc-row", has_text="leave.md")).to_have_count(0)

    page.get_by_role("button", name="Sync").click()

    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Will be removed with earlier versions (file deleted) (1)")
    expect(dialog).to_contain_text("pets.md")
    picture(page, "documents-sync")
    dialog.get_by_role("button", name="Sync now").click()
    expect(page.get_by_text("1 new, 1 changed, 1 removed.")).to_be_visible(timeout=60_000)
    expect(row(page, "pets.md")).to_contain_text("indexed")
    expect(row(page, "travel.md")).to_have_count(0)


def test_a_document_is_edited_and_its_versions_compared(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/documents"))
    page.get_by_role("link", name="Leave").click()
    expect(page.get_by_text("28 days of leave")).to_be_visible()
    assert violations(page) == []
    picture(page, "document")
    page.get_by_role("link", name="Chunks").click()
    expect(page.get_by_text("Chunk 1")).to_be_visible()
    assert violations(page) == []
    picture(page, "document-chunks")

    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Text of the file").fill("# Leave\n\nEvery employee has 30 days of leave a year.\n")
    assert violations(page) == []
    page.get_by_role("button", name="Save and index").click()

    expect(page.get_by_text("30 days of leave")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Versions").click()
    expect(page.locator(".doc-old")).to_contain_text("28 days")
    expect(page.locator(".doc-new")).to_contain_text("30 days")
    assert violations(page) == []
    picture(page, "document-versions")
    page.get_by_role("button", name="View: version 1").click()
    expect(page.get_by_role("dialog")).to_contain_text("28 days")


def test_an_earlier_version_is_restored_once_the_difference_was_seen(studio: Studio, page: Page) -> None:
    (studio.folder / "documents" / "leave.md").write_text("# Leave\n\nEvery employee has 3 days of leave.\n")
    page.goto(studio.at("/documents/view?document=leave.md"))
    page.get_by_role("button", name="Index now").click()
    expect(page.get_by_text("3 days of leave")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Versions").click()
    page.get_by_role("button", name="Restore: version 1").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".doc-new")).to_contain_text("28 days")
    expect(dialog.locator(".doc-old")).to_contain_text("3 days")
    assert violations(page) == []
    picture(page, "document-restore")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Restore: version 1").click()

    page.get_by_role("dialog").get_by_role("button", name="Restore version 1").click()

    expect(page.locator("#main").get_by_text("28 days of leave")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("Version 3", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Restore: version 2")).to_be_visible()
    dark(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    picture(page, "document-versions-phone")


def test_an_edit_overtaken_by_another_says_so_and_keeps_the_text(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/documents/view?document=leave.md&part=edit"))
    field = page.get_by_label("Text of the file")
    field.fill("# Leave\n\nMine: 30 days.\n")
    (studio.folder / "documents" / "leave.md").write_text("# Leave\n\nTheirs: 31 days.\n")

    page.get_by_role("button", name="Save and index").click()

    expect(page.get_by_text("was changed in the meantime")).to_be_visible()
    expect(field).to_have_value("# Leave\n\nMine: 30 days.\n")
    assert "Theirs" in (studio.folder / "documents" / "leave.md").read_text()


def test_what_is_written_on_a_document_is_kept(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/documents/view?document=leave.md&part=about"))
    page.get_by_label("Name").fill("team")
    page.get_by_label("Value").fill("<b>people</b>")
    page.get_by_role("button", name="Add another").click()
    page.get_by_label("Name").nth(1).fill("level")
    page.get_by_label("Value").nth(1).fill("high")
    page.get_by_label("Type").nth(1).click()
    page.get_by_role("option", name="number").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("'high' is not a valid number.")).to_be_visible()
    page.get_by_label("Value").nth(1).fill("2")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You can filter by it now")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Value").first).to_have_value("<b>people</b>")
    expect(page.get_by_label("Value").nth(1)).to_have_value("2")
    assert violations(page) == []
    picture(page, "document-about")


def test_many_are_chosen_and_deleted_at_once(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/documents"))
    page.get_by_label("Select all 2").check()
    expect(page.get_by_text("2 selected")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("chunks, versions and custom metadata")
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("No documents yet")).to_be_visible()
    assert not list((studio.folder / "documents").glob("*.md"))
    expect(page.get_by_text("2 documents deleted.")).to_have_count(0)
    assert violations(page) == []
    picture(page, "documents-empty")


def test_an_index_of_other_chunks_is_built_anew_by_a_button(
    studio: Studio, page: Page, studios: Callable[..., Studio]
) -> None:
    studio.process.terminate()
    studio.process.communicate(timeout=20)
    settings = studio.folder / "lorewright.toml"
    settings.write_text(settings.read_text() + "[retrieval]\nchunk_tokens = 64\n")
    again = studios(studio.folder)
    page.goto(again.at("/documents"))
    expect(page.get_by_role("alert")).to_contain_text("chunk_tokens")
    assert violations(page) == []
    picture(page, "documents-rebuild")

    page.get_by_role("button", name="Rebuild index").click()

    expect(page.get_by_text("0 new, 0 changed, 0 removed.")).to_be_visible(timeout=60_000)
    page.reload()
    expect(row(page, "leave.md")).to_contain_text("indexed")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_five_thousand_documents_stay_usable(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    pages = {f"note-{number:04}.md": f"# Note {number}\n\nText {number}.\n" for number in range(5000)}
    studio = studios(lay_out(tmp_path / "notes", pages=pages))
    page.goto(studio.at("/documents"))
    expect(page.get_by_text("1-50 of 5,000")).to_be_visible()
    page.get_by_label("Search documents").fill("note-4321")
    expect(row(page, "note-4321.md")).to_be_visible()
    expect(page.get_by_text("1-1 of 1")).to_be_visible()


def test_groups_decide_who_reads(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    """The domain's documents are a collection like any other: its groups see it, others see nothing."""
    folder = lay_out(tmp_path / "handbook")
    lorewright(folder, "add", "--sync")
    studio = studios(folder, "--keys")
    begin(studio, page)
    page.goto(studio.at("/documents"))
    page.get_by_role("button", name="Access").click()
    box = page.get_by_role("checkbox", name="Everyone who can log in")
    expect(box).to_be_checked()
    assert violations(page) == []
    box.click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Access").click()
    expect(page.get_by_role("checkbox", name="Everyone who can log in")).not_to_be_checked()
    picture(page, "documents-access")


def test_collections_of_the_api_show_their_files(studio: Studio, page: Page) -> None:
    import openai

    with openai.OpenAI(base_url=f"{studio.url}/v1", api_key="none") as client:
        given = client.files.create(file=("pool.md", b"# Pool\n\nOpens at nine.\n"), purpose="assistants")
        client.vector_stores.create(name='Pool "rules"', file_ids=[given.id])
    page.goto(studio.at("/documents"))
    page.get_by_role("link", name="Collections").click()
    expect(page.get_by_text('Pool "rules"')).to_be_visible()
    assert violations(page) == []
    picture(page, "documents-collections")
    page.get_by_role("button", name='Files of Pool "rules"').click()
    expect(page.get_by_role("dialog")).to_contain_text("pool.md")


def test_a_collection_is_made_and_filled_here(studio: Studio, page: Page) -> None:
    """Files that only some questions are about need no program to bring them in."""
    page.goto(studio.at("/documents?part=collections"))
    expect(page.get_by_text("No collections yet")).to_be_visible()
    page.get_by_role("button", name="New collection").click()
    page.get_by_label("Name", exact=True).fill("Pool <rules>")
    page.get_by_role("button", name="Create").click()
    dialog = page.get_by_role("dialog", name="Add files to Pool <rules>")
    expect(dialog).to_be_visible()
    assert violations(page) == []

    dialog.locator("input[type=file]").set_input_files(file_of("pool.md", b"# Pool\n\nOpens at nine.\n"))

    expect(dialog.get_by_text("1 file is being indexed.")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(page.get_by_role("cell", name="1 file", exact=True)).to_be_visible()


def test_a_document_is_restricted_from_its_own_page(studio: Studio, page: Page) -> None:
    """Whoever sees that a document is not for all closes it where they stand."""
    page.goto(studio.at("/documents/view?document=leave.md"))
    page.get_by_role("button", name="Access").click()
    dialog = page.get_by_role("dialog", name="Restricted documents")
    expect(dialog.get_by_label("Folder or document")).to_have_value("leave.md")

    dialog.get_by_role("button", name="Restrict").click()

    expect(dialog.get_by_role("row", name="leave.md 1 Administrators")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", "1-2 of 2"),
        ("/view?document=leave.md", "28 days of leave"),
        ("/view?document=no", "Document not found"),
    ],
)
def test_the_pages_are_readable_dark_and_on_a_phone(
    studio: Studio, page: Page, path: str, shown: str
) -> None:
    path = f"/documents{path}"
    name = re.sub(r"\W+", "-", path).strip("-")
    dark(page)
    page.goto(studio.at(path))
    expect(page.get_by_text(shown)).to_be_visible()
    assert violations(page) == []
    picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 800})
    assert violations(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    picture(page, f"{name}-phone")
