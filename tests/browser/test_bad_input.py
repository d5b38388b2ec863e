"""What goes wrong while somebody works: too much at once, work that fails, sessions that end."""

import http.client
import json
import os
import signal
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from tests.fixtures.studio import Studio, begin, lay_out, lorewright, picture, violations

GIGABYTE = 1024**3
PIECE = b"\0" * (1 << 20)
PASSWORD = "correct horse battery"


def memory_mb(studio: Studio, what: str = "VmRSS") -> float:
    """Return how much memory the server holds, or held at most (`VmHWM`)."""
    lines = Path(f"/proc/{studio.process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(what)).split()[1]) / 1024


def sparse(path: Path) -> Path:
    """Return a file of two gigabytes that takes no room."""
    with path.open("wb") as file:
        file.truncate(2 * GIGABYTE)
    return path


def send_two_gigabytes(studio: Studio, path: str, content_type: str) -> int:
    """Return the status; the server may hang up before it has all."""
    parts = urlsplit(studio.url)
    with closing(http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)) as line:
        line.putrequest("PUT" if "documents" in path else "POST", path)
        line.putheader("transfer-encoding", "chunked")  # no length is said beforehand
        line.putheader("content-type", content_type)
        line.endheaders()
        with suppress(OSError):  # the server hung up: its answer may still be there
            for _ in range(2 * 1024):
                line.send(b"%x\r\n%b\r\n" % (len(PIECE), PIECE))
            line.send(b"0\r\n\r\n")
        with suppress(OSError, http.client.HTTPException), closing(line.getresponse()) as told:
            return told.status
    return 413


def test_two_gigabytes_take_no_memory_of_the_server(studio: Studio, page: Page) -> None:
    """Neither the open way nor the studio's own may be filled by a stream without an end."""
    page.goto(studio.at("/documents"))
    expect(page.get_by_text("1-2 of 2")).to_be_visible()
    before = memory_mb(studio)
    document = "/lorewright/v1/documents?document=film.txt"
    assert send_two_gigabytes(studio, document, "application/octet-stream") == 413
    form = "multipart/form-data; boundary=x"
    assert send_two_gigabytes(studio, "/studio/_uploads/none/1", form) in (404, 413)
    assert memory_mb(studio, "VmHWM") - before < 100
    assert not list((studio.folder / "documents").glob("**/*film*"))
    assert not list((studio.folder / "documents").glob("**/.*"))
    page.reload()
    expect(page.get_by_text("1-2 of 2")).to_be_visible()


def test_a_table_of_two_gigabytes_is_refused_in_words(studio: Studio, page: Page, tmp_path: Path) -> None:
    page.goto(studio.at("/data/import"))
    page.wait_for_function("window.socket?.connected")
    page.locator("input[type=file]").set_input_files(sparse(tmp_path / "rows.jsonl"))
    expect(page.get_by_text("At most 512 MB").first).to_be_visible()
    expect(page.get_by_text("Split it into smaller files.")).to_be_visible()
    picture(page, "data-too-large")


def test_reading_that_is_killed_while_its_page_is_open_is_told(studio: Studio, page: Page) -> None:
    """A worker that dies is not the end of the work; the page says how it goes on."""
    page.goto(studio.at("/documents"))
    expect(page.get_by_text("1-2 of 2")).to_be_visible()
    (studio.folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing else")
    page.get_by_role("button", name="Sync").click()
    page.get_by_role("dialog").get_by_role("button", name="Sync now").click()
    for worker in Path(f"/proc/{studio.process.pid}/task/{studio.process.pid}/children").read_text().split():
        with suppress(ProcessLookupError):
            os.kill(int(worker), signal.SIGKILL)
    broken = page.locator(".doc-row", has_text="broken.pdf")
    expect(broken).to_contain_text("failed", timeout=90_000)
    expect(broken).to_contain_text("cannot be read")
    expect(page.get_by_role("button", name="Retry broken.pdf")).to_be_visible()
    assert violations(page) == []


def log_in_again(page: Page) -> None:
    """Log in on the page that is open."""
    expect(page.get_by_text("Your session expired.")).to_be_visible()
    again = page.get_by_role("dialog").filter(has_text="Your session expired.")
    again.get_by_label("Name", exact=True).fill("Ada")
    again.get_by_label("Password", exact=True).fill(PASSWORD)
    again.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("You are logged in again.")).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_an_edit_loses_no_word(
    tmp_path: Path, studios: Callable[..., Studio], page: Page
) -> None:
    """Of a document, and of an example in its dialog: what was typed is there, and saved afterwards."""
    folder = lay_out(tmp_path / "handbook")
    (folder / "examples").mkdir()
    example = {"question": "How long is the leave?", "answer": "28 days."}
    (folder / "examples" / "a.jsonl").write_text(json.dumps(example) + "\n")
    lorewright(folder, "add", "--sync")
    studio = studios(folder, "--keys")
    begin(studio, page)
    page.goto(studio.at("/documents/view?document=leave.md&part=edit"))
    text = page.get_by_label("Text of the file")
    text.fill("# Leave\n\nEvery employee has 31 days of leave a year.\n")
    page.evaluate("lorewright.post('/lorewright/v1/logout', {})")
    page.get_by_role("button", name="Save and index").click()
    expect(page.get_by_text("Your session expired.")).to_be_visible()
    picture(page, "session-over")
    log_in_again(page)
    expect(text).to_have_value("# Leave\n\nEvery employee has 31 days of leave a year.\n")
    page.get_by_role("button", name="Save and index").click()
    expect(page.get_by_text("31 days of leave")).to_be_visible(timeout=60_000)

    page.goto(studio.at("/data"))
    page.get_by_role("button", name="Edit row 1").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Answer", exact=True).fill("31 days.")
    page.evaluate("lorewright.post('/lorewright/v1/logout', {})")
    dialog.get_by_role("button", name="Save").click()
    log_in_again(page)
    expect(page.get_by_label("Answer", exact=True)).to_have_value("31 days.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.").first).to_be_visible()
    assert "31 days." in (folder / "examples" / "a.jsonl").read_text()
