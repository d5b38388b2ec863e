"""Every table is taken along as CSV, every chart as a picture."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, lay_out, lorewright

Row = list[str]


def downloaded(page: Page, name: str) -> list[Row]:
    """Return the rows of the table of this name, as its button saves them."""
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"Download as CSV: {name}", exact=True).click()
    path = saved.value.path()
    return list(csv.reader(io.StringIO(Path(path).read_text(encoding="utf-8"), newline="")))


def test_documents_and_jobs_are_saved_with_what_their_badges_say(studio: Studio, page: Page) -> None:
    """A cell that shows a badge or a link has its words in the file, and no word of a button."""
    page.goto(studio.at("/documents"))
    heads, *rows = downloaded(page, "documents")
    assert heads[:3] == ["Document", "Title", "State"]
    assert [row[:3] for row in rows] == [
        ["leave.md", "Leave", "indexed"],
        ["travel.md", "Travel", "indexed"],
    ]

    (studio.folder / "documents" / "pay.md").write_text("# Pay\n\nPaid on the last Friday.\n")
    lorewright(studio.folder, "add", "--sync")
    page.goto(studio.at("/jobs"))
    expect(page.get_by_role("row")).to_have_count(3)
    _, *rows = downloaded(page, "finished-jobs")
    assert [row[:2] for row in rows] == [["Adding documents", "done"]] * 2


def test_a_name_that_a_spreadsheet_would_run_is_harmless_in_every_table(
    studios: Callable[..., Studio], tmp_path: Path, page: Page
) -> None:
    """Whoever may upload a file names it: the one who opens the list must not run that."""
    folder = lay_out(tmp_path / "handbook", {"=1+1.md": "# A\n\nText.\n"})
    lorewright(folder, "add", "--sync")
    page.goto(studios(folder).at("/documents"))

    assert downloaded(page, "documents")[1][0] == "'=1+1.md"
