"""Files in a chat: dropped, read, asked about; cited pages of PDFs as they were printed."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from tests.fixtures.office import Office
from tests.fixtures.studio import SETTINGS, Studio, file_of, lay_out, lorewright, picture, violations
from tests.fixtures.studio_chat import answered, ask, checked

PARKING = b"# Parking\n\nThe garage closes at 22:30 every evening.\n"
DROP = """([place, name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name, {type: "text/markdown"}));
    const target = document.querySelector(place);
    for (const type of ["dragenter", "dragover", "drop"])
        target.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


def test_a_dropped_file_is_asked_about_at_once(studio: Studio, page: Page) -> None:
    """The answer waits until it is read, and finds it besides the documents."""
    page.goto(studio.at("/chat"))
    expect(page.get_by_label("Your question", exact=True)).to_be_visible()
    expect(page.locator("[data-takes]")).to_be_attached()  # from then on files may be dropped
    page.evaluate(DROP, [".chat-scroll", "parking.md", PARKING.decode()])
    files = page.get_by_role("group", name="Files in this chat")
    expect(files).to_contain_text("parking.md")

    ask(page, "The garage closes at what time every evening?")

    turn = page.get_by_role("article")
    expect(turn).to_contain_text("22:30", timeout=60_000)
    expect(files).not_to_contain_text("processing")
    turn.get_by_role("group", name="Sources").get_by_role("button").first.click()
    side = page.get_by_role("complementary", name="Sources")
    expect(side).to_contain_text("parking.md")
    expect(side.locator("mark")).to_contain_text("22:30")
    checked(page, "chat-file")
    files.get_by_role("button", name="Remove parking.md").click()
    expect(page.get_by_text("parking.md", exact=True)).to_have_count(0)


def test_a_file_that_cannot_be_read_says_why(studio: Studio, page: Page) -> None:
    """Its name is shown as it is, whatever it holds."""
    page.goto(studio.at("/chat"))
    page.locator("input[type=file]").set_input_files(
        file_of("<b>broken<b>.pdf", b"%PDF-1.7 nothing", "application/pdf")
    )

    files = page.get_by_role("group", name="Files in this chat")
    expect(files).to_contain_text("damaged or not a PDF", timeout=60_000)
    expect(files).to_contain_text("<b>broken<b>.pdf")
    assert violations(page) == []
    picture(page, "chat-file-failed")


def test_a_pdf_opens_at_its_page_with_the_passage_marked(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """People look for what they have printed."""
    settings = f'{SETTINGS}[retrieval]\ngrounding = "flag"\n'
    folder = lay_out(tmp_path / "handbook", {}, settings)
    filler = [
        [f"Chapter {n}"] + [f"Something else stands in line {line}." for line in range(30)] for n in (1, 2)
    ]
    Office(folder / "documents").pdf(
        "rules.pdf", [*filler, ["Holidays", "Every employee has 28 days of holidays in a year."]]
    )
    lorewright(folder, "add", "--sync")
    studio = studios(folder)
    page.goto(studio.at("/chat"))
    ask(page, "Every employee has how many days of holidays in a year?")
    turn = answered(page, "28 days of holidays in a year")

    source = turn.get_by_role("group", name="Sources").get_by_role("button").first
    expect(source).to_contain_text("p. 3")
    source.click()

    side = page.get_by_role("complementary", name="Sources")
    expect(side.get_by_role("img", name="Page 3 of rules.pdf")).to_be_visible()
    expect(side).to_contain_text("Page 3 of 3")
    expect(side.locator(".lw-box").first).to_be_visible()
    checked(page, "chat-page")
    side.get_by_role("button", name="Previous page").click()
    expect(side.get_by_role("img", name="Page 2 of rules.pdf")).to_be_visible()
    expect(side.locator(".lw-box")).to_have_count(0)
    side.get_by_role("tab", name="Text").click()
    expect(side.locator("mark").first).to_contain_text("28 days")
    assert violations(page) == []
