"""Data: examples with their findings, changed, imported and brought back."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect
from tests.fixtures.studio import Studio, lay_out, looks_right, lorewright, picture, violations

BAD = '<img src=x onerror="document.title=1">'
ROWS: list[dict[str, Any]] = [
    {
        "question": "How long is the leave?",
        "answer": "28 days a year.",
        "document_ids": ["leave.md"],
        "tag": 7,
    },
    {"question": "How long is the leave", "answer": "28 days, a year"},
    {"question": "How do we travel?", "answer": "By train."},
    {"question": "how do we travel", "answer": "By car, if nobody looks."},
    {"question": "What may a hotel cost?", "answer": "120 euros a night."},
    {"question": f"Who is {BAD}?", "answer": f"Ask ada@example.org {BAD}", "document_ids": ["gone.md"]},
    {"question": "What is the key?", "answer": "The password: hunter2hunter2"},
]
LIGHT_AND_DARK = (False, True)


@pytest.fixture
def data(tmp_path: Path, studios: Callable[..., Studio]) -> Studio:
    """A studio over a domain with examples that have something of everything."""
    folder = lay_out(tmp_path / "handbook")
    (folder / "examples").mkdir()
    (folder / "questions").mkdir()
    text = "\n".join([*(json.dumps(row) for row in ROWS), '{"question": "Broken?"', ""])
    (folder / "examples" / "handbook.jsonl").write_text(text)
    asked = {"question": "what may a hotel cost", "answers": ["120 euros"]}
    (folder / "questions" / "held-out.jsonl").write_text(json.dumps(asked) + "\n")
    lorewright(folder, "add", "--sync")
    return studios(folder)


def test_findings_are_filters(data: Studio, page: Page) -> None:
    page.goto(data.at("/data"))
    expect(page.get_by_text("1–8 of 8")).to_be_visible()  # noqa: RUF001
    for name in ("Conflicting answers 2", "Near-duplicate 1", "Also held out 1", "Unknown document 1",
                 "Looks like a secret 1", "E-mail address 1", "Unreadable or empty 1"):  # fmt: skip
        expect(page.get_by_role("button", name=name)).to_be_visible()
    expect(page.get_by_text("Fix or delete it before tuning")).to_be_visible()
    looks_right(page, "data")
    page.get_by_role("button", name="Conflicting answers").click()
    expect(page.get_by_text("1–2 of 2")).to_be_visible()  # noqa: RUF001
    expect(page.get_by_text("By car, if nobody looks.")).to_be_visible()
    page.get_by_role("button", name="All rows").click()
    page.get_by_label("Search").fill("hotel")
    expect(page.get_by_text("1–1 of 1")).to_be_visible()  # noqa: RUF001
    assert page.title() != "1"


def test_a_row_is_changed_and_keeps_its_other_fields(data: Studio, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(data.at("/data"))
    page.get_by_role("button", name="Edit row 1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Answer", exact=True).fill("30 days a year.")
    assert violations(page) == []
    picture(page, "data-row")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("30 days a year.")).to_be_visible()
    written = (data.folder / "examples" / "handbook.jsonl").read_text().splitlines()
    assert json.loads(written[0]) == {**ROWS[0], "answer": "30 days a year."}
    assert json.loads(written[5]) == ROWS[5]


def test_a_broken_row_is_mended_as_text(data: Studio, page: Page) -> None:
    page.goto(data.at("/data"))
    page.get_by_role("button", name="Unreadable or empty").click()
    expect(page.get_by_text("1–1 of 1")).to_be_visible()  # noqa: RUF001
    page.get_by_role("button", name="Edit row 1").click()
    dialog = page.get_by_role("dialog")
    text = dialog.get_by_label("Raw text of the row")
    expect(text).to_have_value('{"question": "Broken?"')
    text.fill('{"question": "Mended?"}}')
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not valid JSON")).to_be_visible()
    text.fill('{"question": "Mended?", "answer": "Yes."}')
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Unreadable or empty 0")).to_be_visible()
    page.get_by_role("button", name="All rows").click()
    expect(page.get_by_text("Mended?")).to_be_visible()
    expect(page.get_by_text("before tuning")).not_to_be_visible()


def test_a_held_out_question_is_edited_in_all_its_fields(data: Studio, page: Page) -> None:
    """A fact has changed: the answer, what it was before, and the page it stands on."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(data.at("/data/questions"))
    page.get_by_role("button", name="Edit row 1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Question", exact=True).fill(f"What may a room cost? {BAD}")
    dialog.get_by_label("Answer 1", exact=True).fill("140 euros")
    dialog.get_by_role("button", name="Add another: Answer").click()
    dialog.get_by_label("Answer 2", exact=True).fill("140")
    dialog.get_by_role("button", name="Add another: Outdated answer").click()
    dialog.get_by_label("Outdated answer 1", exact=True).fill("120 euros")
    dialog.get_by_label("Documents with the answer").fill("travel.md")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
        assert violations(page) == []
        picture(page, f"data-question-{scheme}")

    dialog.get_by_role("button", name="Save").click()

    expect(page.get_by_text("What may a room cost?")).to_be_visible()
    assert json.loads((data.folder / "questions" / "held-out.jsonl").read_text()) == {
        "question": f"What may a room cost? {BAD}",
        "answers": ["140 euros", "140"],
        "stale_targets": ["120 euros"],
        "document_ids": ["travel.md"],
    }
    assert page.title() != "1"


def test_rows_are_deleted_and_brought_back(data: Studio, page: Page) -> None:
    path = data.folder / "examples" / "handbook.jsonl"
    before = path.read_text()
    page.goto(data.at("/data"))
    page.get_by_label("Select row 8").click()
    page.get_by_label("Select row 4").click()
    page.get_by_role("button", name="Delete 2 selected rows").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("1–6 of 6")).to_be_visible()  # noqa: RUF001
    page.get_by_role("link", name="Versions").click()
    expect(page.get_by_text("Deleted 2 rows")).to_be_visible()
    looks_right(page, "data-versions")
    page.get_by_role("link", name="What changed").click()
    expect(page.get_by_text("By car, if nobody looks.")).to_be_visible()
    expect(page.get_by_text("2 removed")).to_be_visible()
    looks_right(page, "data-difference")
    page.get_by_role("link", name="All versions").click()
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("Restored version")).to_be_visible()
    assert path.read_text() == before


def test_a_file_is_imported_with_its_columns_named(data: Studio, page: Page) -> None:
    page.goto(data.at("/data"))
    page.get_by_role("link", name="Import a file").click()
    table = f"first;second;quelle\nWhen is lunch?;At noon.;{BAD}\nHow do we travel?;By train.;b\nEmpty?;;c\n"
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": f"{BAD}.csv", "mimeType": "text/csv", "buffer": table.encode()})
    expect(page.get_by_text("could not be mapped by name")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    page.get_by_label("Question", exact=True).click()
    page.get_by_role("option", name="first", exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    page.get_by_label("Answer", exact=True).click()
    page.get_by_role("option", name="second").click()
    expect(page.get_by_text("2 rows will be imported")).to_be_visible()
    expect(page.get_by_text("1 duplicate")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^4 .*is empty"))).to_be_visible()
    looks_right(page, "data-import")
    page.get_by_role("button", name="Import 2 rows").click()
    expect(page).to_have_url(data.at("/data"))
    expect(page.get_by_text("When is lunch?")).to_be_visible()
    (made,) = [path for path in (data.folder / "examples").iterdir() if path.name != "handbook.jsonl"]
    assert json.loads(made.read_text().splitlines()[0])["meta"] == {"quelle": BAD}
    assert page.title() != "1"


def test_a_file_that_holds_nothing_is_refused(data: Studio, page: Page) -> None:
    page.goto(data.at("/data/import"))
    nothing: FilePayload = {"name": "x.jsonl", "mimeType": "text/plain", "buffer": b"no json\n"}
    page.locator("input[type=file]").set_input_files([nothing])
    expect(page.get_by_text("contains no readable row")).to_be_visible()


def test_an_empty_domain_says_what_to_do(studio: Studio, page: Page) -> None:
    page.goto(studio.at("/data"))
    expect(page.get_by_text("No examples yet")).to_be_visible()
    looks_right(page, "data-empty")
    page.get_by_role("link", name="From chats").click()
    expect(page.get_by_text("No feedback yet")).to_be_visible()
    page.get_by_role("link", name="Held-out questions").click()
    expect(page.get_by_text("No held-out questions yet")).to_be_visible()


def test_five_thousand_rows_stay_usable(tmp_path: Path, studios: Callable[..., Studio], page: Page) -> None:
    folder = lay_out(tmp_path / "big")
    (folder / "examples").mkdir()
    rows = (json.dumps({"question": f"What is thing {n}?", "answer": f"Thing {n}."}) for n in range(5000))
    (folder / "examples" / "big.jsonl").write_text("\n".join(rows))
    studio = studios(folder)
    page.goto(studio.at("/data"))
    expect(page.get_by_text("1–50 of 5,000").first).to_be_visible()  # noqa: RUF001
    page.get_by_label("Search").fill("thing 4321")
    expect(page.get_by_text("Thing 4321.")).to_be_visible(timeout=3000)
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="Next page").first.click()
    expect(page.get_by_text("51–100 of 5,000").first).to_be_visible(timeout=3000)  # noqa: RUF001
    page.get_by_role("button", name="Edit row 51").click()
    page.get_by_role("dialog").get_by_label("Answer", exact=True).fill("Another.")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Another.")).to_be_visible()


def complain(studio: Studio, page: Page, asked: str, **opinion: str) -> None:
    """Ask over the API, and give feedback on the answer as a chat does."""
    body = {"model": "base", "messages": [{"role": "user", "content": asked}]}
    answer = page.request.post(f"{studio.url}/v1/chat/completions", data=body)
    assert answer.ok, answer.text()
    given = page.request.post(
        f"{studio.url}/lorewright/v1/feedback", data={"answer": answer.json()["id"], **opinion}
    )
    assert given.ok, given.text()


def test_feedback_is_seen_through_by_keyboard(studio: Studio, page: Page) -> None:
    complain(studio, page, "When is lunch?", thumb="down")
    complain(studio, page, f"Where is {BAD}?", thumb="up")
    complain(studio, page, "Who cooks?", thumb="down")
    page.goto(studio.at("/data/feedback"))
    expect(page.get_by_text("3 shown")).to_be_visible()
    looks_right(page, "data-feedback")
    current = page.locator("[aria-current=true]")
    expect(current).to_contain_text("Who cooks?")
    page.keyboard.press("j")
    expect(current).to_contain_text("Where is")
    page.keyboard.press("a")
    expect(page.get_by_text(re.compile("Added to the (examples|held-out questions)"))).to_be_visible()
    expect(page.get_by_text("2 shown")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("r")
    expect(page.get_by_text("1 shown")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_role("textbox", name="Correct answer").fill("At noon.")
    page.get_by_role("button", name="Save and accept").click()
    expect(page.get_by_text("All feedback reviewed.")).to_be_visible()
    rows = [
        json.loads(line)
        for side in ("examples", "questions")
        for path in (studio.folder / side).glob("feedback.jsonl")
        for line in path.read_text().splitlines()
    ]
    assert len(rows) == 2
    assert "At noon." in json.dumps(rows)
